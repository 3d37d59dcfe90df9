// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.ShadowRegisters;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Undefined bits of integer results: {@code x}, {@code y} are values, {@code a}, {@code b} their undefined bits, cut to the size. */
@SystemCode("runs inside the client")
public final class IntegerBits {
    private IntegerBits() {}

    static long cut(int size) {
        return size >= 8 ? -1 : (1L << 8 * size) - 1;
    }

    static long top(int size) {
        return 1L << 8 * size - 1;
    }

    static long all(long any, long mask) {
        return any == 0 ? 0 : mask;
    }

    /** From the lowest undefined bit on, everything. */
    static long upwards(long bits) {
        return bits | -bits;
    }

    static long signExtend(long bits, int from, int to) {
        int unused = 64 - 8 * from;
        return bits << unused >> unused & cut(to);
    }

    /** A bit is undefined if it is in an operand, or differs between the sums of the smallest and of the largest operands. */
    static long add(long x, long a, long y, long b) {
        long low = (x & ~a) + (y & ~b);
        long high = (x | a) + (y | b);
        return a | b | low ^ high;
    }

    static long subtract(long x, long a, long y, long b) {
        long low = (x & ~a) - (y | b);
        long high = (x | a) - (y & ~b);
        return a | b | low ^ high;
    }

    static long and(long x, long a, long y, long b) {
        return a & b | a & y | b & x;
    }

    static long or(long x, long a, long y, long b) {
        return a & b | a & ~y | b & ~x;
    }

