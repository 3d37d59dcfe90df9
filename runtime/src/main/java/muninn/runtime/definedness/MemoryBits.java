// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.Shadow;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Undefined bits of memory, bit for bit: from shadow and {@link PartialBytes}, and back. */
@SystemCode("runs inside the client")
public final class MemoryBits {
    private static final long LOW_BYTES = 0x0101_0101_0101_0101L;
    private static final int HIGH_BITS = 0xaaaa;

    private MemoryBits() {}

    /** Undefined bits of one byte; of a byte that is not accessible none: that is an error of another kind. */
    public static int get(long address) {
        switch (Shadow.state(address)) {
            case Shadow.UNDEFINED:
                return 0xff;
            case Shadow.PARTIAL:
                return PartialBytes.get(address);
            default:
                return 0;
        }
    }

    /** Writes the undefined bits of the bytes to {@code to}. */
    public static void load(long to, long address, int bytes) {
        int at = 0;
        while (at < bytes) {
            long states = Shadow.states(address + at) & 0xffff;
            if (bytes - at >= 8 && (states & HIGH_BITS) == 0) {
                Ptr.putLong(to + at, (states == 0 ? 0 : spread(states)) * 0xff);
                at += 8;
            } else {
                Ptr.putByte(to + at, get(address + at));
                at++;
            }
        }
    }

    /** Eight bits, one in two, to the lowest bits of eight bytes. */
    private static long spread(long states) {
        long x = (states | states << 24) & 0x0000_00ff_0000_00ffL;
        x = (x | x << 12) & 0x000f_000f_000f_000fL;
        return (x | x << 6) & LOW_BYTES;
    }

    /** The other way round. */
    private static int gather(long bytes) {
        long x = (bytes | bytes >>> 6) & 0x000f_000f_000f_000fL;
        x = (x | x >>> 12) & 0x0000_00ff_0000_00ffL;
        return (int) (x | x >>> 24) & 0xffff;
    }

    /** Makes the bytes undefined where the bits at {@code from} say so. Bytes that are not accessible stay so. */
    public static void store(long from, long address, int bytes) {
        if (address >>> 47 != 0) {
            return;
        }
        int at = 0;
        while (at < bytes) {
            if (bytes - at >= 8 && (address + at & 3) == 0) {
                long word = Ptr.getLong(from + at);
                long low = word & LOW_BYTES;
                int old = Ptr.getUnsignedShort(Shadow.at(address + at));
                if (low * 0xff == word && (old & old >>> 1 & 0x5555) == 0) {
                    Ptr.putShort(Shadow.at(address + at), gather(low));
                    at += 8;
                    continue;
                }
            }
            int bits = Ptr.getUnsignedByte(from + at);
            int end = at + 1;
            if (bits == 0 || bits == 0xff) {
                while (end < bytes && Ptr.getUnsignedByte(from + end) == bits) {
                    end++;
                }
                setState(address + at, end - at, bits == 0 ? Shadow.DEFINED : Shadow.UNDEFINED);
            } else {
                PartialBytes.put(address + at, bits);
                setState(address + at, 1, Shadow.PARTIAL);
            }
            at = end;
        }
    }

    /** Changes the state of accessible bytes. */
    public static void setState(long address, long bytes, int state) {
        long at = address;
        long end = address + bytes;
        while (at < end) {
            long bad = Shadow.firstNotAccessible(at, end - at);
            long stop = bad < 0 ? end : bad;
            Shadow.paint(at, stop - at, state);
            at = stop;
            while (at < end && Shadow.state(at) == Shadow.NOACCESS) {
                at++;
            }
        }
    }

    /** The undefined bits of a range as they are, elsewhere; ranges may overlap. Only accessible bytes change. */
    public static void copy(long to, long from, long bytes) {
        if (to == from || bytes <= 0) {
            return;
        }
        if (firstUndefined(from, bytes) < 0) {
            setState(to, bytes, Shadow.DEFINED);
            return;
        }
        boolean up = to - from < 0 || to - from >= bytes;
        long done = 0;
        while (done < bytes) {
            long i = up ? done : bytes - 1 - done;
            int state = Shadow.state(from + i);
            if (state == Shadow.PARTIAL) {
                PartialBytes.put(to + i, PartialBytes.get(from + i));
            }
            setState(to + i, 1, state == Shadow.NOACCESS ? Shadow.DEFINED : state);
            done++;
        }
    }

    /** The first byte that is accessible but not wholly defined, or -1. */
    public static long firstUndefined(long address, long bytes) {
        if (bytes <= Shadow.SHORT) {
            long states = bytes <= 0 ? 0 : Shadow.states(address) & (1L << 2 * bytes) - 1;
            long undefined = (states ^ states >>> 1) & 0x5555_5555_5555_5555L;
            return undefined == 0 ? -1 : address + (Long.numberOfTrailingZeros(undefined) >>> 1);
        }
        long at = address;
        long end = address + bytes;
        while (at < end) {
            if ((at & 31) == 0 && end - at >= 32 && Ptr.getLong(Shadow.at(at)) == 0) {
                at += 32;
            } else {
                int state = Shadow.state(at);
                if (state == Shadow.UNDEFINED || state == Shadow.PARTIAL) {
                    return at;
                }
                at++;
            }
        }
        return -1;
    }
}
