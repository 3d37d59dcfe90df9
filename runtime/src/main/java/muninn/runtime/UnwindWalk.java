// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Walks the client's stack by compact tables that the controller made of {@code .eh_frame}.
 *
 * <pre>
 * UNWIND_BASE   long version (odd while being changed), long modules, then modules x {start, end, table, entries}, sorted
 * table         entries x {int pc offset from start, int rule}, sorted
 * rule          bits 0-1  CFA: 0 unknown (stop), 1 rsp + n, 2 rbp + n, 3 the PLT's rule (rsp + 8 or 16)
 *               bit  2    rbp is saved
 *               bits 3-15 where rbp is saved: (CFA - address) / 8
 *               bits 16-31 n / 8, signed
 * </pre>
 * The return address is always at CFA - 8.
 */
@SystemCode("runs inside the client")
public final class UnwindWalk {
    public static final int CFA_STOP = 0;
    public static final int CFA_RSP = 1;
    public static final int CFA_RBP = 2;
    public static final int CFA_PLT = 3;
    public static final int HEADER = 16;
    public static final int MODULE = 32;
    /** Frames larger than this are not believed. */
    private static final long MAX_STEP = 1L << 26;

    static long directory = AddressMap.UNWIND_BASE;

    private UnwindWalk() {}

    /** Writes up to {@code max} return addresses of the callers of the frame with this return address; returns how many. */
    static int walk(long pc, long sp, long bp, long out, int max) {
        int count = 0;
        long version = Ptr.getLongAcquire(directory);
        if ((version & 1) != 0) {
            return 0;
        }
        while (count < max) {
            int rule = find(pc - 1);
            int kind = rule & 3;
            if (kind == CFA_STOP) {
                break;
            }
            long n = (long) (rule >> 16) << 3;
            long cfa;
            if (kind == CFA_RSP) {
                cfa = sp + n;
            } else if (kind == CFA_RBP) {
                cfa = bp + n;
            } else {
                cfa = sp + 8 + ((pc & 15) >= 11 ? 8 : 0);
            }
            if (cfa <= sp || cfa - sp > MAX_STEP || (cfa & 7) != 0) {
                break;
            }
            if ((rule & 4) != 0) {
                bp = Ptr.getLong(cfa - ((long) (rule >>> 3 & 0x1fff) << 3));
            }
            pc = Ptr.getLong(cfa - 8);
            sp = cfa;
            if (pc == 0) {
                break;
            }
            Ptr.putLong(out + 8L * count, pc);
            count++;
        }
        return count;
    }

    /** The rule that holds at a pc, or 0. */
    private static int find(long pc) {
        long low = 0;
        long high = Ptr.getLong(directory + 8) - 1;
        while (low <= high) {
            long mid = low + high >>> 1;
            long m = directory + HEADER + mid * MODULE;
            if (Long.compareUnsigned(pc, Ptr.getLong(m)) < 0) {
                high = mid - 1;
            } else if (Long.compareUnsigned(pc, Ptr.getLong(m + 8)) >= 0) {
                low = mid + 1;
            } else {
                return rule(Ptr.getLong(m + 16), Ptr.getLong(m + 24), (int) (pc - Ptr.getLong(m)));
            }
        }
        return 0;
    }

    private static int rule(long table, long entries, int offset) {
        long low = 0;
        long high = entries - 1;
        while (low <= high) {
            long mid = low + high >>> 1;
            if (Integer.compareUnsigned(Ptr.getInt(table + mid * 8), offset) <= 0) {
                low = mid + 1;
            } else {
                high = mid - 1;
            }
        }
        return high < 0 ? 0 : Ptr.getInt(table + high * 8 + 4);
    }
}
