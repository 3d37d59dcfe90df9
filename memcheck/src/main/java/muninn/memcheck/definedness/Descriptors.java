// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import muninn.engine.SlowSteps;
import muninn.isa.Flags;
import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.isa.Operand;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.definedness.Descriptor;
import muninn.runtime.definedness.FlagBits;
import muninn.runtime.definedness.Operation;

/** Writes the descriptors of instructions: which rule, which operands, which registers. */
public final class Descriptors implements SlowSteps {
    private static final long ALL_VECTORS = 0xffffL << ShadowRegisters.DIRTY_VECTOR;
    private static final long X87 = 1L << ShadowRegisters.DIRTY_X87;
    private static final int RDI = 7;

    /** The machine has 512-bit registers: what a template puts aside is as wide. */
    private final boolean wide;

    private final byte[] out = new byte[Descriptor.BYTES];
    private final ByteBuffer words = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    private Insn insn;
    private int operation;
    private int size;
    private int parameter;
    private int flags;
    private long reads;
    private long writes;
    private long immediate;
    /** How many sources have been placed. */
    private int sources;

    public Descriptors(boolean wide) {
        this.wide = wide;
    }

    @Override
    public synchronized Step step(Insn in) {
        byte[] descriptor = descriptor(in);
        return new Step(Template.saves(in, this, wide), descriptor);
    }

    private byte[] descriptor(Insn in) {
        insn = in;
        Arrays.fill(out, (byte) 0);
        out[Descriptor.BASE] = -1;
        out[Descriptor.INDEX] = -1;
        operation = Operation.ANY;
        size = in.operandSize();
        parameter = 0;
        flags = 0;
        sources = 0;
        immediate = in.immediate();
        registers();
        memory();
        operands();
        if (!in.isKnown() && in.flow() == Flow.NEXT) {
            operation = Operation.ANY;
        } else if (in.vectorKind() == Insn.VECTOR_X87) {
            X87Rules.apply(this, in);
        } else if (in.vectorKind() != Insn.VECTOR_NONE || in.isVectorEncoded() && VectorRules.of(stem()) != null) {
            vector();
        } else if (in.isString()) {
            string();
        } else {
            IntegerRules.apply(this, in);
        }
        if (in.memSize() == 0 && operation != Operation.ADDRESS && operation != Operation.MASKED_STORE) {
            // nop, prefetch and their like access nothing.
            flags &= ~Descriptor.ADDRESSED;
        }
        byte[] template = null;
        if (operation == Operation.BY_TEMPLATE) {
            template = template();
        }
        head();
        if (template == null) {
            return out.clone();
        }
        byte[] all = Arrays.copyOf(out, Descriptor.BYTES + template.length);
        System.arraycopy(template, 0, all, Descriptor.BYTES, template.length);
        return all;
    }

    /** Bytes that a bit of the mask register stands for. Byte and word forms have no broadcast, so the table says nothing. */
    private int maskedBytes() {
        int element = insn.elementBytes();
        if (element != 0) {
            return element;
        }
        String name = insn.mnemonic();
        if (name.endsWith("64") || name.endsWith("q") || name.endsWith("pd")) {
            return 8;
        }
        if (name.endsWith("32") || name.endsWith("ps") || name.endsWith("d")) {
            return 4;
        }
        return name.endsWith("16") || name.endsWith("w") ? 2 : 1;
    }

    private void head() {
        if (out[Descriptor.OPMASK] != 0) {
            out[Descriptor.ELEMENT] = (byte) maskedBytes();
        }
        words.putShort(Descriptor.OPERATION, (short) operation);
        out[Descriptor.SIZE] = (byte) size;
        out[Descriptor.PARAMETER] = (byte) parameter;
        words.putInt(Descriptor.FLAGS, flags);
        words.putLong(Descriptor.IMMEDIATE, immediate);
        words.putLong(Descriptor.READS, reads);
        words.putLong(Descriptor.WRITES, writes);
    }

