// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.HeapCalls;
import muninn.runtime.Shadow;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * String instructions, all repetitions at once. PARAMETER: 1 rep or repe, 2 repne, 0 once. The instruction itself follows; a fault in the
 * middle leaves the shadow of the rest changed, which is as good as what it was.
 */
@SystemCode("runs inside the client")
final class StringSteps {
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RSI = 6;
    private static final int RDI = 7;

    private StringSteps() {}

    static void step(long area, long record, int operation) {
        int size = Ptr.getUnsignedByte(record + Descriptor.SIZE);
        int repeat = Ptr.getUnsignedByte(record + Descriptor.PARAMETER);
        boolean source = operation == Operation.STRING_MOVE || operation == Operation.STRING_LOAD || operation == Operation.STRING_COMPARE;
        boolean target = operation != Operation.STRING_LOAD;
        if (operation == Operation.STRING_PORT) {
            return;
        }
        if (repeat != 0) {
            check(area, RCX, true);
        }
        if (source) {
            check(area, RSI, false);
        }
        if (target) {
            check(area, RDI, false);
        }
        long count = repeat == 0 ? 1 : Definedness.gpr(area, RCX);
        if (count == 0) {
            return;
        }
        boolean down = (Ptr.getLong(area + ThreadArea.FLAGS) & FlagBits.DF) != 0;
        if (operation == Operation.STRING_COMPARE || operation == Operation.STRING_SCAN) {
            compare(area, operation, size, repeat, count, down ? -size : size);
            return;
        }
        long bytes = count * size;
        long back = down ? bytes - size : 0;
        long from = Definedness.gpr(area, RSI) - back;
        if ((Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.FS) != 0) {
            from += Ptr.getLong(area + ShadowRegisters.FS_BASE);
        }
        long to = Definedness.gpr(area, RDI) - back;
        if (bytes < 0 || bytes / size != count) {
            // More than there is: the instruction will fault.
            return;
        }
        if (source) {
            reportRange(area, from, bytes, size, true);
        }
        if (operation != Operation.STRING_LOAD) {
            reportRange(area, to, bytes, size, false);
        }
        switch (operation) {
            case Operation.STRING_MOVE:
                MemoryBits.copy(to, from, bytes);
                if (Origins.on != 0) {
                    Origins.copied(area, to, from, bytes);
                }
                return;
            case Operation.STRING_STORE: {
                long bits = Definedness.gprBits(area, RAX) & IntegerBits.cut(size);
                if (bits == 0) {
                    MemoryBits.setState(to, bytes, Shadow.DEFINED);
                } else {
                    Ptr.putLong(area + ShadowRegisters.RESULT, bits);
                    for (long i = 0; i < bytes; i += size) {
                        MemoryBits.store(area + ShadowRegisters.RESULT, to + i, size);
                        if (Origins.on != 0) {
                            Origins.stored(area, to + i, size, Ptr.getLong(area + ShadowRegisters.ORIGIN));
                        }
                    }
                }
                return;
            }
            default: {
                long last = down ? from : from + bytes - size;
                MemoryBits.load(area + ShadowRegisters.RESULT, last, size);
                if (Origins.on != 0) {
                    Origins.loaded(area, area + ShadowRegisters.RESULT, last, size);
                }
                IntegerBits.setGpr(area, RAX, size, Operands.load(area + ShadowRegisters.RESULT, size));
            }
        }
    }

    private static void check(long area, int register, boolean condition) {
        if (Definedness.gprBits(area, register) != 0) {
            if (condition) {
                Reports.condition(area);
            } else {
                Reports.value(area, 8);
            }
            Definedness.defineGpr(area, register);
        }
    }

    /** Reports the first access that leaves accessible memory, as one access of the instruction's size. */
    private static void reportRange(long area, long at, long bytes, int size, boolean read) {
        long bad = Shadow.firstNotAccessible(at, bytes);
        if (bad >= 0) {
            HeapCalls.report(area, at + (bad - at) / size * size, size, read, !read);
        }
    }

    /** Follows the comparison element by element until it ends. */
    private static void compare(long area, int operation, int size, int repeat, long count, long step) {
        long from = Definedness.gpr(area, RSI);
        long to = Definedness.gpr(area, RDI);
        boolean both = operation == Operation.STRING_COMPARE;
        long m = IntegerBits.cut(size);
        long scratch = area + ShadowRegisters.MERGE;
        long flags = 0;
        boolean reported = false;
        for (long i = 0; i < count; i++) {
            if (!reported) {
                reported = bad(area, to, size) || both && bad(area, from, size);
            }
            if (Shadow.state(to) == Shadow.NOACCESS && reported) {
                break;
            }
            long y = Operands.load(to, size);
            MemoryBits.load(scratch, to, size);
            if (Origins.on != 0) {
                Origins.loaded(area, scratch, to, size);
            }
            long b = Operands.load(scratch, size);
            long x = Definedness.gpr(area, RAX) & m;
            long a = Definedness.gprBits(area, RAX) & m;
            if (both) {
                x = Operands.load(from, size);
                MemoryBits.load(scratch, from, size);
                if (Origins.on != 0) {
                    Origins.loaded(area, scratch, from, size);
                }
                a = Operands.load(scratch, size);
            }
            flags = FlagBits.ofComparison(x, a, y, b, IntegerBits.top(size)) | ((a | b) == 0 ? 0 : FlagBits.SF | FlagBits.OF | FlagBits.PF
                    | FlagBits.AF);
            if (repeat != 0 && (flags & FlagBits.ZF) != 0) {
                Reports.condition(area);
                flags = 0;
            }
            if (repeat == 1 && x != y || repeat == 2 && x == y) {
                break;
            }
            to += step;
            from += step;
        }
        FlagBits.set(area, FlagBits.STATUS, flags);
    }

    private static boolean bad(long area, long at, int size) {
        if (Shadow.firstNotAccessible(at, size) < 0) {
            return false;
        }
        HeapCalls.report(area, at, size, true, false);
        return true;
    }
}
