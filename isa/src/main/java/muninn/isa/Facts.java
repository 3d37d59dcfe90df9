// SPDX-License-Identifier: MIT
package muninn.isa;

/** Derives what an instruction touches from its row of {@link InsnTable} and the bytes that the decoder found. */
final class Facts {
    private static final int ALL_REGISTERS = 0xffff;
    private static final int RCX = 1 << 1;

    private Facts() {}

    static void derive(Insn in) {
        if (in.row < 0 || in.invalid) {
            unknown(in);
            return;
        }
        int shape = InsnTable.shape(in.row);
        long[] shapes = InsnTable.SHAPES;
        in.operands = shapes[shape];
        long implicit = shapes[shape + 1];
        long traits = shapes[shape + 2];
        in.traits = traits;
        in.flow = (int) traits & 15;
        in.gprReads = (int) implicit & ALL_REGISTERS;
        in.gprWrites = (int) (implicit >>> 16) & ALL_REGISTERS;
        in.flagsRead = (int) (implicit >>> 32) & Flags.ALL;
        in.flagsWritten = (int) (implicit >>> 39) & Flags.ALL;
        in.flagsUndefined = (int) (implicit >>> 46) & Flags.ALL;
        for (long o = in.operands; o != 0; o >>>= 16) {
            operand(in, (int) o & 0xffff);
        }
        if (in.hasMemory) {
            address(in, traits);
        }
        if ((traits & (InsnTable.STRING | InsnTable.SHIFT_IMMEDIATE | InsnTable.VENDOR)) != 0) {
            special(in, traits);
        }
    }

    /** What the table lacks may do anything, except that it falls through unless it is certainly invalid. */
    private static void unknown(Insn in) {
        in.row = -1;
        boolean oneByte = in.map == InsnTable.MAP_ONE || in.map == InsnTable.MAP_0F && in.modRmOffset < 0;
        in.flow = (in.invalid || oneByte ? Flow.TRAP : Flow.NEXT).ordinal();
        conservative(in);
        if (in.hasMemory) {
            in.memSize = 64;
            in.memAccess = Operand.READ | Operand.WRITE;
            in.traits = InsnTable.VARIABLE;
        }
    }

    private static void conservative(Insn in) {
        in.gprReads = ALL_REGISTERS;
        in.gprWrites = ALL_REGISTERS;
        in.flagsRead = Flags.ALL;
        in.flagsWritten = Flags.ALL;
    }

    private static void operand(Insn in, int operand) {
        int access = operand >>> 10 & 3;
        switch (Operand.kind(operand)) {
            case Operand.RM -> {
                if (in.hasMemory) {
                    memory(in, operand, access);
                } else {
                    register(in, in.rmNumber(), operand, access);
                }
            }
            case Operand.RM_REG -> register(in, in.rmNumber(), operand, access);
            case Operand.REG -> register(in, in.regNumber(), operand, access);
            case Operand.VEX_REG -> register(in, in.vvvv, operand, access);
            case Operand.OPCODE_REG -> register(in, in.opcode & 7 | (in.rex & 1) << 3, operand, access);
            case Operand.FIXED -> register(in, operand >>> 12, operand, access);
            case Operand.MEMORY, Operand.ABSOLUTE, Operand.VECTOR_RM, Operand.MMX_RM, Operand.MASK_RM -> {
                if (in.hasMemory) {
                    memory(in, operand, access);
                }
            }
            default -> { }
        }
    }

    private static void register(Insn in, int number, int operand, int access) {
        int size = size(in, Operand.sizeCode(operand));
        int register = number & 15;
        // Without REX, byte registers 4..7 are ah, ch, dh, bh.
        if (size == 1 && register >= 4 && register < 8 && in.rex == 0 && Operand.kind(operand) != Operand.FIXED) {
            register -= 4;
        }
        int bit = 1 << register;
        if ((access & Operand.WRITE) != 0) {
            in.gprWrites |= bit;
            if (size < 4) {
                in.gprReads |= bit;
            }
        }
        if ((access & Operand.READ) != 0) {
            in.gprReads |= bit;
        }
    }

    private static void memory(Insn in, int operand, int access) {
        int element = (int) (in.traits >>> InsnTable.TRAIT_ELEMENT) & 3;
        in.memAccess = access;
        in.memSize = in.evexB && element != 0 ? 1 << element : size(in, Operand.sizeCode(operand));
    }

    private static void address(Insn in, long traits) {
        if (in.memSize == 0) {
            in.memAccess = 0;
        }
        if (in.memBase >= 0) {
            in.gprReads |= 1 << in.memBase;
        }
        if ((traits & InsnTable.VSIB) != 0) {
            // A vector index has no value that means none, and EVEX.V' as a fifth bit.
            in.memIndex = in.sib >>> 3 & 7 | (in.rex & 2) << 2 | in.evexV;
            in.vvvv &= 15;
        } else if (in.memIndex >= 0) {
            in.gprReads |= 1 << in.memIndex;
        }
        if (in.encoding == Insn.ENCODING_EVEX && in.dispSize == 1) {
            int element = (int) (traits >>> InsnTable.TRAIT_ELEMENT) & 3;
            in.memDisp *= (traits & InsnTable.ELEMENT_BYTE) != 0 ? 1
                : (traits & InsnTable.ELEMENT_DISPLACEMENT) != 0 ? 1 << element : in.memSize;
        }
    }

    private static void special(Insn in, long traits) {
        if ((traits & InsnTable.VENDOR) != 0) {
            conservative(in);
        } else if ((traits & InsnTable.SHIFT_IMMEDIATE) != 0) {
            int count = (int) in.immediate() & (in.operandSize() == 8 ? 63 : 31);
            if (count == 0) {
                in.flagsRead = 0;
                in.flagsWritten = 0;
                in.flagsUndefined = 0;
            }
        } else if ((in.prefixes & (Insn.PREFIX_REP | Insn.PREFIX_REPNE)) != 0 && (traits & InsnTable.MASKED) == 0) {
            // A count of zero leaves registers and flags as they were.
            in.gprWrites |= RCX;
            in.gprReads |= in.gprWrites;
            in.flagsRead |= in.flagsWritten;
        }
    }

    static int size(Insn in, int code) {
        if (code <= Operand.SIZE_FIXED_LAST) {
            return Operand.FIXED_SIZES[code];
        }
        return switch (code) {
            case Operand.SIZE_V -> in.operandSize;
            case Operand.SIZE_Z -> in.operandSize == 2 ? 2 : 4;
            case Operand.SIZE_Y -> (in.rex & 8) != 0 ? 8 : 4;
            case Operand.SIZE_STACK -> in.operandSize == 2 ? 2 : 8;
            case Operand.SIZE_X -> vector(in);
            case Operand.SIZE_H -> vector(in) >>> 1;
            case Operand.SIZE_F -> vector(in) >>> 2;
            case Operand.SIZE_E -> vector(in) >>> 3;
            case Operand.SIZE_FAR -> in.operandSize + 2;
            case Operand.SIZE_ADDRESS -> in.addressSize();
            case Operand.SIZE_DUP -> vector(in) == 16 ? 8 : vector(in);
            default -> (in.rex & 8) != 0 ? 16 : 8;
        };
    }

    private static int vector(Insn in) {
        return in.vectorLength == 0 ? 16 : in.vectorLength;
    }
}
