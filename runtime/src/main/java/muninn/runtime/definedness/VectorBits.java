// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.ShadowRegisters;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Undefined bits of vector results, written to {@link ShadowRegisters#RESULT}. */
@SystemCode("runs inside the client")
final class VectorBits {
    private VectorBits() {}

    private static long result(long area) {
        return area + ShadowRegisters.RESULT;
    }

    /** OR of all sources, 8 bytes at a time. */
    static void union(long area, long record, int bytes) {
        long a = Operands.bits(area, record, 1);
        long b = Operands.bits(area, record, 2);
        long c = Operands.bits(area, record, 3);
        for (int i = 0; i < bytes; i += 8) {
            Ptr.putLong(result(area) + i, Ptr.getLong(a + i) | Ptr.getLong(b + i) | Ptr.getLong(c + i));
        }
    }

    /** and, or, andn with values; {@code parameter} not used. */
    static void logic(long area, long record, int operation, int bytes) {
        long a = Operands.bits(area, record, 1);
        long b = Operands.bits(area, record, 2);
        long x = Operands.value(area, record, 1);
        long y = Operands.value(area, record, 2);
        for (int i = 0; i < bytes; i += 8) {
            long xs = Ptr.getLong(x + i);
            long ys = Ptr.getLong(y + i);
            long as = Ptr.getLong(a + i);
            long bs = Ptr.getLong(b + i);
            long r;
            if (operation == Operation.VECTOR_OR) {
                r = IntegerBits.or(xs, as, ys, bs);
            } else {
                r = IntegerBits.and(operation == Operation.VECTOR_AND ? xs : ~xs, as, ys, bs);
            }
            Ptr.putLong(result(area) + i, r);
        }
    }

    /** A bit is undefined if what it may be, given what is known of the three, differs. */
    static void ternary(long area, long record, int bytes) {
        int function = (int) Ptr.getLong(record + Descriptor.IMMEDIATE);
        long a = Operands.bits(area, record, 1);
        long b = Operands.bits(area, record, 2);
        long c = Operands.bits(area, record, 3);
        long x = Operands.value(area, record, 1);
        long y = Operands.value(area, record, 2);
        long z = Operands.value(area, record, 3);
        for (int i = 0; i < bytes; i += 8) {
            long may0 = 0;
            long may1 = 0;
            for (int k = 0; k < 8; k++) {
                long possible = (Ptr.getLong(x + i) ^ ((k & 4) == 0 ? -1 : 0) | Ptr.getLong(a + i))
                        & (Ptr.getLong(y + i) ^ ((k & 2) == 0 ? -1 : 0) | Ptr.getLong(b + i))
                        & (Ptr.getLong(z + i) ^ ((k & 1) == 0 ? -1 : 0) | Ptr.getLong(c + i));
                if ((function >>> k & 1) != 0) {
                    may1 |= possible;
                } else {
                    may0 |= possible;
                }
            }
            Ptr.putLong(result(area) + i, may0 & may1);
        }
    }

