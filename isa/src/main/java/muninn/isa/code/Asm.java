// SPDX-License-Identifier: MIT
package muninn.isa.code;

/**
 * An assembler for x86-64: each method writes one instruction at the end of the buffer. Registers are the numbers of
 * {@link Reg}, conditions those of {@link Cond}, operations those of {@link Alu}, sizes are 8, 16, 32 or 64 bits. A write of 32
 * bits to a register clears its upper half, as always.
 *
 * <p>One class and long, because it is one table; it has no static state and is cheap to load. Memory operands exist
 * as {@link Mem} and, for the commonest forms, as plain base and displacement without an object.
 */
public final class Asm extends CodeBuffer {
    private static final int NONE = Mem.NONE;

    public Asm() {}

    public Asm(int capacity) {
        super(capacity);
    }

    // ---- moves

    public void mov64(int dst, int src) {
        registers(64, 0x89, src, dst);
    }

    public void mov32(int dst, int src) {
        registers(32, 0x89, src, dst);
    }

    /** Loads a constant in the shortest form that leaves the flags alone. */
    public void movImm(int dst, long value) {
        if (value >>> 32 == 0) {
            rex(false, 0, 0, dst, false);
            put8(0xb8 | dst & 7);
            put32((int) value);
        } else if (value == (int) value) {
            registers(64, 0xc7, 0, dst);
            put32((int) value);
        } else {
            movImm64(dst, value);
        }
    }

    /** Loads a constant in the 10-byte form; it can be patched at {@code position() - 8} afterwards. */
    public void movImm64(int dst, long value) {
        rex(true, 0, 0, dst, false);
        put8(0xb8 | dst & 7);
        put64(value);
    }

    /** {@code xor dst32, dst32}: the shortest zero, which changes the flags. */
    public void zero(int dst) {
        registers(32, 0x31, dst, dst);
    }

    public void load64(int dst, int base, int disp) {
        memory(0, 64, 0x8b, dst, false, base, NONE, 1, disp, false, null, 0);
    }

    public void load32(int dst, int base, int disp) {
        memory(0, 32, 0x8b, dst, false, base, NONE, 1, disp, false, null, 0);
    }

    public void store64(int base, int disp, int src) {
        memory(0, 64, 0x89, src, false, base, NONE, 1, disp, false, null, 0);
    }

    public void store32(int base, int disp, int src) {
        memory(0, 32, 0x89, src, false, base, NONE, 1, disp, false, null, 0);
    }

    public void loadGs64(int dst, int disp) {
        memory(0, 64, 0x8b, dst, false, NONE, NONE, 1, disp, true, null, 0);
    }

    public void loadFs64(int dst, int disp) {
        put8(0x64);
        memory(0, 64, 0x8b, dst, false, NONE, NONE, 1, disp, false, null, 0);
    }

    public void loadGs32(int dst, int disp) {
        memory(0, 32, 0x8b, dst, false, NONE, NONE, 1, disp, true, null, 0);
    }

    public void storeGs64(int disp, int src) {
        memory(0, 64, 0x89, src, false, NONE, NONE, 1, disp, true, null, 0);
    }

    public void storeGs32(int disp, int src) {
        memory(0, 32, 0x89, src, false, NONE, NONE, 1, disp, true, null, 0);
    }

    /** Loads 8, 16, 32 or 64 bits; 8 and 16 leave the rest of the register as it was. */
    public void load(int size, int dst, Mem mem) {
        memory(0, size, size == 8 ? 0x8a : 0x8b, dst, mem, 0);
    }

    public void store(int size, Mem mem, int src) {
        memory(0, size, size == 8 ? 0x88 : 0x89, src, mem, 0);
    }

    /** Stores a constant of the size; for 64 bits a sign-extended 32-bit one. */
    public void storeImm(int size, Mem mem, int value) {
        memory(0, size, size == 8 ? 0xc6 : 0xc7, 0, mem, immediateBytes(size));
        immediate(size, value);
    }

