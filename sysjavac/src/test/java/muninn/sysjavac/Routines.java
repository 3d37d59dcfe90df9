// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import muninn.sysjava.Bounded;
import muninn.sysjava.SystemCode;

/** Routines over numbers only: each public one runs on HotSpot, in the interpreter and natively, with equal results. */
@SystemCode("test")
final class Routines {
    static final int LIMIT = 1000;

    static int counter;
    static long total = 5;
    static boolean flag = true;
    static byte small = -3;
    static short medium;
    static char wide;

    private Routines() {}

    /** Brings the fields of the hosted class back to where a fresh image starts. */
    static void reset() {
        counter = 0;
        total = 5;
        flag = true;
        small = -3;
        medium = 0;
        wide = 0;
    }

    public static int intArithmetic(int a, int b) {
        return (a + b) * 31 - (a ^ b) + (a & b) * 7 - (a | ~b) - -a;
    }

    public static long longArithmetic(long a, long b) {
        return (a + b) * 31 - (a ^ b) + (a & b) * 0x1_0000_0001L - (a | ~b) - -a;
    }

    public static int intDivision(int a, int b) {
        return b == 0 ? 17 : a / b * 3 + a % b;
    }

    public static long longDivision(long a, long b) {
        return b == 0 ? 17 : a / b * 3 + a % b;
    }

    public static long constantDivision(long a, int b) {
        return a / 7 + a % 10 + b / 8 + b % 16 + a / -1 + b / -1 + a / 1024 + b / 3 + b % -5 + a % 1 + b / Integer.MIN_VALUE;
    }

    public static long unsignedDivision(long a, long b) {
        return b == 0 ? 1 : Long.divideUnsigned(a, b) ^ Long.remainderUnsigned(a, b) << 3;
    }

    public static int unsignedIntDivision(int a, int b) {
        return b == 0 ? 1 : Integer.divideUnsigned(a, b) ^ Integer.remainderUnsigned(a, b) << 3;
    }

    public static int intShifts(int a, int n) {
        return (a << n) + (a >> n) * 3 ^ (a >>> n) * 5 + (a << 33) + (a >> -1) - (a >>> 31);
    }

    public static long longShifts(long a, int n) {
        return (a << n) + (a >> n) * 3 ^ (a >>> n) * 5 + (a << 65) + (a >> -1) - (a >>> 63);
    }

    public static long longShiftByLong(long a, long n) {
        return (a << n) ^ (a >>> (n & 63)) + (1L << n);
    }

    public static long conversions(int a, long b) {
        return (byte) a + (short) b * 3L + (char) a * 5L + (int) b * 7L + (long) a + (byte) b;
    }

    public static int narrow(long a) {
        return (byte) (a >>> 3) ^ (short) (a >>> 5) ^ (char) (a >>> 7);
    }

    public static long widenSum(int a, int b) {
        return (long) a * b + (a + b) + (long) (a - b);
    }

    public static int intCompares(int a, int b) {
        int r = 0;
        if (a < b) {
            r |= 1;
        }
        if (a <= b) {
            r |= 2;
        }
        if (a == b) {
            r |= 4;
        }
        if (a > 0 && b >= 0 || a == -1) {
            r |= 8;
        }
        return a > b ? r + 100 : r;
    }

    public static int longCompares(long a, long b) {
        int r = 0;
        if (a < b) {
            r |= 1;
        }
        if (a <= b) {
            r |= 2;
        }
        if (a == b) {
            r |= 4;
        }
        if (a > 0 && b >= 0 || a == -1) {
            r |= 8;
        }
        return a > b ? r + 100 : a != b ? r : -r;
    }

    public static int compareValues(long a, long b, int c, int d) {
        return Long.compare(a, b) * 3 + Integer.compare(c, d) * 5 + Long.compareUnsigned(a, b) * 7
                + Integer.compareUnsigned(c, d) * 11;
    }

    public static int unsignedCompares(long a, long b, int c, int d) {
        int r = Long.compareUnsigned(a, b) < 0 ? 1 : 0;
        r |= Long.compareUnsigned(a, b) >= 0 ? 2 : 0;
        r |= Integer.compareUnsigned(c, d) > 0 ? 4 : 0;
        r |= Integer.compareUnsigned(c, d) <= 0 ? 8 : 0;
        r |= Long.compareUnsigned(a, 100) == 0 ? 16 : 0;
        return r;
    }

