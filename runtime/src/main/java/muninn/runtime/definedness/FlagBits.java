// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.ShadowRegisters;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Which status flags, and which conditions on several of them, are undefined. Conditions have bits of their own since a comparison
 * may be decided although no single flag is: {@code x <= 7} is, if a defined bit of x alone makes it larger.
 */
@SystemCode("runs inside the client")
public final class FlagBits {
    public static final long CF = 1;
    public static final long PF = 1 << 2;
    public static final long AF = 1 << 4;
    public static final long ZF = 1 << 6;
    public static final long SF = 1 << 7;
    public static final long DF = 1 << 10;
    public static final long OF = 1 << 11;
    /** Below or equal, less, less or equal. */
    public static final long BE = 1 << 16;
    public static final long L = 1 << 17;
    public static final long LE = 1 << 18;
    public static final long STATUS = CF | PF | AF | ZF | SF | OF | BE | L | LE;

    private FlagBits() {}

    public static long get(long area) {
        return Ptr.getLong(area + ShadowRegisters.FLAGS);
    }

    public static void set(long area, long which, long undefined) {
        long flags = Ptr.getLong(area + ShadowRegisters.FLAGS) & ~which | undefined & which;
        Ptr.putLong(area + ShadowRegisters.FLAGS, flags);
        long dirty = Ptr.getLong(area + ShadowRegisters.DIRTY) & ~(1L << ShadowRegisters.DIRTY_FLAGS);
        Ptr.putLong(area + ShadowRegisters.DIRTY, flags == 0 ? dirty : dirty | 1L << ShadowRegisters.DIRTY_FLAGS);
    }

    /** Single flags are known: conditions on several of them follow. */
    static long combined(long flags) {
        long all = flags & ~(BE | L | LE);
        if ((flags & (CF | ZF)) != 0) {
            all |= BE;
        }
        if ((flags & (SF | OF)) != 0) {
            all |= L;
        }
        if ((flags & (SF | OF | ZF)) != 0) {
            all |= LE;
        }
        return all;
    }

    /** Whether the condition, the low nibble of jcc, setcc and cmovcc, is undefined. */
    public static boolean isUndefined(long area, int condition) {
        long flags = get(area);
        switch (condition >>> 1) {
            case 0:
                return (flags & OF) != 0;
            case 1:
                return (flags & CF) != 0;
            case 2:
                return (flags & ZF) != 0;
            case 3:
                return (flags & BE) != 0;
            case 4:
                return (flags & SF) != 0;
            case 5:
                return (flags & PF) != 0;
            case 6:
                return (flags & L) != 0;
            default:
                return (flags & LE) != 0;
        }
    }

    /** Whether the condition holds for the given flags. */
    public static boolean holds(long flags, int condition) {
        boolean zf = (flags & ZF) != 0;
        boolean cf = (flags & CF) != 0;
        boolean less = (flags & SF) != 0 != ((flags & OF) != 0);
        boolean is;
        switch (condition >>> 1) {
            case 0:
                is = (flags & OF) != 0;
                break;
            case 1:
                is = cf;
                break;
            case 2:
                is = zf;
                break;
            case 3:
                is = cf || zf;
                break;
            case 4:
                is = (flags & SF) != 0;
                break;
            case 5:
                is = (flags & PF) != 0;
                break;
            case 6:
                is = less;
                break;
            default:
                is = less || zf;
                break;
        }
        return is != ((condition & 1) != 0);
    }

    /** PF, ZF and SF of a result with undefined bits {@code bits}, both cut to the size; {@code top} is its highest bit. */
    static long ofResult(long value, long bits, long top) {
        long flags = 0;
        if (bits != 0 && (value & ~bits) == 0) {
            flags |= ZF;
        }
        if ((bits & top) != 0) {
            flags |= SF;
        }
        if ((bits & 0xff) != 0) {
            flags |= PF;
        }
        return flags;
    }

    /** After and, or, xor, test: the result is compared with 0, carry and overflow are clear. */
    static long ofLogic(long value, long bits, long top) {
        long flags = ofResult(value, bits, top);
        if ((flags & ZF) != 0) {
            flags |= BE;
        }
        if ((flags & SF) != 0) {
            flags |= L;
        }
        // Less or equal: negative or zero. With an undefined sign it is certain only if nothing but the sign can be set.
        boolean certain = (value & ~bits & top) != 0 || ((value | bits) & ~top) == 0 && (bits & top) != 0;
        if (bits != 0 && !certain && ((bits & top) != 0 || (flags & ZF) != 0)) {
            flags |= LE;
        }
        return flags;
    }

    /** After x - y. */
    static long ofComparison(long x, long a, long y, long b, long top) {
        long undefined = a | b;
        long flags = 0;
        if (undefined == 0) {
            return 0;
        }
        if (((x ^ y) & ~undefined) == 0) {
            flags |= ZF;
        }
        long xLow = x & ~a;
        long xHigh = x | a;
        long yLow = y & ~b;
        long yHigh = y | b;
        if (!(Long.compareUnsigned(xHigh, yLow) < 0 || Long.compareUnsigned(xLow, yHigh) >= 0)) {
            flags |= CF;
        }
        if (!(Long.compareUnsigned(xHigh, yLow) <= 0 || Long.compareUnsigned(xLow, yHigh) > 0)) {
            flags |= BE;
        }
        // Signed: with the top bit turned over, as unsigned.
        xLow = (x ^ top) & ~a;
        xHigh = x ^ top | a;
        yLow = (y ^ top) & ~b;
        yHigh = y ^ top | b;
        if (!(Long.compareUnsigned(xHigh, yLow) < 0 || Long.compareUnsigned(xLow, yHigh) >= 0)) {
            flags |= L;
        }
        if (!(Long.compareUnsigned(xHigh, yLow) <= 0 || Long.compareUnsigned(xLow, yHigh) > 0)) {
            flags |= LE;
        }
        return flags;
    }

    /** AF and OF, which depend on operands, carries and the sign of the result. */
    static long ofCarries(long a, long b, long bits, long top) {
        long flags = 0;
        if (((a | b) & 15) != 0) {
            flags |= AF;
        }
        if (((a | b | bits) & top) != 0) {
            flags |= OF;
        }
        return flags;
    }
}
