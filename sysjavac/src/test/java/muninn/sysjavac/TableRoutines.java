// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import muninn.sysjava.SystemCode;

/** Routines over constant tables. */
@SystemCode("test")
final class TableRoutines {
    static final byte[] NIBBLES = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, -4};
    static final int[] POWERS = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    static final long[] PRIMES = {0x9e3779b97f4a7c15L, -3, 5, 0x7fffffffffffffffL};
    static final short[] SHORTS = {-1, 300, -300, 32767};
    static final char[] CHARS = {'a', 0xffff, 3, 4};

    private TableRoutines() {}

    public static long tables(int i) {
        return NIBBLES[i & 15] + POWERS[i & 7] * 3L + PRIMES[i & 3] * 5 + SHORTS[i & 3] * 7L + CHARS[i & 3] + POWERS.length;
    }
}