    /** Zero-extends 8 or 16 bits to 64. */
    public void movzx(int fromSize, int dst, int src) {
        registers(0, 32, fromSize == 8 ? 0x0fb6 : 0x0fb7, dst, src, fromSize == 8 && src >= 4);
    }

    /** Zero-extends 8, 16 or 32 bits of memory to 64. */
    public void movzx(int fromSize, int dst, Mem mem) {
        if (fromSize == 32) {
            load(32, dst, mem);
        } else {
            memory(0, 32, fromSize == 8 ? 0x0fb6 : 0x0fb7, dst, mem, 0);
        }
    }

    /** Sign-extends 8, 16 or 32 bits to 32 or 64. */
    public void movsx(int size, int fromSize, int dst, int src) {
        registers(0, size, signOpcode(fromSize), dst, src, fromSize == 8 && src >= 4);
    }

    /** Sign-extends 8, 16 or 32 bits of memory to 32 or 64. */
    public void movsx(int size, int fromSize, int dst, Mem mem) {
        memory(0, size, signOpcode(fromSize), dst, mem, 0);
    }

    public void lea(int dst, Mem mem) {
        memory(0, 64, 0x8d, dst, mem, 0);
    }

    public void lea32(int dst, Mem mem) {
        memory(0, 32, 0x8d, dst, mem, 0);
    }

    public void lea(int dst, int base, int disp) {
        memory(0, 64, 0x8d, dst, false, base, NONE, 1, disp, false, null, 0);
    }

    public void lea(int dst, Label label) {
        memory(0, 64, 0x8d, dst, false, NONE, NONE, 1, 0, false, label, 0);
    }

    public void cmov(int cond, int size, int dst, int src) {
        registers(size, 0x0f40 | cond, dst, src);
    }

    public void cmov(int cond, int size, int dst, Mem mem) {
        memory(0, size, 0x0f40 | cond, dst, mem, 0);
    }

    /** Sets the low byte of the register to 0 or 1. */
    public void setcc(int cond, int dst) {
        registers(0, 8, 0x0f90 | cond, 0, dst, dst >= 4);
    }

    public void setcc(int cond, Mem mem) {
        memory(0, 32, 0x0f90 | cond, 0, mem, 0);
    }

    /** Exchanges registers. */
    public void xchg(int size, int a, int b) {
        registers(0, size, size == 8 ? 0x86 : 0x87, b, a, size == 8 && (a >= 4 || b >= 4));
    }

    /** Exchanges a register with memory; locked by nature. */
    public void xchg(int size, Mem mem, int reg) {
        memory(0, size, size == 8 ? 0x86 : 0x87, reg, mem, 0);
    }

    public void bswap(int size, int dst) {
        rex(size == 64, 0, 0, dst, false);
        put8(0x0f);
        put8(0xc8 | dst & 7);
    }

    // ---- arithmetic

    /** {@code op dst, src}. */
    public void alu(int op, int size, int dst, int src) {
        registers(0, size, op << 3 | (size == 8 ? 0 : 1), src, dst, size == 8 && (dst >= 4 || src >= 4));
    }

    /** {@code op dst, value} in the shortest form. */
    public void aluImm(int op, int size, int dst, int value) {
        if (size == 8) {
            registers(0, 8, 0x80, op, dst, dst >= 4);
            put8(value);
        } else if (value == (byte) value) {
            registers(size, 0x83, op, dst);
            put8(value);
        } else {
            registers(size, 0x81, op, dst);
            immediate(size, value);
        }
    }

    /** {@code op dst, [mem]}. */
    public void alu(int op, int size, int dst, Mem mem) {
        memory(0, size, op << 3 | (size == 8 ? 2 : 3), dst, mem, 0);
    }

    /** {@code op [mem], src}. */
    public void alu(int op, int size, Mem mem, int src) {
        memory(0, size, op << 3 | (size == 8 ? 0 : 1), src, mem, 0);
    }

