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
 *               bits 3-11 where rbp is saved: (CFA - address) / 8
 *               bits 12-31 n / 8, signed
 * SIGNAL_FRAME  all state is in the kernel's signal frame at rsp
 * LOADED_FRAME  CFA = the long at rbp + n (a realigned frame), rbp is saved at rbp
 * </pre>
 * The return address is always at CFA - 8.
 */
@SystemCode("runs inside the client")
public final class UnwindWalk {
    public static final int CFA_STOP = 0;
    public static final int CFA_RSP = 1;
    public static final int CFA_RBP = 2;
    public static final int CFA_PLT = 3;
    private static final int RBP_SAVED = 4;
    /** Rules of kind {@link #CFA_STOP} that go on nevertheless. */
    public static final int SIGNAL_FRAME = 1 << 3;
    public static final int LOADED_FRAME = 2 << 3;
    public static final int HEADER = 16;
    public static final int MODULE = 32;
    /** Offsets of registers in the signal frame, from rsp at the restorer: struct ucontext, uc_mcontext. */
    public static final int SIGNAL_RBP = 120;
    public static final int SIGNAL_RSP = 160;
    public static final int SIGNAL_RIP = 168;
    private static final int OFFSET_SHIFT = 12;
    private static final int DEPTH_SHIFT = 3;
    private static final int MOST_DEPTH = 0x1ff;
    /** Frames larger than this are not believed. */
    private static final long MAX_STEP = 1L << 26;

    /** An address is looked for in so many frames. */
    private static final int MOST_FRAMES = 64;

    static long directory = AddressMap.UNWIND_BASE;

    private UnwindWalk() {}

    /** Writes up to {@code max} return addresses of the callers of the frame with this return address; returns how many. */
    static int walk(long pc, long sp, long bp, long out, int max) {
        int count = 0;
        long version = Ptr.getLongAcquire(directory);
        if ((version & 1) != 0) {
            return 0;
        }
        // 1 while pc is a return address and so belongs to the call before it; 0 where a signal interrupted.
        int back = 1;
        while (count < max) {
            int rule = find(pc - back);
            if (rule == 0) {
                // The restorer is entered by a return, and some files describe it from its first byte only.
                rule = find(pc);
                if (rule != SIGNAL_FRAME) {
                    break;
                }
            }
            if (rule == SIGNAL_FRAME) {
                long before = sp;
                pc = Ptr.getLong(before + SIGNAL_RIP);
                bp = Ptr.getLong(before + SIGNAL_RBP);
                sp = Ptr.getLong(before + SIGNAL_RSP);
                // An alternate signal stack may lie on either side; it is no step that could be judged.
                if (pc == 0 || (sp & 7) != 0) {
                    break;
                }
                Ptr.putLong(out + 8L * count, pc);
                count++;
                back = 0;
                continue;
            }
            back = 1;
            long cfa;
            if ((rule & 3) == CFA_STOP) {
                // Only a realigned frame is left: its rbp lies between rsp and the CFA.
                if (bp < sp || bp - sp > MAX_STEP) {
                    break;
                }
                cfa = Ptr.getLong(bp + offset(rule));
                bp = Ptr.getLong(bp);
            } else {
                cfa = cfa(rule, pc, sp, bp);
            }
            if (!isStep(sp, cfa)) {
                break;
            }
            bp = callerBp(rule, cfa, bp);
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

    /**
     * Finds the frame that holds an address. Frames start where the stack pointer was and end at their CFA.
     *
     * @param pc the instruction that is being executed, or any address in the innermost function
     * @param out receives start, end, and a pc in the frame's function
     * @return whether there is one
     */
    public static boolean frame(long pc, long sp, long bp, long address, long out) {
        if ((Ptr.getLongAcquire(directory) & 1) != 0) {
            return false;
        }
        int back = 0;
        for (int i = 0; i < MOST_FRAMES; i++) {
            int rule = find(pc - back);
            if ((rule & 3) == CFA_STOP) {
                return false;
            }
            long cfa = cfa(rule, pc, sp, bp);
            if (!isStep(sp, cfa)) {
                return false;
            }
            if (address < cfa) {
                Ptr.putLong(out, sp);
                Ptr.putLong(out + 8, cfa);
                Ptr.putLong(out + 16, pc - back);
                return true;
            }
            bp = callerBp(rule, cfa, bp);
            pc = Ptr.getLong(cfa - 8);
            sp = cfa;
            back = 1;
        }
        return false;
    }

    /** The part of a rule that says n; -1 if there is no such rule. */
    public static int withOffset(long n) {
        int rule = (int) (n >> 3) << OFFSET_SHIFT;
        return offset(rule) == n ? rule : -1;
    }

    /** The part of a rule that says that rbp is saved so many bytes below the CFA; -1 if there is no such rule. */
    public static int withSavedRbp(long depth) {
        return (depth & 7) == 0 && depth > 0 && depth >> 3 <= MOST_DEPTH ? RBP_SAVED | (int) (depth >> 3) << DEPTH_SHIFT : -1;
    }

    /** Whether a rule is {@link #LOADED_FRAME}, with any n. */
    public static boolean isLoadedFrame(int rule) {
        return (rule & (1 << OFFSET_SHIFT) - 1) == LOADED_FRAME;
    }

    /** A rule's n, in bytes. */
    public static long offset(int rule) {
        return (long) (rule >> OFFSET_SHIFT) << 3;
    }

    /** How many bytes below the CFA rbp is saved; 0 if it is not. */
    public static long savedRbp(int rule) {
        return (rule & RBP_SAVED) == 0 ? 0 : (long) (rule >>> DEPTH_SHIFT & MOST_DEPTH) << 3;
    }

    /** The CFA by a rule of any kind but CFA_STOP. */
    private static long cfa(int rule, long pc, long sp, long bp) {
        int kind = rule & 3;
        if (kind == CFA_RSP) {
            return sp + offset(rule);
        }
        if (kind == CFA_RBP) {
            return bp + offset(rule);
        }
        return sp + 8 + ((pc & 15) >= 11 ? 8 : 0);
    }

    private static boolean isStep(long sp, long cfa) {
        return cfa > sp && cfa - sp <= MAX_STEP && (cfa & 7) == 0;
    }

    /** The caller's rbp: saved in the frame, or the same. */
    private static long callerBp(int rule, long cfa, long bp) {
        return (rule & RBP_SAVED) == 0 ? bp : Ptr.getLong(cfa - savedRbp(rule));
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
