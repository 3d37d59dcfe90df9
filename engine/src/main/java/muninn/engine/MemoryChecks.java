// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.isa.code.Reg;
import muninn.runtime.AddressMap;
import muninn.runtime.ThreadArea;

/**
 * Memcheck's inline check of an access, in front of the instruction that makes it (DESIGN 5): shadow of the access is zero, else
 * the stub asks the runtime. The forms, r10 being the shadow base and r11 scratch:
 *
 * <pre>
 *   flags dead                          flags live                                     [rsp + 4n], 4 bytes or more
 *   lea  r11, [ea]                      lea  r11, [ea]                                 rorx r11, rsp, 2
 *   test r11b, size-1                   mov  gs:[spill], rcx                           cmp  word [r10+r11+n], 0
 *   jne  stub.unaligned                 mov  ecx, 2                                    jne  stub
 *   shr  r11, 2                         shrx r11, r11, rcx
 *   cmp  byte|word [r10+r11], 0         movzx/mov ecx, [r10+r11]      (one size wider: alignment is not tested)
 *   jne  stub                           jrcxz clean
 *                                       jmp  stub
 *                                clean: mov  rcx, gs:[spill]
 * </pre>
 *
 * <p>In fast code, the stub tests once more, exactly, and the runtime decides what is left. In slow code a failed check is a step
 * ({@link StepStub}), which finds out for itself.
 */
final class MemoryChecks {
    /** Kinds of access in the low bits of {@link ThreadArea#EVENT_SIZE}, above them the size in bytes. */
    static final int READ = 1;
    static final int WRITE = 2;

    private static final int CANARY = 0x28;

    /** Undefined memory matters, the stack is painted; else only addressability is checked. */
    private final boolean definedness;
    MemoryChecks(boolean definedness) {
        this.definedness = definedness;
    }

    /** Whether only a step can check what the instruction accesses: fast code leaves for the slow version of just this instruction. */
    boolean needsStep(Insn insn) {
        if (insn.isString() || insn.hasHiddenMemory() || insn.isBitString()) {
            return true;
        }
        if (insn.stackPush() > 0 && insn.stackPush() != 8 || insn.stackPop() > 0 && insn.stackPop() != 8) {
            return true;
        }
        if (!accesses(insn)) {
            return false;
        }
        return insn.isMasked() || insn.memIndexIsVector() || insn.addressSize() != 8 || insn.isVariableSize() || insn.memSize() > 64
                || insn.stackPop() > 0 && insn.writesMemory();
    }

    private static boolean accesses(Insn insn) {
        return insn.hasMemory() && insn.memSize() > 0 && (insn.readsMemory() || insn.writesMemory());
    }

    /** Emits what has to be checked before {@code insn} in fast code. */
    void emit(FragmentEmitter out, Insn insn, boolean flagsLive) {
        accesses(out, insn, flagsLive, null);
        if (definedness) {
            StackShadow.before(out, insn);
            StackShadow.mark(out, insn);
        }
    }

    /** Emits the checks of slow code: a failed one leads to {@code step}. */
    void emitSlow(FragmentEmitter out, Insn insn, boolean flagsLive, StepStub step) {
        accesses(out, insn, flagsLive, step);
        StackShadow.before(out, insn);
    }

    private void accesses(FragmentEmitter out, Insn insn, boolean flagsLive, StepStub step) {
        if (definedness && insn.stackPop() == 8 && insn.flow() == Flow.NEXT) {
            check(out, insn, access(insn), flagsLive, step);
        }
        if (isChecked(insn)) {
            check(out, insn, access(insn), flagsLive, step);
        }
    }

    /** Emits what has to stand in front of {@code insn} in slow code, with a step or without. */
    void mark(FragmentEmitter out, Insn insn) {
        StackShadow.mark(out, insn);
    }

    /** Emits what has to follow {@code insn}. */
    void after(FragmentEmitter out, Insn insn) {
        if (definedness) {
            StackShadow.after(out, insn);
        }
    }

    private boolean isChecked(Insn insn) {
        if (!accesses(insn) || insn.segment() == 5) {
            return false;
        }
        if (!definedness) {
            // Without a painted stack, an access by rsp alone or to static data cannot fail; thread-local storage is not heap.
            return !insn.isRipRelative() && !(insn.memBase() == Reg.RSP && insn.memIndex() < 0) && insn.segment() < 0;
        }
        return !(insn.segment() == 4 && insn.memBase() < 0 && insn.memIndex() < 0 && insn.memDisp() == CANARY && !insn.writesMemory());
    }

