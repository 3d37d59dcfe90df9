// SPDX-License-Identifier: MIT
/**
 * System Java: the restricted Java in which everything is written that runs inside the client. {@code sysjavac}
 * compiles it to native code; HotSpot runs the same class files for tests.
 *
 * <p>Allowed: static methods over {@code boolean}, {@code byte}, {@code short}, {@code char}, {@code int} and
 * {@code long}; static fields of these types (process-private globals, starting at zero or at a constant); constant
 * {@code static final} tables of {@code byte[]}, {@code short[]}, {@code char[]}, {@code int[]} or {@code long[]} with a literal
 * initialiser, read by index without a bounds check; {@code if}, loops, {@code switch}; the intrinsics of
 * {@link muninn.sysjava.Ptr} and {@link muninn.sysjava.Kernel}; and from the JDK {@code bitCount},
 * {@code numberOfTrailingZeros}, {@code numberOfLeadingZeros}, {@code reverseBytes}, {@code rotateLeft}, {@code rotateRight},
 * {@code compare}, {@code compareUnsigned}, {@code divideUnsigned}, {@code remainderUnsigned} and {@code toUnsignedLong}
 * of Integer and Long as far as they exist, {@code Byte.toUnsignedInt}, {@code Short.toUnsignedInt}, and {@code min}, {@code max}, {@code abs} of
 * Math, {@code Math.multiplyHigh}, {@code Math.unsignedMultiplyHigh}.
 *
 * <p>Refused: objects, strings, exceptions, virtual calls, lambdas, floating point, other class initialisers, and
 * recursion without {@link muninn.sysjava.Bounded}.
 *
 * <p>Arithmetic is Java's, wraparound and shift counts included, with one difference: a division by zero ends the process
 * by a trap instead of an exception, and a table index out of bounds is undefined.
 */
package muninn.sysjava;