    /** {@code op [mem], value} in the shortest form. */
    public void aluImm(int op, int size, Mem mem, int value) {
        if (size == 8) {
            memory(0, 8, 0x80, op, mem, 1, true);
            put8(value);
        } else if (value == (byte) value) {
            memory(0, size, 0x83, op, mem, 1);
            put8(value);
        } else {
            memory(0, size, 0x81, op, mem, immediateBytes(size));
            immediate(size, value);
        }
    }

    public void test(int size, int a, int b) {
        registers(0, size, size == 8 ? 0x84 : 0x85, b, a, size == 8 && (a >= 4 || b >= 4));
    }

    public void testImm(int size, int a, int value) {
        registers(0, size, size == 8 ? 0xf6 : 0xf7, 0, a, size == 8 && a >= 4);
        immediate(size, value);
    }

    public void test(int size, Mem mem, int reg) {
        memory(0, size, size == 8 ? 0x84 : 0x85, reg, mem, 0);
    }

    public void testImm(int size, Mem mem, int value) {
        memory(0, size, size == 8 ? 0xf6 : 0xf7, 0, mem, immediateBytes(size), true);
        immediate(size, value);
    }

    public void inc(int size, int dst) {
        registers(0, size, size == 8 ? 0xfe : 0xff, 0, dst, size == 8 && dst >= 4);
    }

    public void dec(int size, int dst) {
        registers(0, size, size == 8 ? 0xfe : 0xff, 1, dst, size == 8 && dst >= 4);
    }

    public void inc(int size, Mem mem) {
        memory(0, size, size == 8 ? 0xfe : 0xff, 0, mem, 0, true);
    }

    public void dec(int size, Mem mem) {
        memory(0, size, size == 8 ? 0xfe : 0xff, 1, mem, 0, true);
    }

    /** {@code not}, {@code neg}, {@code mul}, {@code imul}, {@code div} or {@code idiv} of one operand. */
    public void unary(int op, int size, int operand) {
        registers(0, size, size == 8 ? 0xf6 : 0xf7, op, operand, size == 8 && operand >= 4);
    }

    public void unary(int op, int size, Mem mem) {
        memory(0, size, size == 8 ? 0xf6 : 0xf7, op, mem, 0, true);
    }

    public void imul(int size, int dst, int src) {
        registers(size, 0x0faf, dst, src);
    }

    public void imul(int size, int dst, Mem mem) {
        memory(0, size, 0x0faf, dst, mem, 0);
    }

    /** {@code dst = src * value} in the shortest form. */
    public void imulImm(int size, int dst, int src, int value) {
        if (value == (byte) value) {
            registers(size, 0x6b, dst, src);
            put8(value);
        } else {
            registers(size, 0x69, dst, src);
            immediate(size, value);
        }
    }

    /** Sign of rax into rdx. */
    public void cqo() {
        put8(0x48);
        put8(0x99);
    }

    /** Sign of eax into edx. */
    public void cdq() {
        put8(0x99);
    }

    /** Shift or rotation by a constant. */
    public void shiftImm(int op, int size, int dst, int count) {
        boolean byOne = count == 1;
        registers(0, size, (size == 8 ? 0xc0 : 0xc1) + (byOne ? 0x10 : 0), op, dst, size == 8 && dst >= 4);
        if (!byOne) {
            put8(count);
        }
    }

    /** Shift or rotation by cl. */
    public void shiftCl(int op, int size, int dst) {
        registers(0, size, size == 8 ? 0xd2 : 0xd3, op, dst, size == 8 && dst >= 4);
    }

    /** {@code dst = src << count}, flags untouched (BMI2). */
    public void shlx(int size, int dst, int src, int count) {
        vexShift(1, size, dst, src, count);
    }

    /** {@code dst = src >>> count}, flags untouched (BMI2). */
    public void shrx(int size, int dst, int src, int count) {
        vexShift(3, size, dst, src, count);
    }

    /** {@code dst = src >> count}, flags untouched (BMI2). */
    public void sarx(int size, int dst, int src, int count) {
        vexShift(2, size, dst, src, count);
    }

