// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.Arrays;

/** The instruction forms of {@link RuntimeStubs}: 64-bit general registers, thread-area slots, short tables below 2 GiB. */
final class StubAssembler {
    /** Condition codes. */
    static final int O = 0;
    static final int B = 2;
    static final int E = 4;
    static final int NE = 5;
    static final int A = 7;
    static final int AE = 3;

    /** A place to jump to; {@code at} is -1 until it is bound. */
    static final class Label {
        private int at = -1;
        private int[] uses = new int[4];
        private int count;
    }

    private byte[] code = new byte[0x3000];
    private int at;

    int position() {
        return at;
    }

    /** Where the label is bound. */
    int at(Label label) {
        return label.at;
    }

    byte[] bytes() {
        return Arrays.copyOf(code, at);
    }

    Label newLabel() {
        return new Label();
    }

    void bind(Label label) {
        label.at = at;
        for (int i = 0; i < label.count; i++) {
            patch(label.uses[i], at - (label.uses[i] + 4));
        }
    }

    private void use(Label label) {
        if (label.at < 0) {
            if (label.count == label.uses.length) {
                label.uses = Arrays.copyOf(label.uses, label.count * 2);
            }
            label.uses[label.count++] = at;
            i4(0);
        } else {
            i4(label.at - (at + 4));
        }
    }

    private void patch(int where, int v) {
        for (int i = 0; i < 4; i++) {
            code[where + i] = (byte) (v >> 8 * i);
        }
    }

    private void b(int... bytes) {
        for (int v : bytes) {
            code[at++] = (byte) v;
        }
    }

    private void i4(int v) {
        b(v, v >> 8, v >> 16, v >> 24);
    }

    private static int rex(int w, int reg, int index, int base) {
        return 0x40 | w << 3 | (reg >= 8 ? 4 : 0) | (index >= 8 ? 2 : 0) | (base >= 8 ? 1 : 0);
    }

    /** ModRM of two registers. */
    private static int rr(int reg, int rm) {
        return 0xc0 | (reg & 7) << 3 | rm & 7;
    }

    /** Instructions that occur once, as bytes. */
    void raw(int... bytes) {
        b(bytes);
    }

    /** {@code test dword [base + disp], imm}. */
    void testMem32(int base, int disp, int imm) {
        memory(0, 0xf7, 0, base, disp);
        i4(imm);
    }

    /** {@code movsxd to, dword [base + disp]}. */
    void loadSigned32(int to, int base, int disp) {
        memory(1, 0x63, to, base, disp);
    }

    void add64(int to, int from) {
        b(rex(1, from, 0, to), 0x01, rr(from, to));
    }

    void cmp64Gs(int reg, int slot) {
        b(0x65, rex(1, reg, 0, 0), 0x3b, 4 | (reg & 7) << 3, 0x25);
        i4(slot);
    }

    void i4Raw(int v) {
        i4(v);
    }

    void loadGs64(int reg, int slot) {
        b(0x65, rex(1, reg, 0, 0), 0x8b, 4 | (reg & 7) << 3, 0x25);
        i4(slot);
    }

    void storeGs64(int slot, int reg) {
        b(0x65, rex(1, reg, 0, 0), 0x89, 4 | (reg & 7) << 3, 0x25);
        i4(slot);
    }

    void storeGsInt(int slot, int value) {
        b(0x65, 0x48, 0xc7, 4, 0x25);
        i4(slot);
        i4(value);
    }

    void jmpGs(int slot) {
        b(0x65, 0xff, 0x24, 0x25);
        i4(slot);
    }

    void movImm(int reg, long value) {
        if (value == (value & 0xffffffffL)) {
            if (reg >= 8) {
                b(0x41);
            }
            b(0xb8 | reg & 7);
            i4((int) value);
        } else {
            b(rex(1, 0, 0, reg), 0xb8 | reg & 7);
            i4((int) value);
            i4((int) (value >> 32));
        }
    }

    void mov64(int to, int from) {
        b(rex(1, from, 0, to), 0x89, rr(from, to));
    }

    /** {@code movzx to32, from16}. */
    void movzx16(int to, int from) {
        b(rex(0, to, 0, from), 0x0f, 0xb7, rr(to, from));
    }

    /** {@code movzx ecx, ah}. */
    void movzxEcxAh() {
        b(0x0f, 0xb6, 0xcc);
    }

    void mov32(int to, int from) {
        b(rex(0, from, 0, to), 0x89, rr(from, to));
    }