    /** Integer operations with a result of at most 8 bytes; sets flags; returns the undefined bits of the result. */
    static long compute(long area, long record, int operation, int size, long x, long a, long y, long b) {
        long m = cut(size);
        long top = top(size);
        int parameter = Ptr.getUnsignedByte(record + Descriptor.PARAMETER);
        boolean same = (Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.IDIOM) != 0;
        long r;
        switch (operation) {
            case Operation.ADD: {
                // A value added to itself is shifted.
                r = (same ? a << 1 : add(x, a, y, b)) & m;
                long flags = FlagBits.ofResult(x + y & m, r, top) | FlagBits.ofCarries(a, b, r, top);
                if (carry(x & ~a, y & ~b, m) != carry(x | a, y | b, m)) {
                    flags |= FlagBits.CF;
                }
                FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(flags));
                return r;
            }
            case Operation.INCREMENT:
            case Operation.DECREMENT: {
                r = (operation == Operation.INCREMENT ? add(x, a, 1, 0) : subtract(x, a, 1, 0)) & m;
                long value = (operation == Operation.INCREMENT ? x + 1 : x - 1) & m;
                long flags = FlagBits.ofResult(value, r, top) | FlagBits.ofCarries(a, 0, r, top) | FlagBits.get(area) & FlagBits.CF;
                FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(flags));
                return r;
            }
            case Operation.SUBTRACT:
            case Operation.COMPARE: {
                if (same) {
                    FlagBits.set(area, FlagBits.STATUS, 0);
                    return 0;
                }
                r = subtract(x, a, y, b) & m;
                compareFlags(area, x, a, y, b, r, m, top);
                return r;
            }
            case Operation.NEGATE:
                r = subtract(0, 0, x, a) & m;
                compareFlags(area, 0, 0, x, a, r, m, top);
                return r;
            case Operation.ADD_CARRY:
            case Operation.SUBTRACT_BORROW:
                return withCarry(area, operation, parameter, same, x, a, y, b, m, top);
            case Operation.AND:
            case Operation.TEST:
                r = same ? a : and(x, a, y, b);
                FlagBits.set(area, FlagBits.STATUS, FlagBits.ofLogic(x & y, r, top));
                return r;
            case Operation.AND_NOT:
                r = and(~x & m, a, y, b);
                FlagBits.set(area, FlagBits.STATUS, FlagBits.ofLogic(~x & y & m, r, top));
                return r;
            case Operation.OR:
                r = same ? a : or(x, a, y, b) & m;
                FlagBits.set(area, FlagBits.STATUS, FlagBits.ofLogic(x | y, r, top));
                return r;
            case Operation.XOR:
                r = same ? 0 : a | b;
                FlagBits.set(area, FlagBits.STATUS, same ? 0 : FlagBits.ofLogic(x ^ y, r, top));
                return r;
            case Operation.SHIFT_LEFT:
            case Operation.SHIFT_RIGHT:
            case Operation.SHIFT_ARITHMETIC:
            case Operation.ROTATE_LEFT:
            case Operation.ROTATE_RIGHT:
            case Operation.ROTATE_CARRY_LEFT:
            case Operation.ROTATE_CARRY_RIGHT:
                return shift(area, operation, size, parameter == 0, x, a, y, b);
            case Operation.MULTIPLY:
                r = upwards(a | b) & m;
                if (x == 0 && a == 0 || y == 0 && b == 0) {
                    r = 0;
                }
                FlagBits.set(area, FlagBits.STATUS, r == 0 ? 0 : FlagBits.STATUS);
                return r;
            case Operation.BYTE_SWAP:
                return swap(a, size);
            case Operation.SCAN_FORWARD:
            case Operation.SCAN_REVERSE:
                return scan(area, operation, size, parameter, x, a, b);
            case Operation.POPULATION:
                FlagBits.set(area, FlagBits.STATUS, a == 0 ? 0 : (x & ~a) != 0 ? 0 : FlagBits.ZF | FlagBits.BE | FlagBits.LE);
                return all(a, 0x7f);
            case Operation.LOWEST_BIT: {
                long known = x & ~a;
                long firstUndefined = a & -a;
                boolean decided = known != 0 && Long.compareUnsigned(known & -known, firstUndefined) < 0;
                r = a == 0 ? 0 : decided ? parameter == 0 ? a : 0 : upwards(a) & m;
                FlagBits.set(area, FlagBits.STATUS, r == 0 ? 0 : FlagBits.STATUS);
                return r;
            }
            case Operation.BIT_FIELD: {
                int start = (int) y & 0xff;
                int length = (int) (y >>> 8) & 0xff;
                r = (b & 0xffff) != 0 ? m : start > 63 ? 0 : a >>> start & (length > 63 ? -1 : (1L << length) - 1);
                FlagBits.set(area, FlagBits.STATUS, r == 0 ? 0 : FlagBits.STATUS);
                return r;
            }
            case Operation.ZERO_HIGH: {
                int keep = (int) y & 0xff;
                r = (b & 0xff) != 0 ? m : keep >= 8 * size ? a : a & (1L << keep) - 1;
                FlagBits.set(area, FlagBits.STATUS, r == 0 ? 0 : FlagBits.STATUS);
                return r;
            }
            case Operation.DEPOSIT:
                return b != 0 ? m : deposit(a, y);
            case Operation.EXTRACT:
                return b != 0 ? m : extract(a, y);
            default:
                Ptr.trap();
                return 0;
        }
    }

    private static boolean carry(long x, long y, long m) {
        long sum = x + y & m;
        return Long.compareUnsigned(sum, x) < 0;
    }

    private static void compareFlags(long area, long x, long a, long y, long b, long r, long m, long top) {
        long flags = FlagBits.ofComparison(x, a, y, b, top);
        flags |= FlagBits.ofCarries(a, b, r, top) | FlagBits.ofResult(x - y & m, r, top) & ~FlagBits.ZF;
        FlagBits.set(area, FlagBits.STATUS, flags);
    }

    private static long withCarry(long area, int operation, int parameter, boolean same, long x, long a, long y, long b, long m, long top) {
        long old = FlagBits.get(area);
        long in = parameter == 2 ? FlagBits.OF : FlagBits.CF;
        boolean unknown = (old & in) != 0;
        if (same && operation == Operation.SUBTRACT_BORROW) {
            // All ones or all zeros, by the carry alone.
            FlagBits.set(area, FlagBits.STATUS, unknown ? FlagBits.STATUS : 0);
            return unknown ? m : 0;
        }
        long undefined = a | b | (unknown ? 1 : 0);
        long flags = Ptr.getLong(area + muninn.runtime.ThreadArea.FLAGS);
        long carry = (flags & in) != 0 && !unknown ? 1 : 0;
        long spread = unknown ? 1 : 0;
        long low;
        long high;
        if (operation == Operation.ADD_CARRY) {
            low = (x & ~a) + (y & ~b) + carry;
            high = (x | a) + (y | b) + carry + spread;
        } else {
            low = (x & ~a) - (y | b) - carry - spread;
            high = (x | a) - (y & ~b) - carry;
        }
        long r = (undefined | low ^ high) & m;
        if (parameter != 0) {
            FlagBits.set(area, in, r == 0 ? 0 : in);
            FlagBits.set(area, FlagBits.BE | FlagBits.L | FlagBits.LE, FlagBits.combined(FlagBits.get(area)));
        } else {
            FlagBits.set(area, FlagBits.STATUS, r == 0 ? 0 : FlagBits.STATUS);
        }
        return r;
    }

    private static long shift(long area, int operation, int size, boolean flags, long x, long a, long y, long b) {
        long m = cut(size);
        int width = 8 * size;
        int countMask = size == 8 ? 63 : 31;
        boolean rotate = operation >= Operation.ROTATE_LEFT;
        if ((b & countMask) != 0) {
            if (flags) {
                FlagBits.set(area, FlagBits.STATUS, FlagBits.STATUS);
            }
            return m;
        }
        int n = (int) y & countMask;
        if (n == 0) {
            return a;
        }
        long r;
        boolean carry;
        switch (operation) {
            case Operation.SHIFT_LEFT:
                r = n >= width ? 0 : a << n & m;
                carry = n <= width && (a >>> width - n & 1) != 0;
                break;
            case Operation.SHIFT_RIGHT:
                r = n >= width ? 0 : a >>> n;
                carry = n <= width && (a >>> n - 1 & 1) != 0;
                break;
            case Operation.SHIFT_ARITHMETIC: {
                long wide = signExtend(a, size, 8);
                int by = n >= width ? width - 1 : n;
                r = wide >> by & m;
                carry = (wide >> (n > width ? width - 1 : n - 1) & 1) != 0;
                break;
            }
            case Operation.ROTATE_LEFT:
            case Operation.ROTATE_RIGHT: {
                int by = n % width;
                if (operation == Operation.ROTATE_RIGHT) {
                    by = (width - by) % width;
                }
                r = by == 0 ? a : (a << by | a >>> width - by) & m;
                carry = (operation == Operation.ROTATE_LEFT ? r & 1 : r >>> width - 1 & 1) != 0;
                break;
            }
            default: {
                long any = a | FlagBits.get(area) & FlagBits.CF;
                r = all(any, m);
                carry = any != 0;
                break;
            }
        }
        if (flags) {
            long top = top(size);
            long f = carry ? FlagBits.CF : 0;
            if (carry || ((a | r | r << 1) & top) != 0) {
                f |= FlagBits.OF;
            }
            if (rotate) {
                long all = FlagBits.get(area) & ~(FlagBits.CF | FlagBits.OF) | f;
                FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(all));
            } else {
                f |= FlagBits.ofResult(shifted(operation, x, n, size) & m, r, top);
                FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(f));
            }
        }
        return r;
    }

    private static long shifted(int operation, long x, int n, int size) {
        int width = 8 * size;
        if (operation == Operation.SHIFT_LEFT) {
            return n >= width ? 0 : x << n;
        }
        if (operation == Operation.SHIFT_RIGHT) {
            return n >= width ? 0 : x >>> n;
        }
        return signExtend(x, size, 8) >> (n >= width ? width - 1 : n);
    }

    /** shld, shrd: {@code y} and {@code b} are of the register that is shifted in. */
    static long shiftDouble(long area, int operation, int size, long x, long a, long y, long b, long count, long countBits) {
        int countMask = size == 8 ? 63 : 31;
        int width = 8 * size;
        long m = cut(size);
        if ((countBits & countMask) != 0) {
            FlagBits.set(area, FlagBits.STATUS, FlagBits.STATUS);
            return m;
        }
        int n = (int) count & countMask;
        if (n == 0) {
            return a;
        }
        if (n > width) {
            // The architecture leaves it open.
            FlagBits.set(area, FlagBits.STATUS, FlagBits.STATUS);
            return m;
        }
        boolean left = operation == Operation.SHIFT_DOUBLE_LEFT;
        long r = n == width ? b : (left ? a << n | b >>> width - n : a >>> n | b << width - n) & m;
        long value = n == width ? y : (left ? x << n | y >>> width - n : x >>> n | y << width - n) & m;
        boolean carry = ((left ? a >>> width - n : a >>> n - 1) & 1) != 0;
        long top = top(size);
        long f = FlagBits.ofResult(value, r, top) | (carry ? FlagBits.CF : 0);
        if (((a | r) & top) != 0 || carry) {
            f |= FlagBits.OF;
        }
        FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(f));
        return r;
    }

    static long swap(long value, int size) {
        long r = 0;
        for (int i = 0; i < size; i++) {
            r = r << 8 | value >>> 8 * i & 0xff;
        }
        return r;
    }

    private static long scan(long area, int operation, int size, int count, long x, long a, long old) {
        if (a == 0) {
            FlagBits.set(area, FlagBits.STATUS, 0);
            return x == 0 && count == 0 ? old : 0;
        }
        long known = x & ~a;
        boolean decided;
        if (operation == Operation.SCAN_FORWARD) {
            decided = known != 0 && Long.compareUnsigned(known & -known, a & -a) < 0;
        } else {
            decided = known != 0 && Long.numberOfLeadingZeros(known) < Long.numberOfLeadingZeros(a);
        }
        if (decided) {
            FlagBits.set(area, FlagBits.STATUS, 0);
            return 0;
        }
        FlagBits.set(area, FlagBits.STATUS, known != 0 && count == 0 ? FlagBits.STATUS & ~(FlagBits.ZF | FlagBits.BE) : FlagBits.STATUS);
        // Without a bit bsf and bsr leave the destination alone, of which nothing is known here.
        return known != 0 || count != 0 ? 0x7f : cut(size);
    }

    private static long deposit(long bits, long mask) {
        long r = 0;
        long from = bits;
        for (long left = mask; left != 0; left &= left - 1) {
            if ((from & 1) != 0) {
                r |= left & -left;
            }
            from >>>= 1;
        }
        return r;
    }

    private static long extract(long bits, long mask) {
        long r = 0;
        int to = 0;
        for (long left = mask; left != 0; left &= left - 1) {
            if ((bits & left & -left) != 0) {
                r |= 1L << to;
            }
            to++;
        }
        return r;
    }

    /** Writes a general register as hardware does: 4 bytes clear the rest, 1 and 2 leave it. */
    static void setGpr(long area, int number, int size, long bits) {
        long at = area + ShadowRegisters.GPRS + 8L * number;
        if (size >= 4) {
            Ptr.putLong(at, bits & cut(size));
        } else {
            Ptr.putLong(at, Ptr.getLong(at) & ~cut(size) | bits & cut(size));
        }
        dirty(area, number);
    }

    /** Brings the dirty bit of a general register in line with its shadow. */
    static void dirty(long area, int number) {
        long mask = Ptr.getLong(area + ShadowRegisters.DIRTY);
        boolean any = Ptr.getLong(area + ShadowRegisters.GPRS + 8L * number) != 0;
        Ptr.putLong(area + ShadowRegisters.DIRTY, any ? mask | 1L << number : mask & ~(1L << number));
    }
}