    /** {@code dst = src} rotated right by a constant, flags untouched (BMI2). */
    public void rorx(int size, int dst, int src, int count) {
        put8(0xc4);
        put8((dst < 8 ? 0x80 : 0) | 0x40 | (src < 8 ? 0x20 : 0) | 3);
        put8((size == 64 ? 0x80 : 0) | 0x78 | 3);
        put8(0xf0);
        put8(0xc0 | (dst & 7) << 3 | src & 7);
        put8(count);
    }

    // ---- bits

    public void bt(int size, int bits, int index) {
        registers(size, 0x0fa3, index, bits);
    }

    public void bts(int size, int bits, int index) {
        registers(size, 0x0fab, index, bits);
    }

    public void btr(int size, int bits, int index) {
        registers(size, 0x0fb3, index, bits);
    }

    public void btImm(int size, int bits, int index) {
        registers(size, 0x0fba, 4, bits);
        put8(index);
    }

    public void btsImm(int size, int bits, int index) {
        registers(size, 0x0fba, 5, bits);
        put8(index);
    }

    public void btrImm(int size, int bits, int index) {
        registers(size, 0x0fba, 6, bits);
        put8(index);
    }

    public void btImm(int size, Mem mem, int index) {
        memory(0, size, 0x0fba, 4, mem, 1);
        put8(index);
    }

    public void btsImm(int size, Mem mem, int index) {
        memory(0, size, 0x0fba, 5, mem, 1);
        put8(index);
    }

    public void btrImm(int size, Mem mem, int index) {
        memory(0, size, 0x0fba, 6, mem, 1);
        put8(index);
    }

    public void bsf(int size, int dst, int src) {
        registers(size, 0x0fbc, dst, src);
    }

    public void bsr(int size, int dst, int src) {
        registers(size, 0x0fbd, dst, src);
    }

    public void tzcnt(int size, int dst, int src) {
        registers(0xf3, size, 0x0fbc, dst, src, false);
    }

    public void lzcnt(int size, int dst, int src) {
        registers(0xf3, size, 0x0fbd, dst, src, false);
    }

    public void popcnt(int size, int dst, int src) {
        registers(0xf3, size, 0x0fb8, dst, src, false);
    }

    // ---- locked operations; the methods above with a memory destination are locked by writing lock() first

    /** The prefix for the next instruction. */
    public void lock() {
        put8(0xf0);
    }

    /** If {@code [mem] == rax} then {@code [mem] = src} else {@code rax = [mem]}; locked. */
    public void lockCmpxchg(int size, Mem mem, int src) {
        memory(0xf0, size, size == 8 ? 0x0fb0 : 0x0fb1, src, mem, 0);
    }

    /** Adds the register to memory and brings back what was there; locked. */
    public void lockXadd(int size, Mem mem, int reg) {
        memory(0xf0, size, size == 8 ? 0x0fc0 : 0x0fc1, reg, mem, 0);
    }

    public void mfence() {
        put8(0x0f);
        put16(0xf0ae);
    }

    public void pause() {
        put16(0x90f3);
    }

    // ---- control flow

    /** Two bytes if the label is bound and near, else five. */
    public void jmp(Label label) {
        if (isNear(label)) {
            jmpShort(label);
        } else {
            jmp32(label);
        }
    }

    /** Always with a 32-bit displacement, which lies in the last four bytes. */
    public void jmp32(Label label) {
        put8(0xe9);
        putRelative32(label, 0, 0);
    }

    /** Always two bytes; the label must be near. */
    public void jmpShort(Label label) {
        put8(0xeb);
        putRelative8(label);
    }

    /** Jump to an offset from the start of the buffer, which need not lie in it. */
    public void jmpTo(int offset) {
        put8(0xe9);
        put32(offset - (position() + 4));
    }

    /** Two bytes if the label is bound and near, else six. */
    public void jcc(int cond, Label label) {
        if (isNear(label)) {
            jccShort(cond, label);
        } else {
            jcc32(cond, label);
        }
    }

    /** Always with a 32-bit displacement, which lies in the last four bytes. */
    public void jcc32(int cond, Label label) {
        put8(0x0f);
        put8(0x80 | cond);
        putRelative32(label, 0, 0);
    }

