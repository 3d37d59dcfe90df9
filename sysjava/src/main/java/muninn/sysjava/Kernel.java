// SPDX-License-Identifier: MIT
package muninn.sysjava;

/**
 * The kernel, called directly: numbers are those of x86-64, unused arguments are 0, and a result of -4095 to -1 is a
 * negated errno. In the client this is one {@code syscall} instruction.
 */
@SystemCode("the language itself")
public final class Kernel {
    private Kernel() {}

    public static long call(long number, long a1, long a2, long a3, long a4, long a5, long a6) {
        return HostedKernel.call(number, a1, a2, a3, a4, a5, a6);
    }

    public static long call(long number) {
        return call(number, 0, 0, 0, 0, 0, 0);
    }

    public static long call(long number, long a1) {
        return call(number, a1, 0, 0, 0, 0, 0);
    }

    public static long call(long number, long a1, long a2) {
        return call(number, a1, a2, 0, 0, 0, 0);
    }

    public static long call(long number, long a1, long a2, long a3) {
        return call(number, a1, a2, a3, 0, 0, 0);
    }

    public static long call(long number, long a1, long a2, long a3, long a4) {
        return call(number, a1, a2, a3, a4, 0, 0);
    }
}