    public static long minMax(long a, long b, int c, int d) {
        return Math.min(a, b) * 3 + Math.max(a, b) * 5 + Math.min(c, d) * 7 + Math.max(c, d) * 11;
    }

    public static long bits(long a, int b) {
        return Long.bitCount(a) + Integer.bitCount(b) * 100L + Long.numberOfLeadingZeros(a) * 10_000L
                + Integer.numberOfLeadingZeros(b) * 1_000_000L + Long.numberOfTrailingZeros(a) * 100_000_000L
                + Integer.numberOfTrailingZeros(b) * 10_000_000_000L;
    }

    public static long zeros(long a) {
        return Long.numberOfLeadingZeros(a & 0) * 3L + Long.numberOfTrailingZeros(a & 0) * 5L
                + Integer.numberOfLeadingZeros((int) (a & 0)) * 7L + Integer.numberOfTrailingZeros((int) (a & 0)) * 11L;
    }

    public static long swaps(long a, int b, int n) {
        return Long.reverseBytes(a) ^ Integer.reverseBytes(b) ^ Long.rotateLeft(a, n) ^ Integer.rotateRight(b, n)
                ^ Long.rotateRight(a, 7) ^ Integer.rotateLeft(b, 9);
    }

    public static long absolute(long a, int b) {
        return Math.abs(a) ^ Math.abs(b);
    }

    public static long unsignedWidths(int a) {
        return Integer.toUnsignedLong(a) + Byte.toUnsignedInt((byte) a) * 3L + Short.toUnsignedInt((short) a) * 5L;
    }

    public static long highProducts(long a, long b) {
        return Math.multiplyHigh(a, b) * 3 + Math.unsignedMultiplyHigh(a, b);
    }

    public static int loop(int n) {
        int sum = 0;
        for (int i = 0; i < (n & 1023); i++) {
            if ((i & 3) == 0) {
                continue;
            }
            if (i == 900) {
                break;
            }
            sum += i * i;
        }
        return sum;
    }

    public static long nested(int n, int m) {
        long sum = 0;
        int i = 0;
        do {
            for (int j = m & 15; j > 0; j--) {
                sum += (long) i * j;
                sum ^= sum << 7;
            }
            i++;
        } while (i < (n & 31));
        return sum;
    }

    public static long swapLoop(long a, long b, int n) {
        // The classic swap problem of phi elimination.
        for (int i = 0; i < (n & 7); i++) {
            long t = a;
            a = b;
            b = t;
        }
        return a * 3 + b;
    }

    public static int rotateThree(int a, int b, int c, int n) {
        while ((n & 15) != 0) {
            int t = a;
            a = b;
            b = c;
            c = t + 1;
            n--;
        }
        return a + b * 3 + c * 5;
    }

    public static long lostCopy(long n) {
        long x = 1;
        long y;
        int i = (int) (n & 15);
        do {
            y = x;
            x = x * 3 + 1;
            i--;
        } while (i > 0);
        return y;
    }

    public static int denseSwitch(int a) {
        return switch (a & 15) {
            case 0 -> 5;
            case 1, 2 -> 77;
            case 3 -> a;
            case 4 -> a * 2;
            case 5 -> -1;
            case 6 -> a ^ 5;
            case 7 -> 1234567;
            case 9 -> LIMIT;
            default -> 99;
        };
    }

    public static long sparseSwitch(int a) {
        long r = 3;
        switch (a % 5000) {
            case -4000:
                r = 1;
                break;
            case 0:
                r = 2;
            case 17:
                r += 30;
                break;
            case 4999:
                return 8;
            case 1000000:
                return 9;
            default:
                r--;
        }
        return r;
    }

    public static long collatz(int n) {
        long x = (n & 0xffff) + 1;
        int steps = 0;
        while (x != 1) {
            x = (x & 1) == 0 ? x >> 1 : 3 * x + 1;
            steps++;
        }
        return steps;
    }

    public static long manyArguments(long a, int b, long c, int d, long e, int f, long g, int h, long i) {
        return a + b * 3L + c * 5 + d * 7L + e * 11 + f * 13L + g * 17 + h * 19L + i * 23;
    }

    public static long callsMany(long a, int b) {
        return manyArguments(a, b, a + 1, b + 1, a ^ b, b * 3, a - b, -b, a * a) - manyArguments(b, 1, 2, 3, 4, 5, 6, 7, a);
    }