    /** An access to check: the memory operand, or 8 bytes at a register. */
    record Access(int size, int kind, int base, int index, int scale, long disp, boolean fs, long ripTarget) {
        /** Aligned by the stack pointer alone, and not below it and its red zone. */
        boolean isStackWord() {
            return base == Reg.RSP && index < 0 && !fs && disp % 4 == 0 && (size == 4 || size == 8 || size == 16 || size == 32)
                    && disp >= -AddressMap.RED_ZONE && disp == (int) disp;
        }
    }

    private static Access access(Insn insn) {
        if (insn.stackPop() > 0 && !accesses(insn)) {
            return new Access(8, READ, insn.mnemonic().startsWith("leave") ? Reg.RBP : Reg.RSP, -1, 1, 0, false, 0);
        }
        // An instruction that does both is reported as a read first, as Memcheck does.
        int kind = (insn.readsMemory() ? READ : 0) | (insn.writesMemory() ? WRITE : 0);
        return new Access(insn.memSize(), kind, insn.memBase(), insn.memIndex(), insn.memScale(), insn.memDisp(), insn.segment() == 4,
                insn.isRipRelative() ? insn.ripTarget() : 0);
    }

    private void check(FragmentEmitter out, Insn insn, Access a, boolean flagsLive, StepStub step) {
        boolean stack = definedness && a.isStackWord();
        if (stack && a.kind == WRITE) {
            StackShadow.offset(out);
            zero(out, a.size / 4, (int) (a.disp >> 2));
            return;
        }
        MemoryCheckStub stub = step != null ? null : new MemoryCheckStub(a, flagsLive, out.clientOfCurrent(), definedness, insn.address());
        int width = a.size <= 4 ? 1 : a.size <= 8 ? 2 : a.size <= 16 ? 4 : 8;
        if (stack) {
            StackShadow.offset(out);
        } else {
            effectiveAddress(out, a);
        }
        if (flagsLive) {
            out.storeGs(ThreadArea.SPILL_RCX, Reg.RCX);
            if (!stack) {
                out.byte1(0xb9);                                  // mov ecx, 2
                out.int4(2);
                out.bytes3(0xc4, 0x42, 0xf3);                     // shrx r11, r11, rcx
                out.bytes2(0xf7, 0xdb);
            }
            load(out, stack ? width : a.size == 1 ? 1 : a.size <= 4 ? 2 : a.size <= 8 ? 4 : 8, stack ? (int) (a.disp >> 2) : 0);
            out.bytes2(0xe3, 5);                                  // jrcxz over the jump
            out.byte1(0xe9);
            to(out, stub, step, true);
            if (!stack && a.size >= 32) {
                // 32 bytes of any alignment have 9 bytes of shadow, 64 have 17.
                more(out, stub, step, a.size);
            }
            out.loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        } else {
            if (!stack && a.size > 1) {
                out.bytes4(0x41, 0xf6, 0xc3, a.size == 2 ? 1 : 3); // test r11b, 1 or 3
                out.bytes2(0x0f, 0x85);                           // jne unaligned
                if (step != null) {
                    step.from(out, false);
                } else {
                    stub.fromUnaligned = out.position();
                    out.int4(0);
                }
            }
            if (!stack) {
                out.bytes4(0x49, 0xc1, 0xeb, 2);                  // shr r11, 2
            }
            compare(out, width, stack ? (int) (a.disp >> 2) : 0);
            out.bytes2(0x0f, 0x85);                               // jne stub
            to(out, stub, step, false);
            if (a.size > 32) {
                compare(out, 8, 8);
                out.bytes2(0x0f, 0x85);
                to(out, stub, step, false);
            }
        }
        if (stub != null) {
            stub.back = out.position();
            out.addStub(stub);
        }
    }

    /** The shadow of a long access beyond the first 8 bytes: at most 9 more of it. */
    private static void more(FragmentEmitter out, MemoryCheckStub stub, StepStub step, int size) {
        for (int at = 8; at < size / 4 + 1; at += 8) {
            load(out, at + 8 <= size / 4 ? 8 : 1, at);
            out.bytes2(0xe3, 5);
            out.byte1(0xe9);
            to(out, stub, step, true);
        }
    }

    private static void to(FragmentEmitter out, MemoryCheckStub stub, StepStub step, boolean rcxSpilled) {
        if (step != null) {
            step.from(out, rcxSpilled);
        } else {
            stub.from(out);
        }
    }

    /** ModRM, SIB and displacement of [r10 + r11 + disp]. */
    private static void shadowOperand(FragmentEmitter out, int reg, int disp) {
        if (disp == 0) {
            out.bytes2(4 | reg << 3, 0x1a);
        } else if (disp == (byte) disp) {
            out.bytes3(0x44 | reg << 3, 0x1a, disp);
        } else {
            out.bytes2(0x84 | reg << 3, 0x1a);
            out.int4(disp);
        }
    }

