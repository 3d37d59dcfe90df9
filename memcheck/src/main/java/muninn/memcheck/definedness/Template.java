// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import muninn.engine.RuntimeStubs;
import muninn.isa.Insn;
import muninn.isa.code.CodeBuffer;
import muninn.isa.code.Reg;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.runtime.definedness.Descriptor;

/**
 * Code that executes an instruction on undefined bits instead of values: exact for everything that only moves bits about. Operands that
 * steer the instruction (shuffle controls, counts, masks) keep their values. Memory is replaced by scratch of the thread area. It runs in
 * the runtime, on all registers but rsp; vector registers are put back behind it.
 */
final class Template {
    private final Insn insn;
    private final boolean wide;
    private final CodeBuffer code = new CodeBuffer(128);

    private Template(Insn insn, boolean wide) {
        this.insn = insn;
        this.wide = wide;
    }

    /**
     * @param steering bit i: source i keeps its value
     * @return the code; {@code null} if the instruction cannot be executed that way
     */
    static byte[] emit(Insn insn, Descriptors d, int steering, boolean wide) {
        if (insn.isEvex() && !wide) {
            return null;
        }
        Template t = new Template(insn, wide);
        for (int i = 0; i < 4; i++) {
            if (d.kind(i) == Descriptor.GPR && d.number(i) == Reg.RSP || d.kind(i) == Descriptor.GPR_HIGH || d.kind(i) == Descriptor.MMX) {
                return null;
            }
            for (int j = 0; j < i; j++) {
                boolean same = d.kind(i) == d.kind(j) && d.number(i) == d.number(j) && d.kind(i) != Descriptor.CONSTANT
                        && d.kind(i) != Descriptor.NONE;
                if (same && (steering >> i & 1) != (steering >> j & 1) && (j > 0 || t.keepsDestination())) {
                    return null;
                }
            }
        }
        if (d.kind(0) == Descriptor.VECTOR) {
            d.operand(0, Descriptor.VECTOR, d.number(0), insn.isEvex() ? 64 : insn.isVectorEncoded() ? 32 : 16);
        }
        t.body(d, steering);
        return t.code.bytes();
    }

    /** Code that stores the values of the vector and mask registers that the instruction has to do with. */
    static byte[] saves(Insn insn, Descriptors d, boolean wide) {
        Template t = new Template(insn, wide);
        for (int i = 0; i < 4; i++) {
            int n = d.number(i);
            if (d.kind(i) == Descriptor.VECTOR) {
                t.vector(0x11, n, ShadowRegisters.VECTOR_VALUES + 64 * n, true);
            } else if (d.kind(i) == Descriptor.MASK) {
                t.mask(0x91, n, ShadowRegisters.MASK_VALUES + 8 * n);
            }
        }
        if (insn.isEvex() && insn.opmask() != 0) {
            t.mask(0x91, insn.opmask(), ShadowRegisters.MASK_VALUES + 8 * insn.opmask());
        }
        return t.code.bytes();
    }

    /** What was in the destination may stay in part. */
    private boolean keepsDestination() {
        return !insn.isVectorEncoded() || insn.opmask() != 0 && !insn.isZeroing();
    }

