// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

/**
 * How an instruction treats undefined bits.
 *
 * @param operation of {@link muninn.runtime.definedness.Operation}
 * @param size bytes of the operation or of an element; 0: that of the instruction
 * @param parameter as the operation has it; for templates, bit i: source i steers
 */
record Rule(int operation, int size, int parameter) {}