    /** cmp byte/word/dword/qword [r10+r11+disp], 0 */
    static void compare(FragmentEmitter out, int width, int disp) {
        switch (width) {
            case 1 -> out.bytes2(0x43, 0x80);
            case 2 -> out.bytes3(0x66, 0x43, 0x83);
            case 4 -> out.bytes2(0x43, 0x83);
            default -> out.bytes2(0x4b, 0x83);
        }
        shadowOperand(out, 7, disp);
        out.byte1(0);
    }

    /** mov byte/word/dword/qword [r10+r11+disp], 0 */
    static void zero(FragmentEmitter out, int width, int disp) {
        switch (width) {
            case 1 -> out.bytes2(0x43, 0xc6);
            case 2 -> out.bytes3(0x66, 0x43, 0xc7);
            case 4 -> out.bytes2(0x43, 0xc7);
            default -> out.bytes2(0x4b, 0xc7);
        }
        shadowOperand(out, 0, disp);
        out.byte1(0);
        if (width == 2) {
            out.byte1(0);
        } else if (width > 2) {
            out.bytes3(0, 0, 0);
        }
    }

    /** Loads shadow into rcx: movzx ecx, byte or word; mov ecx or rcx, [r10+r11+disp]. */
    private static void load(FragmentEmitter out, int width, int disp) {
        switch (width) {
            case 1 -> out.bytes3(0x43, 0x0f, 0xb6);
            case 2 -> out.bytes3(0x43, 0x0f, 0xb7);
            case 4 -> out.bytes2(0x43, 0x8b);
            default -> out.bytes2(0x4b, 0x8b);
        }
        shadowOperand(out, Reg.RCX, disp);
    }

    /** {@code lea r11, [operand]}, with stolen registers taken from the thread area. */
    static void effectiveAddress(FragmentEmitter out, Access a) {
        int base = a.base;
        int index = a.index;
        long disp = a.disp;
        if (base == Insn.RIP) {
            out.leaClient(Reg.R11, a.ripTarget);
            return;
        }
        if (disp != (int) disp) {
            // moffs: mov r11, imm64
            out.bytes2(0x49, 0xbb);
            out.int4((int) disp);
            out.int4((int) (disp >> 32));
            addFs(out, a);
            return;
        }
        boolean baseStolen = base == Reg.R10 || base == Reg.R11;
        boolean indexStolen = index == Reg.R10 || index == Reg.R11;
        if (indexStolen) {
            // r11 := index * scale + disp, then the base is added: lea has room for one lent register at a time.
            out.loadGs(Reg.R11, slot(index));
            lea(out, -1, Reg.R11, a.scale, (int) disp);
            if (baseStolen) {
                // Both stolen: add through the hardware r10, which is put back.
                out.loadGs(Reg.R10, slot(base));
                lea(out, Reg.R10, Reg.R11, 1, 0);
                out.loadGs(Reg.R10, ThreadArea.SHADOW_BASE);
            } else if (base >= 0) {
                lea(out, base, Reg.R11, 1, 0);
            }
        } else {
            if (baseStolen) {
                out.loadGs(Reg.R11, slot(base));
                base = Reg.R11;
            }
            lea(out, base, index, a.scale, (int) disp);
        }
        addFs(out, a);
    }

    private static void addFs(FragmentEmitter out, Access a) {
        if (a.fs) {
            out.bytes2(0xf3, 0x49);                               // rdfsbase r10
            out.bytes3(0x0f, 0xae, 0xc2);
            lea(out, Reg.R10, Reg.R11, 1, 0);
            out.loadGs(Reg.R10, ThreadArea.SHADOW_BASE);
        }
    }

    private static int slot(int reg) {
        return reg == Reg.R10 ? ThreadArea.CLIENT_R10 : ThreadArea.CLIENT_R11;
    }

    /** {@code lea r11, [base + index*scale + disp]}; absent registers are negative. */
    private static void lea(FragmentEmitter out, int base, int index, int scale, int disp) {
        int rex = 0x4c | (base >= 8 ? 1 : 0) | (index >= 8 ? 2 : 0);
        out.bytes2(rex, 0x8d);
        int mod = base < 0 ? 0 : disp == 0 && (base & 7) != 5 ? 0 : disp == (byte) disp ? 1 : 2;
        if (index < 0 && base >= 0 && (base & 7) != 4) {
            out.byte1(mod << 6 | 3 << 3 | base & 7);
        } else {
            int ss = scale == 8 ? 3 : scale == 4 ? 2 : scale == 2 ? 1 : 0;
            out.bytes2(mod << 6 | 3 << 3 | 4, ss << 6 | (index < 0 ? 4 : index & 7) << 3 | (base < 0 ? 5 : base & 7));
        }
        if (base < 0 || mod == 2) {
            out.int4(disp);
        } else if (mod == 1) {
            out.byte1(disp);
        }
    }
}