    /** Always two bytes; the label must be near. */
    public void jccShort(int cond, Label label) {
        put8(0x70 | cond);
        putRelative8(label);
    }

    /** Jumps if rcx is zero, flags untouched; the label must be near. */
    public void jrcxz(Label label) {
        put8(0xe3);
        putRelative8(label);
    }

    public void jmp(int reg) {
        registers(32, 0xff, 4, reg);
    }

    public void jmp(Mem mem) {
        memory(0, 32, 0xff, 4, mem, 0);
    }

    public void call(Label label) {
        put8(0xe8);
        putRelative32(label, 0, 0);
    }

    public void call(int reg) {
        registers(32, 0xff, 2, reg);
    }

    public void call(Mem mem) {
        memory(0, 32, 0xff, 2, mem, 0);
    }

    public void ret() {
        put8(0xc3);
    }

    // ---- stack and flags

    public void push(int reg) {
        rex(false, 0, 0, reg, false);
        put8(0x50 | reg & 7);
    }

    public void pop(int reg) {
        rex(false, 0, 0, reg, false);
        put8(0x58 | reg & 7);
    }

    public void push(Mem mem) {
        memory(0, 32, 0xff, 6, mem, 0);
    }

    public void pop(Mem mem) {
        memory(0, 32, 0x8f, 0, mem, 0);
    }

    /** Pushes eight bytes: the sign-extended constant. */
    public void pushImm(int value) {
        if (value == (byte) value) {
            put8(0x6a);
            put8(value);
        } else {
            put8(0x68);
            put32(value);
        }
    }

    public void pushfq() {
        put8(0x9c);
    }

    public void popfq() {
        put8(0x9d);
    }

    /** ah = SF ZF - AF - PF - CF. */
    public void lahf() {
        put8(0x9f);
    }

    public void sahf() {
        put8(0x9e);
    }

    // ---- system and strings

    public void syscall() {
        put16(0x050f);
    }

    public void ud2() {
        put16(0x0b0f);
    }

    public void int3() {
        put8(0xcc);
    }

    public void cld() {
        put8(0xfc);
    }

    public void std() {
        put8(0xfd);
    }

    public void repMovsb() {
        put16(0xa4f3);
    }

    public void repMovsq() {
        put8(0xf3);
        put16(0xa548);
    }

    public void repStosb() {
        put16(0xaaf3);
    }

    public void repStosq() {
        put8(0xf3);
        put16(0xab48);
    }

    public void rdgsbase(int dst) {
        registers(0xf3, 64, 0x0fae, 1, dst, false);
    }

    public void wrgsbase(int src) {
        registers(0xf3, 64, 0x0fae, 3, src, false);
    }

    public void rdfsbase(int dst) {
        registers(0xf3, 64, 0x0fae, 0, dst, false);
    }

    /** So many bytes that do nothing, in as few instructions as possible. */
    public void nop(int length) {
        int left = length;
        while (left > 0) {
            int now = Math.min(left, 9);
            left -= now;
            switch (now) {
                case 1 -> put8(0x90);
                case 2 -> put16(0x9066);
                default -> longNop(now);
            }
        }
    }

    /** Fills up with nops to a multiple of a power of two. */
    public void align(int to) {
        nop(-position() & to - 1);
    }

    // ---- encoding

    private void longNop(int length) {
        int size = length;
        if (size == 6 || size == 9) {
            put8(0x66);
            size--;
        }
        put16(0x1f0f);
        switch (size) {
            case 3 -> put8(0x00);
            case 4 -> put16(0x0040);
            case 5 -> {
                put16(0x0044);
                put8(0);
            }
            case 7 -> {
                put8(0x80);
                put32(0);
            }
            default -> {
                put16(0x0084);
                put32(0);
            }
        }
    }

    private boolean isNear(Label label) {
        return label.isBound() && label.position() - (position() + 2) >= -128 && label.position() - (position() + 2) < 128;
    }