    // ---- what rules say ----

    void rule(int operation, int size, int parameter) {
        this.operation = operation;
        if (size != 0) {
            this.size = size;
        }
        this.parameter = parameter;
    }

    void rule(int operation) {
        rule(operation, 0, 0);
    }

    void immediate(long value) {
        immediate = value;
    }

    void flag(int flag) {
        flags |= flag;
    }

    void noLoad() {
        flags &= ~Descriptor.LOADS;
    }

    void onlyWrites(long dirtyBits) {
        writes = dirtyBits;
    }

    /** Sets descriptor operand {@code i}, 0 the destination. */
    void operand(int i, int kind, int number, int bytes) {
        int at = Descriptor.OPERANDS + 4 * i;
        out[at] = (byte) kind;
        out[at + 1] = (byte) number;
        out[at + 2] = (byte) bytes;
    }

    int kind(int i) {
        return out[Descriptor.OPERANDS + 4 * i];
    }

    int number(int i) {
        return out[Descriptor.OPERANDS + 4 * i + 1] & 0xff;
    }

    int bytes(int i) {
        return out[Descriptor.OPERANDS + 4 * i + 2] & 0xff;
    }

    /** Sources are one register: the same number, kind and size. */
    boolean isSame() {
        return kind(1) == kind(2) && number(1) == number(2) && bytes(1) == bytes(2) && kind(1) != Descriptor.MEMORY
                && kind(1) != Descriptor.CONSTANT && kind(1) != Descriptor.NONE;
    }

    // ---- facts ----

    private void registers() {
        reads = insn.gprReads() & 0xffffL;
        writes = insn.gprWrites() & 0xffffL;
        if ((insn.flagsRead() & Flags.STATUS) != 0) {
            reads |= 1L << ShadowRegisters.DIRTY_FLAGS;
        }
        if ((insn.flagsWritten() & Flags.STATUS) != 0) {
            writes |= 1L << ShadowRegisters.DIRTY_FLAGS;
        }
        if (insn.opmask() != 0 && insn.isEvex()) {
            reads |= 1L << ShadowRegisters.DIRTY_MASK + insn.opmask();
            out[Descriptor.OPMASK] = (byte) insn.opmask();
            if (insn.isZeroing()) {
                flags |= Descriptor.ZEROING;
            }
        }
        if (insn.vectorKind() == Insn.VECTOR_X87 || insn.vectorKind() == Insn.VECTOR_MMX) {
            reads |= X87;
            writes |= X87;
        }
        if (insn.isVectorEncoded()) {
            flags |= Descriptor.ZERO_UPPER;
        }
    }

    private void memory() {
        if (!insn.hasMemory()) {
            return;
        }
        flags |= Descriptor.ADDRESSED;
        if (insn.memBase() >= 0) {
            out[Descriptor.BASE] = (byte) insn.memBase();
        }
        if (insn.memIndex() >= 0 && !insn.memIndexIsVector()) {
            out[Descriptor.INDEX] = (byte) insn.memIndex();
        }
        out[Descriptor.SCALE] = (byte) Integer.numberOfTrailingZeros(Math.max(1, insn.memScale()));
        long disp = insn.memDisp();
        if (insn.isRipRelative()) {
            flags |= Descriptor.PC_RELATIVE;
            disp = insn.ripTarget() - insn.address();
        }
        words.putLong(Descriptor.DISPLACEMENT, disp);
        if (insn.segment() == 4) {
            flags |= Descriptor.FS;
        }
        if (insn.addressSize() == 4) {
            flags |= Descriptor.ADDRESS32;
        }
        int bytes = insn.memSize();
        words.putShort(Descriptor.MEMORY_SIZE, (short) bytes);
        if (bytes > 0 && insn.readsMemory()) {
            flags |= Descriptor.LOADS;
        }
        if (bytes > 0 && insn.writesMemory()) {
            flags |= Descriptor.STORES;
        }
        if (insn.isBroadcast()) {
            flags |= Descriptor.BROADCAST;
        }
    }

