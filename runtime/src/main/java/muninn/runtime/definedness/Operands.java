// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Where the operands of a descriptor lie: their undefined bits, and their values. */
@SystemCode("runs inside the client")
final class Operands {
    private Operands() {}

    static int kind(long record, int i) {
        return Ptr.getUnsignedByte(record + Descriptor.OPERANDS + 4 * i);
    }

    static int number(long record, int i) {
        return Ptr.getUnsignedByte(record + Descriptor.OPERANDS + 4 * i + 1);
    }

    static int bytes(long record, int i) {
        return Ptr.getUnsignedByte(record + Descriptor.OPERANDS + 4 * i + 2);
    }

    /** Address of the undefined bits of operand {@code i}. */
    static long bits(long area, long record, int i) {
        int number = number(record, i);
        switch (kind(record, i)) {
            case Descriptor.GPR:
                return area + ShadowRegisters.GPRS + 8L * number;
            case Descriptor.GPR_HIGH:
                return area + ShadowRegisters.GPRS + 8L * number + 1;
            case Descriptor.VECTOR:
                return area + ShadowRegisters.VECTORS + 64L * number;
            case Descriptor.MASK:
                return area + ShadowRegisters.MASKS + 8L * number;
            case Descriptor.MMX:
                return area + ShadowRegisters.X87 + 16L * number;
            case Descriptor.MEMORY:
                return area + ShadowRegisters.MEMORY_BITS;
            default:
                return area + ShadowRegisters.ZERO;
        }
    }

    /** Address of the value of operand {@code i}. */
    static long value(long area, long record, int i) {
        int number = number(record, i);
        switch (kind(record, i)) {
            case Descriptor.GPR:
                return area + ThreadArea.GPRS + 8L * number;
            case Descriptor.GPR_HIGH:
                return area + ThreadArea.GPRS + 8L * number + 1;
            case Descriptor.VECTOR:
                return area + ShadowRegisters.VECTOR_VALUES + 64L * number;
            case Descriptor.MASK:
                return area + ShadowRegisters.MASK_VALUES + 8L * number;
            case Descriptor.MMX:
                // Of an MMX register: fxsave keeps it where it keeps ST(i) with the same number, from byte 32 on.
                return area + ShadowRegisters.X87_VALUES + 32 + 16L * number;
            case Descriptor.MEMORY:
                return area + ShadowRegisters.MEMORY_VALUE;
            case Descriptor.CONSTANT:
                return record + Descriptor.IMMEDIATE;
            default:
                return area + ShadowRegisters.ZERO;
        }
    }

    /** An unsigned number of 1, 2, 4 or 8 bytes; 0 bytes are 0. */
    static long load(long address, int bytes) {
        switch (bytes) {
            case 0:
                return 0;
            case 1:
                return Ptr.getUnsignedByte(address);
            case 2:
                return Ptr.getUnsignedShort(address);
            case 4:
                return Ptr.getUnsignedInt(address);
            default:
                return Ptr.getLong(address);
        }
    }

    /** Whether any bit of operand {@code i} is undefined. */
    static boolean isUndefined(long area, long record, int i) {
        return any(bits(area, record, i), bytes(record, i));
    }

    /** Whether any of the bytes is not zero. */
    static boolean any(long address, int bytes) {
        int at = 0;
        while (bytes - at >= 8) {
            if (Ptr.getLong(address + at) != 0) {
                return true;
            }
            at += 8;
        }
        while (at < bytes) {
            if (Ptr.getByte(address + at) != 0) {
                return true;
            }
            at++;
        }
        return false;
    }

    /** Writes the result to operand 0. Memory is left to the caller. */
    static void commit(long area, long record) {
        long result = area + ShadowRegisters.RESULT;
        int bytes = bytes(record, 0);
        int number = number(record, 0);
        switch (kind(record, 0)) {
            case Descriptor.GPR:
                IntegerBits.setGpr(area, number, bytes, Ptr.getLong(result));
                return;
            case Descriptor.GPR_HIGH:
                Ptr.putByte(area + ShadowRegisters.GPRS + 8L * number + 1, Ptr.getByte(result));
                IntegerBits.dirty(area, number);
                return;
            case Descriptor.VECTOR: {
                long at = area + ShadowRegisters.VECTORS + 64L * number;
                ShortMemory.copy(at, result, bytes);
                if ((Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.ZERO_UPPER) != 0) {
                    ShortMemory.fill(at + bytes, 0, 64 - bytes);
                }
                vectorDirty(area, number);
                return;
            }
            case Descriptor.MASK:
                setMask(area, number, Ptr.getLong(result));
                return;
            case Descriptor.MMX:
                Ptr.putLong(area + ShadowRegisters.X87 + 16L * number, Ptr.getLong(result));
                x87Dirty(area);
                return;
            default:
        }
    }

    static void setMask(long area, int number, long bits) {
        Ptr.putLong(area + ShadowRegisters.MASKS + 8L * number, bits);
        setDirty(area, ShadowRegisters.DIRTY_MASK + number, bits != 0);
    }

    static void vectorDirty(long area, int number) {
        setDirty(area, ShadowRegisters.DIRTY_VECTOR + number, any(area + ShadowRegisters.VECTORS + 64L * number, 64));
    }

    static void x87Dirty(long area) {
        setDirty(area, ShadowRegisters.DIRTY_X87,
                any(area + ShadowRegisters.X87, 128) || Ptr.getLong(area + ShadowRegisters.X87_STATUS) != 0);
    }

    static void setDirty(long area, int bit, boolean dirty) {
        long mask = Ptr.getLong(area + ShadowRegisters.DIRTY);
        Ptr.putLong(area + ShadowRegisters.DIRTY, dirty ? mask | 1L << bit : mask & ~(1L << bit));
    }
}
