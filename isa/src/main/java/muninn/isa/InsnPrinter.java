// SPDX-License-Identifier: MIT
package muninn.isa;

/** Text of an instruction for dumps: address, bytes, mnemonic and operands in Intel syntax. */
final class InsnPrinter {
    private static final String HEX = "0123456789abcdef";
    private static final String[] LEGACY = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"};
    private static final String[] BYTES = {"al", "cl", "dl", "bl", "ah", "ch", "dh", "bh", "al", "cl", "dl", "bl", "spl", "bpl",
        "sil", "dil"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs", "?", "?"};

    private InsnPrinter() {}

    static String line(Insn in) {
        StringBuilder s = new StringBuilder(80);
        s.append("0x").append(Long.toHexString(in.address())).append("  ");
        if (in.isTruncated()) {
            return s.append("(truncated)").toString();
        }
        for (int i = 0; i < in.length(); i++) {
            int b = in.byteAt(i);
            s.append(HEX.charAt(b >>> 4)).append(HEX.charAt(b & 15)).append(' ');
        }
        s.append(' ');
        if (in.hasLock()) {
            s.append("lock ");
        }
        if (in.isString() && (in.hasRep() || in.hasRepne())) {
            s.append(in.hasRep() ? "rep " : "repne ");
        }
        s.append(in.mnemonic());
        for (int i = 0; i < in.operandCount(); i++) {
            s.append(i == 0 ? " " : ", ");
            operand(s, in, in.operand(i), in.operandBytes(i));
            if (i == 0 && in.opmask() != 0) {
                s.append("{k").append(in.opmask()).append(in.isZeroing() ? "}{z}" : "}");
            }
        }
        return s.toString();
    }

    private static void operand(StringBuilder s, Insn in, int operand, int size) {
        switch (Operand.kind(operand)) {
            case Operand.RM -> {
                if (in.hasMemory()) {
                    memory(s, in);
                } else {
                    s.append(register(in, in.rmNumber(), size));
                }
            }
            case Operand.MEMORY, Operand.ABSOLUTE -> memory(s, in);
            case Operand.RM_REG -> s.append(register(in, in.rmNumber(), size));
            case Operand.REG -> s.append(register(in, in.regNumber(), size));
            case Operand.VEX_REG -> s.append(register(in, in.vexNumber(), size));
            case Operand.OPCODE_REG -> s.append(register(in, in.opcode & 7 | (in.rex & 1) << 3, size));
            case Operand.FIXED -> s.append(register(in, Operand.argument(operand), size));
            case Operand.IMMEDIATE -> s.append("0x").append(Long.toHexString(in.immediate()));
            case Operand.TARGET -> s.append("0x").append(Long.toHexString(in.target()));
            case Operand.VECTOR_REG -> vector(s, in.regNumber(), size);
            case Operand.VECTOR_VEX -> vector(s, in.vexNumber(), size);
            case Operand.VECTOR_IMM -> vector(s, (int) in.immediate() >>> 4 & 15, size);
            case Operand.VECTOR_RM, Operand.VECTOR_RM_REG -> {
                if (in.hasMemory()) {
                    memory(s, in);
                } else {
                    vector(s, in.rmNumber(), size);
                }
            }
            case Operand.MMX_REG -> s.append("mm").append(in.regNumber() & 7);
            case Operand.MMX_RM, Operand.MMX_RM_REG -> numberedOrMemory(s, in, "mm");
            case Operand.MASK_REG -> s.append('k').append(in.regNumber() & 7);
            case Operand.MASK_VEX -> s.append('k').append(in.vexNumber() & 7);
            case Operand.MASK_RM -> numberedOrMemory(s, in, "k");
            case Operand.SEGMENT -> s.append(SEGMENTS[in.regNumber() & 7]);
            case Operand.FIXED_SEGMENT -> s.append(SEGMENTS[Operand.argument(operand)]);
            case Operand.CONTROL -> s.append("cr").append(in.regNumber() & 15);
            case Operand.DEBUG -> s.append("db").append(in.regNumber() & 15);
            case Operand.STRING_SOURCE -> s.append("[rsi]");
            case Operand.STRING_DESTINATION -> s.append("[rdi]");
            case Operand.X87 -> s.append("st(").append(Operand.argument(operand) == 0 ? 0 : in.modRm & 7).append(')');
            case Operand.ONE -> s.append('1');
            case Operand.XMM0 -> s.append("xmm0");
            default -> s.append("tmm").append(Operand.argument(operand) == 1 ? in.rmNumber() : in.regNumber());
        }
    }

    private static void numberedOrMemory(StringBuilder s, Insn in, String prefix) {
        if (in.hasMemory()) {
            memory(s, in);
        } else {
            s.append(prefix).append(in.rmNumber() & 7);
        }
    }

    private static void vector(StringBuilder s, int number, int size) {
        s.append(size == 64 ? "zmm" : size == 32 ? "ymm" : "xmm").append(number);
    }

    private static String register(Insn in, int number, int size) {
        int n = number & 15;
        if (size == 1) {
            return n >= 8 ? "r" + n + "b" : BYTES[n + (in.rex != 0 ? 8 : 0)];
        }
        if (n >= 8) {
            return "r" + n + (size == 4 ? "d" : size == 2 ? "w" : "");
        }
        return (size == 4 ? "e" : size == 2 ? "" : "r") + LEGACY[n];
    }

    private static void memory(StringBuilder s, Insn in) {
        if (in.segment() >= 0) {
            s.append(SEGMENTS[in.segment()]).append(':');
        }
        s.append('[');
        boolean first = true;
        if (in.memBase() != Insn.NO_REG) {
            s.append(in.isRipRelative() ? "rip" : register(in, in.memBase(), in.addressSize()));
            first = false;
        }
        if (in.memIndex() != Insn.NO_REG) {
            s.append(first ? "" : "+");
            if (in.memIndexIsVector()) {
                s.append('v').append(in.memIndex());
            } else {
                s.append(register(in, in.memIndex(), in.addressSize()));
            }
            s.append('*').append(in.memScale());
            first = false;
        }
        long disp = in.memDisp();
        if (first || disp != 0) {
            s.append(first ? "" : disp < 0 ? "-" : "+").append("0x").append(Long.toHexString(!first && disp < 0 ? -disp : disp));
        }
        s.append(']');
        if (in.isRipRelative()) {
            s.append(" # 0x").append(Long.toHexString(in.ripTarget()));
        }
    }
}