    /** The destination and the sources in the order of the table. */
    private void operands() {
        boolean destination = false;
        for (int i = 0; i < insn.operandCount(); i++) {
            int o = insn.operand(i);
            boolean written = Operand.isWritten(o);
            if (written && !destination) {
                place(0, i, o);
                destination = true;
            }
            if ((Operand.isRead(o) || !written) && sources < 3) {
                place(++sources, i, o);
            }
        }
    }

    private void place(int to, int i, int o) {
        int bytes = insn.operandBytes(i);
        boolean isWritten = to == 0;
        switch (Operand.kind(o)) {
            case Operand.RM -> {
                if (insn.hasMemory()) {
                    operand(to, Descriptor.MEMORY, 0, bytes);
                } else {
                    general(to, insn.rmNumber(), bytes, true);
                }
            }
            case Operand.RM_REG -> general(to, insn.rmNumber(), bytes, true);
            case Operand.REG -> general(to, insn.regNumber() & 15, bytes, true);
            case Operand.VEX_REG -> general(to, insn.vexNumber(), bytes, true);
            case Operand.OPCODE_REG -> general(to, insn.opcodeRegister(), bytes, true);
            case Operand.FIXED -> general(to, Operand.argument(o), bytes, false);
            case Operand.MEMORY, Operand.ABSOLUTE -> operand(to, Descriptor.MEMORY, 0, bytes);
            case Operand.IMMEDIATE -> operand(to, Descriptor.CONSTANT, 0, 8);
            case Operand.ONE -> {
                operand(to, Descriptor.CONSTANT, 0, 8);
                immediate = 1;
            }
            case Operand.VECTOR_REG -> vectorRegister(to, insn.regNumber(), bytes, isWritten);
            case Operand.VECTOR_VEX -> vectorRegister(to, insn.vexNumber(), bytes, isWritten);
            case Operand.VECTOR_RM_REG -> vectorRegister(to, insn.rmNumber(), bytes, isWritten);
            case Operand.VECTOR_IMM -> vectorRegister(to, (int) insn.immediate() >> 4 & 15, bytes, isWritten);
            case Operand.XMM0 -> vectorRegister(to, 0, bytes, isWritten);
            case Operand.VECTOR_RM -> {
                if (insn.hasMemory()) {
                    operand(to, Descriptor.MEMORY, 0, bytes);
                } else {
                    vectorRegister(to, insn.rmNumber(), bytes, isWritten);
                }
            }
            case Operand.MMX_REG -> operand(to, Descriptor.MMX, insn.regNumber() & 7, bytes);
            case Operand.MMX_RM_REG -> operand(to, Descriptor.MMX, insn.rmNumber() & 7, bytes);
            case Operand.MMX_RM -> operand(to, insn.hasMemory() ? Descriptor.MEMORY : Descriptor.MMX, insn.rmNumber() & 7, bytes);
            case Operand.MASK_REG -> maskRegister(to, insn.regNumber() & 7, bytes, isWritten);
            case Operand.MASK_VEX -> maskRegister(to, insn.vexNumber() & 7, bytes, isWritten);
            case Operand.MASK_RM -> {
                if (insn.hasMemory()) {
                    operand(to, Descriptor.MEMORY, 0, bytes);
                } else {
                    maskRegister(to, insn.rmNumber() & 7, bytes, isWritten);
                }
            }
            case Operand.X87 -> operand(to, Descriptor.X87, Operand.argument(o) == 0 ? 0 : insn.rmNumber() & 7, 10);
            default -> { }
        }
    }