    public static int fibonacci(int n) {
        return fib(n & 15);
    }

    @Bounded("argument shrinks")
    private static int fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    private static long square(long x) {
        return x * x;
    }

    private static boolean odd(long x) {
        return (x & 1) != 0;
    }

    public static long smallCalls(long a, long b) {
        return odd(a) && !odd(b) ? square(a) + square(b) : square(a - b);
    }

    public static boolean booleans(int a, int b) {
        boolean x = a > b;
        boolean y = (a & 1) == 0;
        return x ^ y | !x & y;
    }

    public static byte byteResult(int a) {
        return (byte) (a * 3);
    }

    public static char charResult(int a) {
        return (char) (a * 3);
    }

    public static short narrowParameters(byte a, short b, char c, boolean d) {
        return (short) (a + b * 3 + c * 5 + (d ? 7 : 11));
    }

    public static long statics(int a, long b) {
        counter += a;
        counter++;
        total = total * 31 + b;
        flag = !flag && a > 0;
        small += a;
        medium = (short) (medium * 3 + a);
        wide = (char) (wide + b);
        return counter + total * 3 + (flag ? 1 : 0) + small + medium * 5L + wide * 7L;
    }

    public static long pressure(long a, long b, long c, long d, long e, long f) {
        long g = a + b;
        long h = b - c;
        long i = c ^ d;
        long j = d * e;
        long k = e | f;
        long l = f & a;
        long m = a - d;
        long n = b + e;
        long o = c * f;
        long p = d ^ a;
        long q = e - b;
        long r = f + c;
        long s = a * e;
        long t = b ^ f;
        long u = c - a;
        long v = d + b;
        for (int z = 0; z < 5; z++) {
            g += h * i;
            h ^= j + k;
            i -= l ^ m;
            j += n * o;
            k ^= p - q;
            l += r;
            m -= s;
            n ^= t + u;
            o += v;
            p -= g >>> 3;
            q += h;
            r ^= i << (z & 7);
            s += j;
            t -= k / (z + 3);
            u ^= l;
            v += m % 1000;
        }
        return g + h * 3 + i * 5 + j * 7 + k * 11 + l * 13 + m * 17 + n * 19 + o * 23 + p * 29 + q * 31 + r * 37 + s * 41 + t * 43
                + u * 47 + v * 53 + a + b + c + d + e + f;
    }

    public static long pressureAcrossCalls(long a, long b, long c) {
        long d = square(a);
        long e = square(b) + d;
        long f = fib((int) c & 7) + e;
        long g = fib((int) b & 7) * f;
        long h = fib((int) a & 7) - g;
        return a + b * 3 + c * 5 + d * 7 + e * 11 + f * 13 + g * 17 + h * 19 + fib((int) h & 3);
    }

    public static long compareChain(long a, long b, long c) {
        return a < b ? b < c ? 1 : a < c ? 2 : 3 : b > c ? 4 : a == c ? 5 : 6;
    }

    public static long increments(long a, int b) {
        long x = a++ + ++a;
        int y = b-- - --b;
        x += y;
        b += 100_000;
        return x * a + b;
    }

    public static int crc(long a) {
        int crc = -1;
        for (int i = 0; i < 8; i++) {
            crc ^= (int) (a >>> (i << 3)) & 0xff;
            for (int k = 0; k < 8; k++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
            }
        }
        return ~crc;
    }

    public static long gcd(long a, long b) {
        long x = Math.abs(a >> 1);
        long y = Math.abs(b >> 1);
        while (y != 0) {
            long t = x % y;
            x = y;
            y = t;
        }
        return x;
    }

    public static long dead(long a, long b) {
        long unused = a * b;
        long also = unused / 3;
        return b > 0 ? a : a + (also & 0);
    }

    public static long constants(long a) {
        return a + 0x7fff_ffffL - 0x8000_0000L + (a ^ 0x1234_5678_9abc_def0L) - (a & 0xffff_ffffL) + (a | -0x8000_0000L)
                - (a & 0xff) + a * 8 + a * 5 + a * -1 + a * 0;
    }

    public static boolean pow2(long a) {
        return a != 0 && (a & a - 1) == 0;
    }

    public static int flagsAfter(int a, int b) {
        int c = a - b;
        return c == 0 ? 1 : c < 0 ? 2 : (c & b) != 0 ? c : 3;
    }
}