    private static int signOpcode(int fromSize) {
        return switch (fromSize) {
            case 8 -> 0x0fbe;
            case 16 -> 0x0fbf;
            default -> 0x63;
        };
    }

    private static int immediateBytes(int size) {
        return Math.min(size, 32) >> 3;
    }

    private void immediate(int size, int value) {
        switch (size) {
            case 8 -> put8(value);
            case 16 -> put16(value);
            default -> put32(value);
        }
    }

    private void vexShift(int prefix, int size, int dst, int src, int count) {
        put8(0xc4);
        put8((dst < 8 ? 0x80 : 0) | 0x40 | (src < 8 ? 0x20 : 0) | 2);
        put8((size == 64 ? 0x80 : 0) | (~count & 15) << 3 | prefix);
        put8(0xf7);
        put8(0xc0 | (dst & 7) << 3 | src & 7);
    }

    private void registers(int size, int opcode, int reg, int rm) {
        registers(0, size, opcode, reg, rm, false);
    }

    /** Prefixes, opcode and ModRM byte for two registers; {@code byteRegister}: spl to dil need an empty REX. */
    private void registers(int prefix, int size, int opcode, int reg, int rm, boolean byteRegister) {
        if (size == 16) {
            put8(0x66);
        }
        if (prefix != 0) {
            put8(prefix);
        }
        rex(size == 64, reg, 0, rm, byteRegister);
        opcode(opcode);
        put8(0xc0 | (reg & 7) << 3 | rm & 7);
    }

    private void memory(int prefix, int size, int opcode, int reg, Mem mem, int following) {
        memory(prefix, size, opcode, reg, mem, following, false);
    }

    /** {@code extension}: reg is a part of the opcode, not a register. */
    private void memory(int prefix, int size, int opcode, int reg, Mem mem, int following, boolean extension) {
        memory(prefix, size, opcode, reg, extension, mem.base(), mem.index(), mem.scale(), mem.disp(), mem.gs(), mem.label(),
                following);
    }

    private void memory(int prefix, int size, int opcode, int reg, boolean extension, int base, int index, int scale, int disp,
            boolean gs, Label label, int following) {
        if (gs) {
            put8(0x65);
        }
        if (size == 16) {
            put8(0x66);
        }
        if (prefix != 0) {
            put8(prefix);
        }
        rex(size == 64, reg, Math.max(index, 0), Math.max(base, 0), size == 8 && !extension && reg >= 4);
        opcode(opcode);
        int field = (reg & 7) << 3;
        if (label != null) {
            put8(field | 5);
            putRelative32(label, disp, following);
        } else if (base == NONE) {
            // Without a base: SIB with base 101 and mod 00, so that it is absolute and not relative to rip.
            put8(field | 4);
            put8(sib(scale, index, 5));
            put32(disp);
        } else {
            based(field, base, index, scale, disp);
        }
    }

    private void based(int field, int base, int index, int scale, int disp) {
        // rbp and r13 as a base with mod 00 mean something else, so they get a zero displacement.
        int mod = disp == 0 && (base & 7) != 5 ? 0 : disp == (byte) disp ? 0x40 : 0x80;
        if (index == NONE && (base & 7) != 4) {
            put8(mod | field | base & 7);
        } else {
            put8(mod | field | 4);
            put8(sib(scale, index, base));
        }
        if (mod == 0x40) {
            put8(disp);
        } else if (mod == 0x80) {
            put32(disp);
        }
    }

    private static int sib(int scale, int index, int base) {
        return Integer.numberOfTrailingZeros(scale) << 6 | (index == NONE ? 4 : index & 7) << 3 | base & 7;
    }

    private void rex(boolean wide, int reg, int index, int base, boolean force) {
        int rex = (wide ? 8 : 0) | (reg >> 3 & 1) << 2 | (index >> 3 & 1) << 1 | base >> 3 & 1;
        if (rex != 0 || force) {
            put8(0x40 | rex);
        }
    }

    private void opcode(int opcode) {
        if (opcode > 0xff) {
            put8(opcode >> 8);
        }
        put8(opcode);
    }
}