    private void general(int to, int number, int bytes, boolean mayBeHigh) {
        boolean high = mayBeHigh && bytes == 1 && number >= 4 && number < 8 && !insn.hasRex() && !insn.isVectorEncoded();
        operand(to, high ? Descriptor.GPR_HIGH : Descriptor.GPR, high ? number - 4 : number & 15, bytes);
    }

    private void vectorRegister(int to, int number, int bytes, boolean written) {
        operand(to, Descriptor.VECTOR, number, bytes);
        long bit = 1L << ShadowRegisters.DIRTY_VECTOR + number;
        if (written) {
            writes |= bit;
            if (!insn.isVectorEncoded() || insn.opmask() != 0 && insn.isEvex() && !insn.isZeroing()) {
                reads |= bit;
            }
        } else {
            reads |= bit;
        }
    }

    private void maskRegister(int to, int number, int bytes, boolean written) {
        operand(to, Descriptor.MASK, number, bytes);
        if (written) {
            writes |= 1L << ShadowRegisters.DIRTY_MASK + number;
        } else {
            reads |= 1L << ShadowRegisters.DIRTY_MASK + number;
        }
    }

    // ---- vectors ----

    private String stem() {
        String name = insn.mnemonic();
        return insn.isVectorEncoded() && name.startsWith("v") ? name.substring(1) : name;
    }

    private void vector() {
        String name = stem();
        if (name.startsWith("prefetch") || name.startsWith("gatherpf") || name.startsWith("scatterpf")) {
            rule(Operation.DEFINE);
            onlyWrites(0);
            return;
        }
        if (name.endsWith("mxcsr") || name.equals("emms")) {
            rule(Operation.DEFINE);
            noLoad();
            return;
        }
        Rule rule = VectorRules.of(name);
        boolean mmx = insn.vectorKind() == Insn.VECTOR_MMX;
        if (rule == null && !(mmx && name.startsWith("movnt")) || mmx && crossesFiles()) {
            rule(Operation.ANY);
            return;
        }
        if (mmx) {
            mmx(rule == null ? new Rule(Operation.UNION, 0, 0) : rule);
            return;
        }
        rule(rule.operation(), rule.size(), rule.parameter());
        switch (operation) {
            case Operation.BY_TEMPLATE -> {
                if (insn.immediateSize() > 0 && (name.equals("permq") || name.equals("permpd"))) {
                    parameter = 0;
                }
                if (insn.isMasked() && insn.hasMemory()) {
                    maskedMove(name);
                }
            }
            case Operation.UNION -> {
                if (isSame()) {
                    flags |= Descriptor.IDIOM;
                }
            }
            case Operation.VECTOR_AND, Operation.VECTOR_OR, Operation.VECTOR_AND_NOT -> {
                if (isSame()) {
                    flags |= Descriptor.IDIOM;
                }
            }
            case Operation.LANES -> {
                if (isSame() && (name.startsWith("psub") || name.startsWith("pcmpgt"))) {
                    flags |= Descriptor.IDIOM;
                }
                if (kind(0) == Descriptor.MASK) {
                    operation = name.startsWith("kadd") ? Operation.LANES : Operation.TO_MASK;
                }
            }
            case Operation.LANES_EQUAL -> {
                if (isSame()) {
                    flags |= Descriptor.IDIOM;
                }
                if (kind(0) == Descriptor.MASK) {
                    operation = Operation.TO_MASK_EQUAL;
                }
            }
            case Operation.LOWEST_LANE -> {
                if (kind(0) == Descriptor.MASK) {
                    operation = Operation.TO_MASK;
                    narrow(1);
                    narrow(2);
                }
            }
            case Operation.TO_MASK -> {
                int predicate = (int) insn.immediate() & 7;
                if (name.startsWith("pcmp") && (predicate == 0 || predicate == 4)) {
                    operation = Operation.TO_MASK_EQUAL;
                }
            }
            case Operation.CONVERT -> {
                if (kind(0) == Descriptor.GPR) {
                    size = bytes(0);
                }
            }
            case Operation.CONVERT_LOWEST -> {
                // A legacy form reads no first source: the destination is what stays.
                if (!insn.isVectorEncoded()) {
                    System.arraycopy(out, Descriptor.OPERANDS + 4, out, Descriptor.OPERANDS + 8, 4);
                    System.arraycopy(out, Descriptor.OPERANDS, out, Descriptor.OPERANDS + 4, 4);
                    if (sources > 1 && sameRegister(2, 0)) {
                        legacySource();
                    }
                }
                if (parameter == 0) {
                    parameter = bytes(2);
                }
            }
            case Operation.FLAGS_FROM_ALL -> {
                narrow(1);
                narrow(2);
            }
            case Operation.ZERO_UPPERS, Operation.ZERO_ALL -> {
                reads |= ALL_VECTORS;
                writes |= ALL_VECTORS;
            }
            case Operation.STRING_INDEX -> parameter = (int) insn.immediate() & 1;
            case Operation.MASKED_LOAD -> {
                if (insn.writesMemory()) {
                    operation = Operation.MASKED_STORE;
                }
                flags &= ~(Descriptor.LOADS | Descriptor.STORES);
            }
            case Operation.MASKED_STORE -> byteMask();
            case Operation.GATHER, Operation.SCATTER -> gather();
            default -> { }
        }
    }