    void bswap32(int reg) {
        b(rex(0, 0, 0, reg), 0x0f, 0xc8 | reg & 7);
    }

    /** {@code movzx to32, byte [base + disp]}. */
    void movzx8Mem(int to, int base, int disp) {
        b(rex(0, to, 0, base), 0x0f, 0xb6, 0x80 | (to & 7) << 3 | base & 7);
        i4(disp);
    }

    /** Memory operand [base + disp32], base neither rsp nor r12. */
    private void memory(int w, int opcode, int reg, int base, int disp) {
        b(rex(w, reg, 0, base), opcode, 0x80 | (reg & 7) << 3 | base & 7);
        i4(disp);
    }

    void load64(int to, int base, int disp) {
        memory(1, 0x8b, to, base, disp);
    }

    void store64(int base, int disp, int from) {
        memory(1, 0x89, from, base, disp);
    }

    void load32(int to, int base, int disp) {
        memory(0, 0x8b, to, base, disp);
    }

    void store32(int base, int disp, int from) {
        memory(0, 0x89, from, base, disp);
    }

    void lockAdd32(int base, int disp, int from) {
        b(0xf0);
        memory(0, 0x01, from, base, disp);
    }

    /** Memory operand [index*8 + disp32]. */
    private void indexed(int w, int opcode, int reg, int index, int disp) {
        b(rex(w, reg, index, 0), opcode, 4 | (reg & 7) << 3, 0xc5 | (index & 7) << 3);
        i4(disp);
    }

    void jmpIndexed(int index, int disp) {
        b(0x40 | (index >= 8 ? 2 : 0), 0xff, 0x24, 0xc5 | (index & 7) << 3);
        i4(disp);
    }

    void cmpIndexed64(int index, int disp, int with) {
        indexed(1, 0x39, with, index, disp);
    }

    void cmpIndexedZero64(int index, int disp) {
        indexed(1, 0x83, 7, index, disp);
        b(0);
    }

    void leaRip(int reg, Label label) {
        b(rex(1, reg, 0, 0), 0x8d, 5 | (reg & 7) << 3);
        use(label);
    }

    void jmp(Label label) {
        b(0xe9);
        use(label);
    }

    void jcc(int condition, Label label) {
        b(0x0f, 0x80 | condition);
        use(label);
    }

    void call(Label label) {
        b(0xe8);
        use(label);
    }

    /** {@code jrcxz} to a label that may be far: over a jump. */
    void jrcxz(Label label) {
        b(0xe3, 2, 0xeb, 5);
        jmp(label);
    }

    void callReg(int reg) {
        b(rex(0, 0, 0, reg), 0xff, 0xd0 | reg & 7);
    }

    void cmpImm32(int reg, int value) {
        b(rex(0, 0, 0, reg), 0x81, 0xf8 | reg & 7);
        i4(value);
    }

    void cmp64(int a, int with) {
        b(rex(1, with, 0, a), 0x39, rr(with, a));
    }

    void test64(int reg) {
        b(rex(1, reg, 0, reg), 0x85, rr(reg, reg));
    }

    void test32(int reg) {
        b(rex(0, reg, 0, reg), 0x85, rr(reg, reg));
    }

    void neg64(int reg) {
        b(rex(1, 0, 0, reg), 0xf7, 0xd8 | reg & 7);
    }

    void inc32(int reg) {
        b(rex(0, 0, 0, reg), 0xff, 0xc0 | reg & 7);
    }

    void dec32(int reg) {
        b(rex(0, 0, 0, reg), 0xff, 0xc8 | reg & 7);
    }

    /** Restores the flags that {@code lahf; seto al} saved. */
    void addAl7fSahf() {
        b(0x04, 0x7f, 0x9e);
    }

    void lahfSetoAl() {
        b(0x9f, 0x0f, 0x90, 0xc0);
    }

    void push(int reg) {
        b(rex(0, 0, 0, reg), 0x50 | reg & 7);
    }

    void pop(int reg) {
        b(rex(0, 0, 0, reg), 0x58 | reg & 7);
    }

    void pushfq() {
        b(0x9c);
    }

    void popfq() {
        b(0x9d);
    }

    void cld() {
        b(0xfc);
    }

    void pause() {
        b(0xf3, 0x90);
    }

    void syscall() {
        b(0x0f, 0x05);
    }

    void ret() {
        b(0xc3);
    }

    void nop() {
        b(0x90);
    }
}
