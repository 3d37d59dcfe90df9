// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.AddressMap;
import muninn.runtime.Shadow;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * The undefined bits of bytes that are partly defined (shadow code 2): an open hash table from address to bits. An entry that nobody
 * asks for any more, since its byte has got another code, is written over when its place is wanted.
 *
 * <p>An entry is one long, address in the upper 56 bits and bits in the lower 8, so that it is read and replaced as a whole; addresses
 * have 47 bits.
 */
@SystemCode("runs inside the client")
public final class PartialBytes {
    /** 32 MiB, which is touched where it is used. */
    private static final int SLOTS = 1 << 22;
    private static final int PROBES = 16;
    public static final long TABLE_BYTES = 8L * SLOTS;

    static long table = AddressMap.PARTIAL_BASE;

    private PartialBytes() {}

    /** Tests place the table elsewhere. */
    public static void setTable(long address) {
        table = address;
    }

    private static long slot(long address, int probe) {
        return table + ((address * 0x9e37_79b9_7f4a_7c15L >>> 42) + probe & SLOTS - 1) * 8;
    }

    /** Remembers the undefined bits, neither none nor all, of the byte. */
    public static void put(long address, int bits) {
        long entry = address << 8 | bits;
        for (int probe = 0; probe < PROBES; probe++) {
            long at = slot(address, probe);
            while (true) {
                long old = Ptr.getLongAcquire(at);
                if (old != 0 && old >>> 8 != address && Shadow.state(old >>> 8) == Shadow.PARTIAL) {
                    break;
                }
                if (Ptr.compareAndSwapLong(at, old, entry)) {
                    return;
                }
            }
        }
        // Crowded: somebody else's byte will count as wholly undefined.
        Ptr.putLongRelease(slot(address, (int) (address & PROBES - 1)), entry);
    }

    /** Undefined bits of a byte whose code is 2; all if they have been forgotten. */
    public static int get(long address) {
        for (int probe = 0; probe < PROBES; probe++) {
            long entry = Ptr.getLongAcquire(slot(address, probe));
            if (entry >>> 8 == address) {
                return (int) entry & 0xff;
            }
            if (entry == 0) {
                return 0xff;
            }
        }
        return 0xff;
    }
}