    private boolean sameRegister(int i, int j) {
        return kind(i) == kind(j) && number(i) == number(j);
    }

    /** "+V W": the table counts the destination as the first source. */
    private void legacySource() {
        for (int i = insn.operandCount() - 1; i > 0; i--) {
            int kind = Operand.kind(insn.operand(i));
            if (kind != Operand.IMMEDIATE) {
                place(2, i, insn.operand(i));
                return;
            }
        }
    }

    private void narrow(int i) {
        operand(i, kind(i), number(i), size);
    }

    /** MMX registers lie in the x87's, as a whole of 8 bytes; rules that need values of MMX registers are replaced by coarser ones. */
    private void mmx(Rule rule) {
        int operation = rule.operation();
        flags |= Descriptor.NEEDS_X87;
        switch (operation) {
            case Operation.LANES, Operation.UNION, Operation.PACK -> rule(operation, rule.size(), 0);
            case Operation.LANES_EQUAL, Operation.LANES_EXTREME -> rule(Operation.LANES, rule.size(), 0);
            case Operation.VECTOR_AND, Operation.VECTOR_OR, Operation.VECTOR_AND_NOT -> rule(Operation.UNION);
            case Operation.BY_TEMPLATE -> {
                boolean move = stem().startsWith("mov") && !stem().startsWith("movmsk");
                rule(move ? Operation.UNION : Operation.BLOCKS);
            }
            case Operation.BLOCKS -> rule(Operation.BLOCKS);
            case Operation.MASKED_STORE -> {
                rule(Operation.DEFINE);
                onlyWrites(0);
            }
            default -> rule(Operation.ANY);
        }
        if (isSame() && (stem().equals("pxor") || stem().startsWith("psub") || stem().startsWith("pcmp"))) {
            flags |= Descriptor.IDIOM;
        }
        if (this.operation == Operation.BLOCKS && kind(0) == Descriptor.GPR) {
            rule(Operation.ANY);
        }
    }

    /** Between MMX and vector registers. */
    private boolean crossesFiles() {
        boolean vector = false;
        for (int i = 0; i < 4; i++) {
            vector |= kind(i) == Descriptor.VECTOR;
        }
        return vector;
    }

