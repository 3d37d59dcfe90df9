// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.Insn;
import muninn.isa.code.Reg;
import muninn.runtime.ThreadArea;

/**
 * Memcheck's inline check of an access, in front of the instruction that makes it (DESIGN 5): shadow of the access is zero, else
 * the stub asks the runtime. The forms, r10 being the shadow base and r11 scratch:
 *
 * <pre>
 *   flags dead                          flags live
 *   lea  r11, [ea]                      lea  r11, [ea]
 *   test r11b, size-1  (size 2,4,8)     mov  gs:[spill], rcx
 *   jne  stub.unaligned                 mov  ecx, 2
 *   shr  r11, 2                         shrx r11, r11, rcx
 *   cmp  byte|word [r10+r11], 0         movzx/mov ecx, [r10+r11]      (one size wider: alignment is not tested)
 *   jne  stub                           jrcxz clean
 *                                       jmp  stub
 *                                clean: mov  rcx, gs:[spill]
 * </pre>
 *
 * <p>The stack is not painted yet, so an access whose only register is rsp cannot fail and is not checked.
 */
final class MemoryChecks {
    /** Kinds of access in the low bits of {@link ThreadArea#EVENT_SIZE}, above them the size in bytes. */
    static final int READ = 1;
    static final int WRITE = 2;

    /** Counts checks emitted, for {@code --stats}. */
    private long emitted;

    long emitted() {
        return emitted;
    }

    /** Emits what has to be checked before {@code insn}. */
    void emit(FragmentEmitter out, Insn insn, boolean flagsLive) {
        if (insn.isString()) {
            string(out, insn);
            return;
        }
        if (!insn.hasMemory() || insn.memSize() == 0 || !(insn.readsMemory() || insn.writesMemory())) {
            return;
        }
        if (insn.segment() >= 0 || insn.isMasked() || insn.addressSize() != 8) {
            // Thread-local storage is not heap; masked accesses are checked by no rule yet and so never reported.
            return;
        }
        if (insn.isRipRelative() || insn.memBase() == Reg.RSP && insn.memIndex() < 0) {
            return;
        }
        int kind = insn.writesMemory() ? WRITE : READ;
        if (insn.readsMemory()) {
            // An instruction that does both is reported as a read first, as Memcheck does.
            kind = READ | (insn.writesMemory() ? WRITE : 0);
        }
        emitted++;
        check(out, insn, insn.memSize(), kind, flagsLive);
    }

    private void check(FragmentEmitter out, Insn insn, int size, int kind, boolean flagsLive) {
        effectiveAddress(out, insn);
        MemoryCheckStub stub = new MemoryCheckStub(insn, size, kind, flagsLive, out.clientOfCurrent());
        if (flagsLive) {
            out.storeGs(ThreadArea.SPILL_RCX, Reg.RCX);
            out.byte1(0xb9);                                      // mov ecx, 2
            out.int4(2);
            out.bytes3(0xc4, 0x42, 0xf3);                         // shrx r11, r11, rcx
            out.bytes2(0xf7, 0xdb);
            load(out, size);
            out.bytes2(0xe3, 5);                                  // jrcxz over the jump
            out.byte1(0xe9);
            stub.from = out.position();
            out.int4(0);
            out.loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        } else {
            if (size == 2 || size == 4 || size == 8) {
                out.bytes4(0x41, 0xf6, 0xc3, size - 1);           // test r11b, size-1
                out.bytes2(0x0f, 0x85);                           // jne unaligned
                stub.fromUnaligned = out.position();
                out.int4(0);
            }
            out.bytes4(0x49, 0xc1, 0xeb, 2);                      // shr r11, 2
            compare(out, size <= 4 ? 1 : size <= 8 ? 2 : size <= 12 ? 4 : 8);
            out.bytes2(0x0f, 0x85);                               // jne stub
            stub.from = out.position();
            out.int4(0);
        }
        stub.back = out.position();
        out.addStub(stub);
    }

    /** cmp byte/word/dword/qword [r10+r11], 0 */
    static void compare(FragmentEmitter out, int width) {
        switch (width) {
            case 1 -> {
                out.bytes3(0x43, 0x80, 0x3c);
                out.bytes2(0x1a, 0);
            }
            case 2 -> {
                out.bytes4(0x66, 0x43, 0x83, 0x3c);
                out.bytes2(0x1a, 0);
            }
            case 4 -> {
                out.bytes3(0x43, 0x83, 0x3c);
                out.bytes2(0x1a, 0);
            }
            default -> {
                out.bytes3(0x4b, 0x83, 0x3c);
                out.bytes2(0x1a, 0);
            }
        }
    }

    /** Loads the shadow of an access of any alignment into rcx: 1 byte covers 4 of the client's. */
    private static void load(FragmentEmitter out, int size) {
        if (size == 1) {
            out.bytes3(0x43, 0x0f, 0xb6);                         // movzx ecx, byte [r10+r11]
            out.bytes2(0x0c, 0x1a);
        } else if (size <= 4) {
            out.bytes3(0x43, 0x0f, 0xb7);                         // movzx ecx, word
            out.bytes2(0x0c, 0x1a);
        } else if (size <= 8) {
            out.bytes4(0x43, 0x8b, 0x0c, 0x1a);                   // mov ecx, dword
        } else {
            out.bytes4(0x4b, 0x8b, 0x0c, 0x1a);                   // mov rcx, qword
        }
    }

    /** {@code lea r11, [operand]}, with stolen registers taken from the thread area. */
    static void effectiveAddress(FragmentEmitter out, Insn insn) {
        int base = insn.memBase();
        int index = insn.memIndex();
        long disp = insn.memDisp();
        if (disp != (int) disp) {
            // moffs: mov r11, imm64
            out.bytes2(0x49, 0xbb);
            out.int4((int) disp);
            out.int4((int) (disp >> 32));
            return;
        }
        boolean baseStolen = base == Reg.R10 || base == Reg.R11;
        boolean indexStolen = index == Reg.R10 || index == Reg.R11;
        if (indexStolen) {
            // r11 := index * scale + disp, then the base is added: lea has room for one lent register at a time.
            out.loadGs(Reg.R11, slot(index));
            lea(out, -1, Reg.R11, insn.memScale(), (int) disp);
            if (base < 0) {
                return;
            }
            if (baseStolen) {
                // Both stolen: add through the hardware r10, which is put back.
                out.loadGs(Reg.R10, slot(base));
                lea(out, Reg.R10, Reg.R11, 1, 0);
                out.loadGs(Reg.R10, ThreadArea.SHADOW_BASE);
            } else {
                lea(out, base, Reg.R11, 1, 0);
            }
            return;
        }
        if (baseStolen) {
            out.loadGs(Reg.R11, slot(base));
            base = Reg.R11;
        }
        lea(out, base, index, insn.memScale(), (int) disp);
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

    /**
     * String instructions without a repeat count are checked like plain accesses; with one, the range depends on rcx and on where
     * the comparison stops, so only the first element is checked here.
     */
    private void string(FragmentEmitter out, Insn insn) {
        // Ranges are the business of the library-function replacements and of the range routine that comes with definedness.
    }
}
