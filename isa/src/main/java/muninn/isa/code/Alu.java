// SPDX-License-Identifier: MIT
package muninn.isa.code;

/** Numbers of the eight two-operand arithmetic operations, of the shifts and of the one-operand group, as encoded. */
public final class Alu {
    public static final int ADD = 0;
    public static final int OR = 1;
    public static final int ADC = 2;
    public static final int SBB = 3;
    public static final int AND = 4;
    public static final int SUB = 5;
    public static final int XOR = 6;
    public static final int CMP = 7;

    public static final int ROL = 0;
    public static final int ROR = 1;
    public static final int SHL = 4;
    public static final int SHR = 5;
    public static final int SAR = 7;

    public static final int NOT = 2;
    public static final int NEG = 3;
    /** Unsigned rdx:rax = rax * operand. */
    public static final int MUL = 4;
    /** Signed rdx:rax = rax * operand. */
    public static final int IMUL = 5;
    /** Unsigned rax, rdx = rdx:rax divided by operand. */
    public static final int DIV = 6;
    /** Signed rax, rdx = rdx:rax divided by operand. */
    public static final int IDIV = 7;

    private Alu() {}
}