    /** kortest: ZF if no bit is set, CF if all are; ktest: ZF of a and b, CF of not a and b. */
    static void testMasks(long area, long record, boolean or, int size) {
        long m = IntegerBits.cut(size);
        long a = Ptr.getLong(Operands.bits(area, record, 1)) & m;
        long b = Ptr.getLong(Operands.bits(area, record, 2)) & m;
        long x = Ptr.getLong(Operands.value(area, record, 1));
        long y = Ptr.getLong(Operands.value(area, record, 2));
        long flags = 0;
        if (or) {
            long r = IntegerBits.or(x, a, y, b) & m;
            if (r != 0 && ((x | y) & ~r & m) == 0) {
                flags |= FlagBits.ZF;
            }
            if (r != 0 && (~(x | y) & ~r & m) == 0) {
                flags |= FlagBits.CF;
            }
        } else {
            long r = IntegerBits.and(x, a, y, b) & m;
            long inverse = IntegerBits.and(~x, a, y, b) & m;
            if (r != 0 && (x & y & ~r & m) == 0) {
                flags |= FlagBits.ZF;
            }
            if (inverse != 0 && (~x & y & ~inverse & m) == 0) {
                flags |= FlagBits.CF;
            }
        }
        FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(flags));
    }

    /** Spreads in elements of {@code size} bytes what {@link #union} left in the result. */
    static void spread(long area, int size, int bytes) {
        for (int i = 0; i < bytes; i += size) {
            boolean any = Operands.any(result(area) + i, size);
            ShortMemory.fill(result(area) + i, any ? 0xff : 0, size);
        }
    }

    /** Whether element {@code i} of the comparison for equality is undefined: no defined bit decides it. */
    private static boolean equalUndefined(long area, long record, int at, int size) {
        long a = Operands.load(Operands.bits(area, record, 1) + at, size);
        long b = Operands.load(Operands.bits(area, record, 2) + at, size);
        long x = Operands.load(Operands.value(area, record, 1) + at, size);
        long y = Operands.load(Operands.value(area, record, 2) + at, size);
        return (a | b) != 0 && ((x ^ y) & ~(a | b)) == 0;
    }

    static void equal(long area, long record, int size, int bytes) {
        for (int i = 0; i < bytes; i += size) {
            ShortMemory.fill(result(area) + i, equalUndefined(area, record, i, size) ? 0xff : 0, size);
        }
    }

    /** min and max: decided where the ranges of what the elements may be do not overlap. */
    static void extreme(long area, long record, int parameter, int size, int bytes) {
        long turn = (parameter & 2) != 0 ? IntegerBits.top(size) : 0;
        for (int i = 0; i < bytes; i += size) {
            long a = Operands.load(Operands.bits(area, record, 1) + i, size);
            long b = Operands.load(Operands.bits(area, record, 2) + i, size);
            long x = Operands.load(Operands.value(area, record, 1) + i, size) ^ turn;
            long y = Operands.load(Operands.value(area, record, 2) + i, size) ^ turn;
            boolean first = Long.compareUnsigned(x | a, y & ~b) <= 0;
            boolean second = Long.compareUnsigned(y | b, x & ~a) <= 0;
            if ((parameter & 1) != 0) {
                first = Long.compareUnsigned(x & ~a, y | b) >= 0;
                second = Long.compareUnsigned(y & ~b, x | a) >= 0;
            }
            long r = (a | b) == 0 ? 0 : first ? a : second ? b : -1;
            for (int k = 0; k < size; k++) {
                Ptr.putByte(result(area) + i + k, (int) (r >>> 8 * k));
            }
        }
    }

    /** A mask from comparisons. */
    static void toMask(long area, long record, boolean equal, int size, int bytes) {
        long mask = 0;
        long a = Operands.bits(area, record, 1);
        long b = Operands.bits(area, record, 2);
        for (int i = 0, bit = 0; i < bytes; i += size, bit++) {
            boolean undefined = equal ? equalUndefined(area, record, i, size) : Operands.any(a + i, size) || Operands.any(b + i, size);
            if (undefined) {
                mask |= 1L << bit;
            }
        }
        int opmask = Ptr.getUnsignedByte(record + Descriptor.OPMASK);
        if (opmask != 0) {
            // A bit that the mask clears is 0.
            long undefined = Ptr.getLong(area + ShadowRegisters.MASKS + 8L * opmask);
            mask = mask & Ptr.getLong(area + ShadowRegisters.MASK_VALUES + 8L * opmask) | undefined;
        }
        Ptr.putLong(result(area), mask);
    }

    /** Element i of {@code size} bytes from element i of {@code from} bytes of the operand {@code source}. */
    static void convert(long area, long record, int source, int size, int from, int count) {
        long a = Operands.bits(area, record, source);
        for (int i = 0; i < count; i++) {
            ShortMemory.fill(result(area) + i * size, Operands.any(a + i * from, from) ? 0xff : 0, size);
        }
    }

    /** Only the lowest element is computed: the others come from the first source. */
    static void keepUpper(long area, long record, int size, int bytes) {
        long a = Operands.bits(area, record, 1);
        ShortMemory.copy(result(area) + size, a + size, bytes - size);
    }

    /** Each half of 16 bytes packs the elements of one source. */
    static void pack(long area, long record, int size, int bytes) {
        long a = Operands.bits(area, record, 1);
        long b = Operands.bits(area, record, 2);
        int block = bytes < 16 ? bytes : 16;
        int half = size / 2;
        for (int at = 0; at < bytes; at += block) {
            for (int i = 0; i < block / size; i++) {
                ShortMemory.fill(result(area) + at + i * half, Operands.any(a + at + i * size, size) ? 0xff : 0, half);
                ShortMemory.fill(result(area) + at + block / 2 + i * half, Operands.any(b + at + i * size, size) ? 0xff : 0, half);
            }
        }
    }

    /** The mask of the destination: elements that it does not choose stay or become zero. */
    static void applyMask(long area, long record, int bytes) {
        int opmask = Ptr.getUnsignedByte(record + Descriptor.OPMASK);
        if (opmask == 0 || Operands.kind(record, 0) != Descriptor.VECTOR) {
            return;
        }
        int size = Ptr.getUnsignedByte(record + Descriptor.ELEMENT);
        long undefined = Ptr.getLong(area + ShadowRegisters.MASKS + 8L * opmask);
        long mask = Ptr.getLong(area + ShadowRegisters.MASK_VALUES + 8L * opmask);
        boolean zeroing = (Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.ZEROING) != 0;
        long old = Operands.bits(area, record, 0);
        for (int i = 0, bit = 0; i < bytes; i += size, bit++) {
            if ((undefined >>> bit & 1) != 0) {
                ShortMemory.fill(result(area) + i, 0xff, size);
            } else if ((mask >>> bit & 1) == 0) {
                if (zeroing) {
                    ShortMemory.fill(result(area) + i, 0, size);
                } else {
                    ShortMemory.copy(result(area) + i, old + i, size);
                }
            }
        }
    }

    /** ptest: ZF of a and b, CF of not a and b. testps, testpd look at signs only: {@code size} 4 or 8. */
    static void test(long area, long record, int size, int bytes) {
        long a = Operands.bits(area, record, 1);
        long b = Operands.bits(area, record, 2);
        long x = Operands.value(area, record, 1);
        long y = Operands.value(area, record, 2);
        long signs = size == 4 ? 0x8000_0000_8000_0000L : size == 8 ? 1L << 63 : -1;
        boolean zfUndefined = false;
        boolean zfClear = false;
        boolean cfUndefined = false;
        boolean cfClear = false;
        for (int i = 0; i < bytes; i += 8) {
            long xs = Ptr.getLong(x + i);
            long ys = Ptr.getLong(y + i);
            long as = Ptr.getLong(a + i);
            long bs = Ptr.getLong(b + i);
            long r = IntegerBits.and(xs, as, ys, bs) & signs;
            zfUndefined |= r != 0;
            zfClear |= (xs & ys & ~r & signs) != 0;
            r = IntegerBits.and(~xs, as, ys, bs) & signs;
            cfUndefined |= r != 0;
            cfClear |= (~xs & ys & ~r & signs) != 0;
        }
        long flags = 0;
        if (zfUndefined && !zfClear) {
            flags |= FlagBits.ZF;
        }
        if (cfUndefined && !cfClear) {
            flags |= FlagBits.CF;
        }
        FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(flags));
    }

    /** The bytes of an implicit-length string end with the first zero; what lies behind does not matter. */
    static boolean stringUndefined(long area, long record, int i, boolean words) {
        long bits = Operands.bits(area, record, i);
        long value = Operands.value(area, record, i);
        int size = words ? 2 : 1;
        for (int at = 0; at < 16; at += size) {
            if (Operands.any(bits + at, size)) {
                return true;
            }
            if (!Operands.any(value + at, size)) {
                return false;
            }
        }
        return false;
    }

    static void zeroUppers(long area, boolean everything) {
        for (int i = 0; i < 16; i++) {
            long at = area + ShadowRegisters.VECTORS + 64L * i;
            if (everything) {
                ShortMemory.fill(at, 0, 64);
            } else {
                ShortMemory.fill(at + 16, 0, 48);
            }
            Operands.vectorDirty(area, i);
        }
    }
}
