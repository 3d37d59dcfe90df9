// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.isa.code.Reg;
import muninn.runtime.AddressMap;
import muninn.runtime.ThreadArea;

/**
 * Keeps everything below the stack pointer undefined (DESIGN 5): what is pushed becomes defined, what the stack pointer leaves behind
 * becomes undefined again, at a return with the red zone.
 *
 * <p>Addresses come from rsp alone, which is a multiple of 4, so {@code rorx r11, rsp, 2} is the offset of its shadow, and no flag
 * changes. (With another rsp it is no address at all, and the fault says so.)
 */
final class StackShadow {
    /** Up to so many bytes are painted in line. */
    private static final int INLINE = 512;

    private static final int FIXED = 1;
    private static final int ANYWHERE = 2;

    private StackShadow() {}

    /** How the instruction moves rsp upwards: 0 not at all, or to another stack. */
    private static int rise(Insn insn) {
        if ((insn.gprWrites() & 1 << Reg.RSP) == 0 || insn.flow() != Flow.NEXT || insn.stackPush() > 0) {
            return 0;
        }
        if (insn.stackPop() > 0) {
            return isPopRsp(insn) ? 0 : insn.mnemonic().startsWith("leave") || insn.stackPop() % 4 != 0 ? ANYWHERE : FIXED;
        }
        if (insn.readsMemory() || insn.writesMemory()) {
            return 0;
        }
        if (fixedRise(insn) != Integer.MIN_VALUE) {
            return fixedRise(insn) <= 0 ? 0 : fixedRise(insn) <= INLINE && fixedRise(insn) % 4 == 0 ? FIXED : ANYWHERE;
        }
        return insn.mnemonic().startsWith("sub") || insn.mnemonic().startsWith("and") ? 0 : ANYWHERE;
    }

    private static boolean isPopRsp(Insn insn) {
        int n = insn.length();
        return !insn.hasMemory() && insn.byteAt(n - 1) == 0x5c && (n == 1 || (insn.byteAt(n - 2) & 0xf1) != 0x41);
    }

    /** By how many bytes rsp rises if that is written in the instruction, else {@code MIN_VALUE}. */
    private static int fixedRise(Insn insn) {
        if (insn.stackPop() > 0) {
            return insn.stackPop();
        }
        if (insn.hasMemory()) {
            boolean lea = insn.memSize() == 0 && insn.memBase() == Reg.RSP && insn.memIndex() < 0;
            return lea ? (int) insn.memDisp() : Integer.MIN_VALUE;
        }
        if (insn.immediateSize() > 0) {
            return insn.mnemonic().startsWith("add") ? (int) insn.immediate()
                    : insn.mnemonic().startsWith("sub") ? (int) -insn.immediate() : Integer.MIN_VALUE;
        }
        return Integer.MIN_VALUE;
    }

    /** Emits what has to precede the instruction. {@code r10} is the shadow base, as always. */
    static void before(FragmentEmitter out, Insn insn) {
        if (insn.stackPush() > 0 && insn.stackPush() <= 8) {
            offset(out);
            store(out, insn.stackPush() / 4, -insn.stackPush() / 4, 0);
        } else if (insn.flow() == Flow.RETURN) {
            offset(out);
            out.bytes4(0x4f, 0x8d, 0x1c, 0x1a);                   // lea r11, [r10 + r11]
            // The return path loads r10 again.
            paint(out, -AddressMap.RED_ZONE / 4, 2);
        }
    }

    /** Emits what has to stand directly before the instruction, however it is come to. */
    static void mark(FragmentEmitter out, Insn insn) {
        if (rise(insn) == ANYWHERE) {
            out.storeGs(ThreadArea.OLD_RSP, Reg.RSP);
        }
    }

    /** Emits what has to follow the instruction. */
    static void after(FragmentEmitter out, Insn insn) {
        switch (rise(insn)) {
            case FIXED -> {
                offset(out);
                int groups = fixedRise(insn) / 4;
                if (groups == 2) {
                    store(out, 2, -2, 0x5555);
                } else {
                    out.bytes4(0x4f, 0x8d, 0x1c, 0x1a);
                    paint(out, -groups, 0);
                    out.loadGs(Reg.R10, ThreadArea.SHADOW_BASE);
                }
            }
            case ANYWHERE -> {
                int back = out.position() + 7 + 7;
                out.leaHere(back);
                out.jumpVector(RuntimeStubs.VECTOR_STACK);
            }
            default -> { }
        }
    }

    /** {@code rorx r11, rsp, 2} */
    static void offset(FragmentEmitter out) {
        out.bytes3(0xc4, 0x63, 0xfb);
        out.bytes3(0xf0, 0xdc, 2);
    }

    /** {@code mov [r10 + r11 + disp8], value}: one or two groups. */
    private static void store(FragmentEmitter out, int groups, int disp, int value) {
        if (groups == 1) {
            out.bytes3(0x43, 0xc6, 0x44);
            out.bytes3(0x1a, disp, value);
        } else {
            out.bytes4(0x66, 0x43, 0xc7, 0x44);
            out.bytes4(0x1a, disp, value, value >> 8);
        }
    }

    /** Paints shadow bytes {@code from} to {@code to}, relative to r11, undefined, through r10. */
    private static void paint(FragmentEmitter out, int from, int to) {
        out.bytes2(0x49, 0xba);                                   // mov r10, 0x5555...
        out.int4(0x5555_5555);
        out.int4(0x5555_5555);
        int at = from;
        while (at < to) {
            int left = to - at;
            if (left >= 8) {
                out.bytes2(0x4d, 0x89);
                at = address(out, at, 8);
            } else if (left >= 4) {
                out.bytes2(0x45, 0x89);
                at = address(out, at, 4);
            } else if (left >= 2) {
                out.bytes3(0x66, 0x45, 0x89);
                at = address(out, at, 2);
            } else {
                out.bytes2(0x45, 0x88);
                at = address(out, at, 1);
            }
        }
    }

    /** ModRM and displacement of [r11 + at] with r10. */
    private static int address(FragmentEmitter out, int at, int width) {
        if (at == (byte) at) {
            out.bytes2(0x53, at);
        } else {
            out.byte1(0x93);
            out.int4(at);
        }
        return at + width;
    }
}
