// SPDX-License-Identifier: MIT
/**
 * The compiler of system Java. What comes in: class files and the names of root methods. What goes out: a
 * {@link muninn.sysjavac.SystemImage}, or an exception that names every violation of the language with its path of calls.
 *
 * <p>The way through: {@code Program} (classes, fields, tables, the law), {@code GraphBuilder} (bytecode to SSA form, small callees
 * expanded), {@code Simplifier}, {@code Allocator}, {@code Emitter}. {@code Interpreter} runs the simplified graphs.
 * {@code BaselineCompiler} is a second compiler that shares nothing with this: when the two differ, one of them is wrong.
 *
 * <p>Invariants: an image is position-independent; code touches general registers and flags only and leaves the red zone alone;
 * the upper half of a 32-bit value is undefined. Missing: jump tables, live range splitting, signed division by constants without
 * a division.
 *
 * <p>Tests: {@code ThreeWaysTest} runs one table of routines by HotSpot, interpreter and natively; {@code LawTest} has a class for each
 * violation.
 */
package muninn.sysjavac;
