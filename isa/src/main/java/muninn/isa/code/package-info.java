// SPDX-License-Identifier: MIT
/**
 * The assembler: {@link muninn.isa.code.Asm} turns calls into x86-64 machine code with labels. What comes in: register
 * numbers, sizes, constants; what goes out: bytes. Operands are checked only as far as a wrong one would silently
 * encode something else. {@code AsmTest} compares each form with the text of objdump.
 */
package muninn.isa.code;
