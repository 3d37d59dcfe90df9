// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Shadow memory: two bits for each client byte, {@code shadow(a) = base + (a >>> 2)}, byte {@code i} of a group of four in bits
 * 2i and 2i+1. 0 is fine, 1 undefined, 2 partly defined, 3 not accessible. Addresses are those of the user half, below 2^47.
 *
 * <p>Whole groups are painted by plain stores; a group that is shared with bytes outside of the range is changed by locked
 * operations, since another thread may paint its other bytes at the same time.
 */
@SystemCode("runs inside the client")
public final class Shadow {
    public static final int DEFINED = 0;
    public static final int UNDEFINED = 1;
    /** Some bits are undefined: which, is kept elsewhere. */
    public static final int PARTIAL = 2;
    public static final int NOACCESS = 3;

    private static final int SYS_MADVISE = 28;
    private static final int MADV_DONTNEED = 4;
    private static final long PAGE = 4096;
    /** Shadow bytes from which on a range of zeros is given back to the kernel instead of being written: 1 MiB of the client. */
    private static final long DROP = 256 << 10;
    /** Below this many shadow bytes stores beat the start-up cost of {@code rep stosb}. */
    private static final long SHORT_FILL = 128;
    /** So many bytes' states are looked at together. */
    public static final int SHORT = 28;
    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;
    private static final long LOW_BITS = 0x5555_5555_5555_5555L;
    private static final long ADDRESS_END = 1L << 47;

    /** Address of the shadow of address 0. */
    static long base = AddressMap.SHADOW_BASE;

    private Shadow() {}

    /** Tests place the shadow elsewhere. */
    public static void setBase(long address) {
        base = address;
    }

    /** Makes bytes accessible and defined. */
    public static void setDefined(long address, long bytes) {
        paint(address, bytes, DEFINED);
    }

    /** Makes bytes accessible, with unknown contents. */
    public static void setUndefined(long address, long bytes) {
        paint(address, bytes, UNDEFINED);
    }

    public static void setNoAccess(long address, long bytes) {
        paint(address, bytes, NOACCESS);
    }

    /** Gives all bytes the state. */
    public static void paint(long address, long bytes, int state) {
        if (bytes <= 0) {
            return;
        }
        long at = address;
        long end = address + bytes;
        int pattern = state * 0x55;
        long before = Math.min(-at & 3, bytes);
        if (before != 0) {
            edge(at, (int) before, pattern);
            at += before;
        }
        long groups = end - at >>> 2;
        if (groups != 0) {
            fill(base + (at >>> 2), pattern, groups);
            at += groups << 2;
        }
        if (at != end) {
            edge(at, (int) (end - at), pattern);
        }
    }

    /** Changes {@code count} bytes (1 to 3) of one group and leaves the others alone. */
    private static void edge(long address, int count, int pattern) {
        int mask = (1 << 2 * count) - 1 << 2 * (int) (address & 3);
        int clear = mask & ~pattern;
        int set = mask & pattern;
        long at = base + (address >>> 2);
        if (clear != 0) {
            Ptr.lockAndByte(at, ~clear);
        }
        if (set != 0) {
            Ptr.lockOrByte(at, set);
        }
    }

    private static void fill(long target, int pattern, long count) {
        if (count < SHORT_FILL) {
            long word = pattern * EVERY_BYTE;
            long at = target;
            long end = target + count;
            while (end - at >= 8) {
                Ptr.putLong(at, word);
                at += 8;
            }
            while (at < end) {
                Ptr.putByte(at, pattern);
                at++;
            }
        } else if (pattern == 0 && count >= DROP) {
            drop(target, count);
        } else {
            Ptr.fill(target, pattern, count);
        }
    }

    /** Zeroes a range of shadow bytes: its whole pages become untouched zero pages again. */
    public static void drop(long target, long count) {
        long first = target + PAGE - 1 & -PAGE;
        long last = target + count & -PAGE;
        if (first >= last || Kernel.call(SYS_MADVISE, first, last - first, MADV_DONTNEED) != 0) {
            Ptr.fill(target, 0, count);
            return;
        }
        Ptr.fill(target, 0, first - target);
        Ptr.fill(last, 0, target + count - last);
    }

    /** Where the shadow of the byte lies. */
    public static long at(long address) {
        return base + (address >>> 2);
    }

    /** State of one byte, 0 to 3. */
    public static int state(long address) {
        return Ptr.getUnsignedByte(base + (address >>> 2)) >>> (int) (address & 3) * 2 & 3;
    }

    /** States of {@link #SHORT} bytes from the address on, two bits each, the first one lowest. */
    public static long states(long address) {
        return Ptr.getLong(base + (address >>> 2)) >>> 2 * (int) (address & 3);
    }

    /** The first byte of the range that is not accessible, or -1. Bytes at and above 2^47 are never accessible. */
    public static long firstNotAccessible(long address, long bytes) {
        if (bytes <= 0) {
            return -1;
        }
        if (address >>> 47 != 0) {
            return address;
        }
        if (bytes <= SHORT && address + bytes <= ADDRESS_END) {
            long states = states(address) & (1L << 2 * bytes) - 1;
            long bad = states & states >>> 1 & LOW_BITS;
            return bad == 0 ? -1 : address + (Long.numberOfTrailingZeros(bad) >>> 1);
        }
        long end = bytes > ADDRESS_END - address ? ADDRESS_END : address + bytes;
        long at = address;
        while (at < end) {
            boolean clean = false;
            if ((at & 31) == 0 && end - at >= 32) {
                long word = Ptr.getLong(base + (at >>> 2));
                clean = (word & word >>> 1 & LOW_BITS) == 0;
            }
            if (clean) {
                at += 32;
            } else {
                int group = Ptr.getUnsignedByte(base + (at >>> 2));
                int skip = (int) (at & 3);
                long count = Math.min(4 - skip, end - at);
                int bad = (group & group >>> 1 & 0x55) >>> 2 * skip & (1 << 2 * (int) count) - 1;
                if (bad != 0) {
                    return at + (Integer.numberOfTrailingZeros(bad) >>> 1);
                }
                at += count;
            }
        }
        return end - address == bytes ? -1 : end;
    }
}