    /** A move of memory under a mask register: only chosen elements are accessed. */
    private void maskedMove(String name) {
        boolean move = name.startsWith("movdqu") || name.startsWith("movdqa") || name.startsWith("movup") || name.startsWith("movap");
        if (insn.writesMemory()) {
            operand(2, kind(1), number(1), bytes(1));
            operand(1, Descriptor.NONE, 0, 0);
            operation = move ? Operation.MASKED_STORE : Operation.ANY;
        } else if (move) {
            operand(2, Descriptor.MEMORY, 0, bytes(1));
            operand(1, Descriptor.NONE, 0, 0);
            operation = Operation.MASKED_LOAD;
        } else {
            return;
        }
        size = maskedBytes();
        if (operation != Operation.ANY) {
            flags &= ~(Descriptor.LOADS | Descriptor.STORES);
        }
    }

    /** maskmovdqu: bytes of the first register to rdi, chosen by the second. */
    private void byteMask() {
        int data = number(1);
        operand(1, Descriptor.VECTOR, number(2), 16);
        operand(2, Descriptor.VECTOR, data, 16);
        operand(0, Descriptor.MEMORY, 0, 16);
        out[Descriptor.BASE] = RDI;
        flags |= Descriptor.ADDRESSED | (insn.segment() == 4 ? Descriptor.FS : 0);
        flags &= ~(Descriptor.LOADS | Descriptor.STORES);
    }

    private void gather() {
        if (operation == Operation.SCATTER) {
            // The register that is stored is the only source.
            operand(0, kind(1), number(1), bytes(1));
            operand(1, Descriptor.NONE, 0, 0);
        } else if (insn.isEvex()) {
            operand(1, Descriptor.NONE, 0, 0);
        } else {
            // "+Vx M +Hx": the last one chooses, and is cleared.
            operand(1, Descriptor.VECTOR, insn.vexNumber(), bytes(0));
            reads |= 1L << ShadowRegisters.DIRTY_VECTOR + insn.vexNumber();
            writes |= 1L << ShadowRegisters.DIRTY_VECTOR + insn.vexNumber();
        }
        operand(2, Descriptor.NONE, 0, 0);
        int length = Math.max(16, insn.vectorLength());
        operand(3, Descriptor.VECTOR, insn.memIndex(), length);
        if (parameter == 8 && size == 4) {
            operand(0, kind(0), number(0), length / 2);
        }
        reads |= 1L << ShadowRegisters.DIRTY_VECTOR + insn.memIndex();
        flags &= ~(Descriptor.LOADS | Descriptor.STORES);
    }

    private byte[] template() {
        byte[] code = Template.emit(insn, this, parameter, wide);
        if (code == null) {
            rule(Operation.ANY);
            return null;
        }
        flags |= Descriptor.TEMPLATE;
        return code;
    }

    // ---- strings ----

    private void string() {
        int repeat = insn.hasRepne() ? 2 : insn.hasRep() ? 1 : 0;
        String name = insn.mnemonic();
        int operation = switch (name) {
            case "movs" -> Operation.STRING_MOVE;
            case "stos" -> Operation.STRING_STORE;
            case "lods" -> Operation.STRING_LOAD;
            case "cmps" -> Operation.STRING_COMPARE;
            case "scas" -> Operation.STRING_SCAN;
            default -> Operation.STRING_PORT;
        };
        if (insn.segment() == 4) {
            flags |= Descriptor.FS;
        }
        rule(operation, insn.stringSize(), repeat);
    }

    long statusFlags() {
        long which = 0;
        int written = insn.flagsWritten();
        which |= (written & Flags.CF) != 0 ? FlagBits.CF : 0;
        which |= (written & Flags.PF) != 0 ? FlagBits.PF : 0;
        which |= (written & Flags.AF) != 0 ? FlagBits.AF : 0;
        which |= (written & Flags.ZF) != 0 ? FlagBits.ZF : 0;
        which |= (written & Flags.SF) != 0 ? FlagBits.SF : 0;
        which |= (written & Flags.OF) != 0 ? FlagBits.OF : 0;
        return which | ((written & Flags.DF) != 0 ? FlagBits.DF : 0);
    }
}
