// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Shadow memory: two bits for each client byte, {@code shadow(a) = base + (a >>> 2)}, byte {@code i} of a group of four in bits
 * 2i and 2i+1. 0 is fine, 3 is not accessible.
 */
@SystemCode("runs inside the client")
public final class Shadow {
    public static final int NOACCESS = 3;

    /** Address of the shadow of address 0. */
    static long base = AddressMap.SHADOW_BASE;

    private Shadow() {}

    /** Tests place the shadow elsewhere. */
    public static void setBase(long address) {
        base = address;
    }

    /** Makes bytes accessible and defined. */
    public static void setDefined(long address, long bytes) {
        paint(address, bytes, 0);
    }

    public static void setNoAccess(long address, long bytes) {
        paint(address, bytes, 0xff);
    }

    /** Gives all bytes one state; {@code pattern} holds it four times. Edges are changed atomically, whole bytes by plain stores. */
    private static void paint(long address, long bytes, int pattern) {
        long at = address;
        long end = address + bytes;
        while (at < end && (at & 3) != 0) {
            one(at, pattern & 3);
            at++;
        }
        long whole = end - at >>> 2;
        if (whole > 0) {
            Ptr.fill(base + (at >>> 2), pattern, whole);
            at += whole << 2;
        }
        while (at < end) {
            one(at, pattern & 3);
            at++;
        }
    }

    private static void one(long address, int state) {
        int shift = (int) (address & 3) * 2;
        long at = base + (address >>> 2);
        if (state == 0) {
            Ptr.lockAndByte(at, ~(3 << shift));
        } else {
            Ptr.lockOrByte(at, state << shift);
        }
    }

    public static int state(long address) {
        return Ptr.getUnsignedByte(base + (address >>> 2)) >>> (int) (address & 3) * 2 & 3;
    }

    /** The first byte of the range that is not accessible, or -1. */
    public static long firstNotAccessible(long address, long bytes) {
        for (long i = 0; i < bytes; i++) {
            if (state(address + i) == NOACCESS) {
                return address + i;
            }
        }
        return -1;
    }
}
