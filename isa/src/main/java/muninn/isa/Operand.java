// SPDX-License-Identifier: MIT
package muninn.isa;

/**
 * The 16-bit form of an operand in the instruction table: kind in bits 0..4, size code in bits 5..9, {@link #READ} and
 * {@link #WRITE} in bits 10..11, argument (fixed register number) in bits 12..15.
 *
 * <p>An operand says where the register number comes from (ModRM.reg, ModRM.rm, VEX.vvvv, opcode) and how wide it is. The
 * letters in the comments are those of the table text in {@code src/main/table}.
 */
public final class Operand {
    public static final int NONE = 0;
    /** E: general register or memory by ModRM.rm. */
    public static final int RM = 1;
    /** G: general register by ModRM.reg. */
    public static final int REG = 2;
    /** M: memory by ModRM.rm. */
    public static final int MEMORY = 3;
    /** R: general register by ModRM.rm. */
    public static final int RM_REG = 4;
    /** B: general register by VEX.vvvv. */
    public static final int VEX_REG = 5;
    /** Z: general register by the low bits of the opcode. */
    public static final int OPCODE_REG = 6;
    /** I: immediate. */
    public static final int IMMEDIATE = 7;
    /** J: relative branch target. */
    public static final int TARGET = 8;
    /** O: memory at an absolute address inside the instruction (moffs). */
    public static final int ABSOLUTE = 9;
    /** V: vector register by ModRM.reg. */
    public static final int VECTOR_REG = 10;
    /** W: vector register or memory by ModRM.rm. */
    public static final int VECTOR_RM = 11;
    /** H: vector register by VEX.vvvv. */
    public static final int VECTOR_VEX = 12;
    /** L: vector register in the high half of an immediate byte. */
    public static final int VECTOR_IMM = 13;
    /** U: vector register by ModRM.rm. */
    public static final int VECTOR_RM_REG = 14;
    /** P: MMX register by ModRM.reg. */
    public static final int MMX_REG = 15;
    /** Q: MMX register or memory by ModRM.rm. */
    public static final int MMX_RM = 16;
    /** N: MMX register by ModRM.rm. */
    public static final int MMX_RM_REG = 17;
    /** KG: mask register by ModRM.reg. */
    public static final int MASK_REG = 18;
    /** KH: mask register by VEX.vvvv. */
    public static final int MASK_VEX = 19;
    /** KE: mask register or memory by ModRM.rm. */
    public static final int MASK_RM = 20;
    /** S: segment register by ModRM.reg. */
    public static final int SEGMENT = 21;
    /** C: control register by ModRM.reg. */
    public static final int CONTROL = 22;
    /** D: debug register by ModRM.reg. */
    public static final int DEBUG = 23;
    /** X: memory at rsi. */
    public static final int STRING_SOURCE = 24;
    /** Y: memory at rdi. */
    public static final int STRING_DESTINATION = 25;
    /** A fixed general register, its number in the argument. */
    public static final int FIXED = 26;
    /** st: an x87 register; argument 0: the top, 1: number by ModRM.rm. */
    public static final int X87 = 27;
    /** 1: the constant of shifts by one. */
    public static final int ONE = 28;
    /** xmm0 as a fixed operand. */
    public static final int XMM0 = 29;
    /** T: tile register; argument 0 by ModRM.reg, 1 by ModRM.rm, 2 by VEX.vvvv; or, argument 3/4, bound register by reg/rm. */
    public static final int OTHER = 30;
    /** A fixed segment register (4 fs, 5 gs), its number in the argument. */
    public static final int FIXED_SEGMENT = 31;

    public static final int READ = 1;
    public static final int WRITE = 2;

    /** Size codes up to {@link #SIZE_FIXED_LAST} stand for these byte counts; the later ones depend on the instruction. */
    static final int[] FIXED_SIZES = {0, 1, 2, 4, 8, 16, 32, 64, 10, 28, 108, 512, 576, 48, 6};
    static final int SIZE_FIXED_LAST = 14;
    /** v: 2, 4 or 8 by operand size. */
    static final int SIZE_V = 15;
    /** z: 2 or 4 by operand size. */
    static final int SIZE_Z = 16;
    /** y: 8 with W, else 4. */
    static final int SIZE_Y = 17;
    /** n: 8, or 2 with prefix 66 (stack operations). */
    static final int SIZE_STACK = 18;
    /** x: the vector length. */
    static final int SIZE_X = 19;
    /** h: half of the vector length. */
    static final int SIZE_H = 20;
    /** f: a quarter of the vector length. */
    static final int SIZE_F = 21;
    /** e: an eighth of the vector length. */
    static final int SIZE_E = 22;
    /** p: far pointer, operand size + 2. */
    static final int SIZE_FAR = 23;
    /** a: the address size. */
    static final int SIZE_ADDRESS = 24;
    /** dd: movddup, 8 at vector length 16, else the vector length. */
    static final int SIZE_DUP = 25;
    /** yy: 16 with W, else 8 (cmpxchg16b, cmpxchg8b). */
    static final int SIZE_YY = 26;

    private Operand() {}

    public static int kind(int operand) {
        return operand & 31;
    }

    static int sizeCode(int operand) {
        return operand >>> 5 & 31;
    }

    public static boolean isRead(int operand) {
        return (operand >>> 10 & READ) != 0;
    }

    public static boolean isWritten(int operand) {
        return (operand >>> 10 & WRITE) != 0;
    }

    /** The fixed register number, or the variant listed at the kind. */
    public static int argument(int operand) {
        return operand >>> 12 & 15;
    }

    static int pack(int kind, int sizeCode, int access, int argument) {
        return kind | sizeCode << 5 | access << 10 | argument << 12;
    }
}