    private void body(Descriptors d, int steering) {
        boolean memorySteers = false;
        for (int i = 0; i < 4; i++) {
            boolean steers = (steering >> i & 1) != 0;
            int n = d.number(i);
            switch (d.kind(i)) {
                case Descriptor.VECTOR -> {
                    if (!steers && (i > 0 || keepsDestination())) {
                        vector(0x10, n, ShadowRegisters.VECTORS + 64 * n, false);
                    }
                }
                case Descriptor.MASK -> {
                    if (i > 0 && !steers) {
                        mask(0x90, n, ShadowRegisters.MASKS + 8 * n);
                    }
                }
                case Descriptor.GPR -> {
                    if (i > 0) {
                        general(0x8b, n, steers ? ThreadArea.gpr(n) : ShadowRegisters.GPRS + 8 * n);
                    }
                }
                case Descriptor.MEMORY -> memorySteers |= steers;
                default -> { }
            }
        }
        boolean toMemory = d.kind(0) == Descriptor.MEMORY;
        instruction(toMemory ? ShadowRegisters.RESULT : memorySteers ? ShadowRegisters.MEMORY_VALUE : ShadowRegisters.MEMORY_BITS);
        switch (d.kind(0)) {
            case Descriptor.VECTOR -> vector(0x11, d.number(0), ShadowRegisters.RESULT, false);
            case Descriptor.MASK -> mask(0x91, d.number(0), ShadowRegisters.RESULT);
            case Descriptor.GPR -> general(0x89, d.number(0), ShadowRegisters.RESULT);
            default -> { }
        }
        for (int i = 0; i < 4; i++) {
            int n = d.number(i);
            if (d.kind(i) == Descriptor.VECTOR) {
                vector(0x10, n, ShadowRegisters.VECTOR_VALUES + 64 * n, true);
            } else if (d.kind(i) == Descriptor.MASK) {
                mask(0x90, n, ShadowRegisters.MASK_VALUES + 8 * n);
            }
        }
        put(0xff, 0x24, 0x25);
        code.put32(RuntimeStubs.VECTOR_STEP_END);
    }

    /** The instruction with another memory operand. */
    private void instruction(int slot) {
        int i = 0;
        boolean memory = insn.hasMemory();
        if (memory) {
            put(0x65);
        }
        while (isLegacyPrefix(insn.byteAt(i))) {
            int b = insn.byteAt(i++);
            if (b == 0x66 || b == 0xf2 || b == 0xf3) {
                put(b);
            }
        }
        int modRm = insn.modRmOffset();
        if (!memory) {
            while (i < insn.length()) {
                put(insn.byteAt(i++));
            }
            return;
        }
        int first = insn.byteAt(i);
        if (!insn.isVectorEncoded()) {
            if (first >= 0x40 && first <= 0x4f) {
                put(first & ~3);
                i++;
            }
        } else {
            put(first);
            i++;
            if (first != 0xc5) {
                // X and B are inverted: 1 is no extension.
                put(insn.byteAt(i++) | 0x60);
            }
        }
        while (i < modRm) {
            put(insn.byteAt(i++));
        }
        put(insn.byteAt(modRm) & 0x38 | 4, 0x25);
        code.put32(slot);
        for (int k = 0; k < insn.immediateSize(); k++) {
            put(insn.byteAt(insn.immediateOffset() + k));
        }
    }

    private static boolean isLegacyPrefix(int b) {
        return switch (b) {
            case 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65 -> true;
            default -> false;
        };
    }

    /** movups between a register and the thread area, as wide as the instruction's; {@code whole}: as wide as the machine's. */
    private void vector(int opcode, int n, int slot, boolean whole) {
        put(0x65);
        if (insn.isEvex() || whole && insn.isVectorEncoded() && wide) {
            put(0x62, 0x61 | ((n & 8) == 0 ? 0x80 : 0) | ((n & 16) == 0 ? 0x10 : 0), 0x7c, 0x48);
        } else if (insn.isVectorEncoded()) {
            put(0xc5, (n & 8) == 0 ? 0xfc : 0x7c);
        } else {
            if (n >= 8) {
                put(0x44);
            }
            put(0x0f);
        }
        put(opcode, 4 | (n & 7) << 3, 0x25);
        code.put32(slot);
    }

    private void mask(int opcode, int n, int slot) {
        put(0x65, 0xc4, 0xe1, 0xf8, opcode, 4 | n << 3, 0x25);
        code.put32(slot);
    }

    private void general(int opcode, int n, int slot) {
        put(0x65, n >= 8 ? 0x4c : 0x48, opcode, 4 | (n & 7) << 3, 0x25);
        code.put32(slot);
    }

    private void put(int... bytes) {
        for (int b : bytes) {
            code.put8(b);
        }
    }
}
