// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.ShadowRegisters;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** The x87: each register is wholly defined or wholly undefined, by physical number. */
@SystemCode("runs inside the client")
final class X87Bits {
    private static final long COMPARED = FlagBits.CF | FlagBits.ZF | FlagBits.PF;

    private X87Bits() {}

    private static int top(long area) {
        return Ptr.getUnsignedShort(area + ShadowRegisters.X87_VALUES + 2) >>> 11 & 7;
    }

    private static long at(long area, int i) {
        return area + ShadowRegisters.X87 + 16L * (top(area) + i & 7);
    }

    private static boolean isUndefined(long area, int i) {
        return Ptr.getLong(at(area, i)) != 0;
    }

    private static void set(long area, int i, boolean undefined) {
        Ptr.putLong(at(area, i), undefined ? -1 : 0);
        Ptr.putLong(at(area, i) + 8, 0);
    }

    private static boolean source(long area, long record, int i) {
        return Operands.kind(record, i) == Descriptor.X87 ? isUndefined(area, Operands.number(record, i))
                : Operands.isUndefined(area, record, i);
    }

    /** Operations on the x87 stack. Those that store to memory leave what they store in the result. */
    static void operate(long area, long record, int operation) {
        int parameter = Ptr.getUnsignedByte(record + Descriptor.PARAMETER);
        boolean undefined = source(area, record, 1) || source(area, record, 2);
        switch (operation) {
            case Operation.X87_LOAD:
                set(area, -1, undefined);
                break;
            case Operation.X87_STORE:
            case Operation.X87_OPERATE:
                if (Operands.kind(record, 0) == Descriptor.X87) {
                    set(area, Operands.number(record, 0), undefined);
                } else {
                    ShortMemory.fill(area + ShadowRegisters.RESULT, undefined ? 0xff : 0, Operands.bytes(record, 0));
                }
                pop(area, parameter);
                break;
            case Operation.X87_CONDITIONAL:
                if (FlagBits.isUndefined(area, parameter)) {
                    set(area, 0, true);
                } else if (FlagBits.holds(Ptr.getLong(area + muninn.runtime.ThreadArea.FLAGS), parameter)) {
                    set(area, 0, isUndefined(area, Operands.number(record, 1)));
                }
                break;
            case Operation.X87_COMPARE:
                if (Operands.kind(record, 0) == Descriptor.NONE) {
                    Ptr.putLong(area + ShadowRegisters.X87_STATUS, undefined ? 0x4500 : 0);
                } else {
                    FlagBits.set(area, FlagBits.STATUS, undefined ? FlagBits.combined(COMPARED) : 0);
                }
                pop(area, parameter);
                break;
            case Operation.X87_EXCHANGE: {
                int other = Operands.number(record, 1);
                boolean first = isUndefined(area, 0);
                set(area, 0, isUndefined(area, other));
                set(area, other, first);
                break;
            }
            case Operation.X87_STATUS:
                Ptr.putLong(area + ShadowRegisters.RESULT, Ptr.getLong(area + ShadowRegisters.X87_STATUS));
                Operands.commit(area, record);
                break;
            default:
                ShortMemory.fill(area + ShadowRegisters.X87, 0, 128);
                Ptr.putLong(area + ShadowRegisters.X87_STATUS, 0);
                break;
        }
        Operands.x87Dirty(area);
    }

    private static void pop(long area, int count) {
        for (int i = 0; i < count; i++) {
            set(area, i, false);
        }
    }
}
