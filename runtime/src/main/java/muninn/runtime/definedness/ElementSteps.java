// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.HeapCalls;
import muninn.runtime.ShadowRegisters;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Loads and stores of single elements: masked, gathered, scattered. Only elements that are chosen are accessed. */
@SystemCode("runs inside the client")
final class ElementSteps {
    private ElementSteps() {}

    static void step(long area, long record, int operation, int size) {
        switch (operation) {
            case Operation.MASKED_LOAD:
                load(area, record, size);
                return;
            case Operation.MASKED_STORE:
                store(area, record, size);
                return;
            default:
                gather(area, record, size, operation == Operation.SCATTER);
        }
    }

    /**
     * Whether element {@code i} is chosen, by bit i of the mask register or by its sign in the operand {@code choice}; an undefined
     * choice is reported and then taken as it is.
     */
    private static boolean isChosen(long area, long record, int choice, int i, int size) {
        int opmask = Ptr.getUnsignedByte(record + Descriptor.OPMASK);
        if (opmask != 0) {
            return (Ptr.getLong(area + ShadowRegisters.MASK_VALUES + 8L * opmask) >>> i & 1) != 0;
        }
        if (choice == 0) {
            return true;
        }
        return Ptr.getByte(Operands.value(area, record, choice) + i * size + size - 1) < 0;
    }

    /** Reports a choice that is undefined; the mask counts as defined from then on. */
    private static void checkChoice(long area, long record, int choice, int bytes) {
        int opmask = Ptr.getUnsignedByte(record + Descriptor.OPMASK);
        if (opmask != 0) {
            if (Ptr.getLong(area + ShadowRegisters.MASKS + 8L * opmask) != 0) {
                Reports.value(area, 8);
                Operands.setMask(area, opmask, 0);
            }
        } else if (choice != 0 && Operands.any(Operands.bits(area, record, choice), bytes)) {
            Reports.value(area, bytes);
            ShortMemory.fill(Operands.bits(area, record, choice), 0, bytes);
            Operands.vectorDirty(area, Operands.number(record, choice));
        }
    }

    /** Operand 1 chooses if there is no mask register; memory is operand 2. */
    private static void load(long area, long record, int size) {
        int bytes = Operands.bytes(record, 0);
        int choice = Operands.kind(record, 1) == Descriptor.VECTOR ? 1 : 0;
        checkChoice(area, record, choice, bytes);
        long at = Ptr.getLong(area + ShadowRegisters.ADDRESS);
        boolean keep = Ptr.getUnsignedByte(record + Descriptor.OPMASK) != 0
                && (Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.ZEROING) == 0;
        long to = area + ShadowRegisters.RESULT;
        for (int i = 0; i * size < bytes; i++) {
            if (isChosen(area, record, choice, i, size)) {
                HeapCalls.report(area, at + i * size, size, true, false);
                MemoryBits.load(to + i * size, at + i * size, size);
                if (Origins.on != 0) {
                    Origins.loaded(area, to + i * size, at + i * size, size);
                }
            } else if (keep) {
                ShortMemory.copy(to + i * size, Operands.bits(area, record, 0) + i * size, size);
            }
        }
        Operands.commit(area, record);
    }

    /** Operand 1 chooses if there is no mask register; operand 2 is stored. */
    private static void store(long area, long record, int size) {
        int bytes = Operands.bytes(record, 2);
        int choice = Operands.kind(record, 1) == Descriptor.NONE ? 0 : 1;
        checkChoice(area, record, choice, bytes);
        long at = Ptr.getLong(area + ShadowRegisters.ADDRESS);
        for (int i = 0; i * size < bytes; i++) {
            if (isChosen(area, record, choice, i, size)) {
                HeapCalls.report(area, at + i * size, size, false, true);
                MemoryBits.store(Operands.bits(area, record, 2) + i * size, at + i * size, size);
                if (Origins.on != 0) {
                    Origins.stored(area, at + i * size, size, Ptr.getLong(area + ShadowRegisters.ORIGIN));
                }
            }
        }
    }

    /**
     * Elements of SIZE bytes at base + index; operand 0 is what is loaded or, for a scatter, stored; operand 1 chooses if there is no
     * mask register; the index register is operand 3, its elements have PARAMETER bytes. ADDRESS is the address without the index.
     */
    private static void gather(long area, long record, int size, boolean scatter) {
        int bytes = Operands.bytes(record, 0);
        int indexBytes = Ptr.getUnsignedByte(record + Descriptor.PARAMETER);
        int indexes = Operands.bytes(record, 3);
        int choice = Operands.kind(record, 1) == Descriptor.VECTOR ? 1 : 0;
        checkChoice(area, record, choice, bytes);
        long base = Ptr.getLong(area + ShadowRegisters.ADDRESS);
        int scale = Ptr.getUnsignedByte(record + Descriptor.SCALE);
        long values = Operands.value(area, record, 3);
        long bits = Operands.bits(area, record, 3);
        boolean reported = false;
        long data = Operands.bits(area, record, 0);
        for (int i = 0; i * size < bytes && i * indexBytes < indexes; i++) {
            if (isChosen(area, record, choice, i, size)) {
                if (!reported && Operands.any(bits + i * indexBytes, indexBytes)) {
                    Reports.value(area, 8);
                    reported = true;
                }
                long index = indexBytes == 8 ? Ptr.getLong(values + i * 8L) : Ptr.getInt(values + i * 4L);
                long at = base + (index << scale);
                HeapCalls.report(area, at, size, !scatter, scatter);
                if (scatter) {
                    MemoryBits.store(data + i * size, at, size);
                    if (Origins.on != 0) {
                        Origins.stored(area, at, size, Ptr.getLong(area + ShadowRegisters.ORIGIN));
                    }
                } else {
                    MemoryBits.load(data + i * size, at, size);
                    if (Origins.on != 0) {
                        Origins.loaded(area, data + i * size, at, size);
                    }
                }
            }
        }
        if (!scatter) {
            if ((Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.ZERO_UPPER) != 0) {
                ShortMemory.fill(data + bytes, 0, 64 - bytes);
            }
            Operands.vectorDirty(area, Operands.number(record, 0));
        }
    }
}
