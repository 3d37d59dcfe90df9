// SPDX-License-Identifier: MIT
package muninn.isa.code;

/** Condition codes, as the hardware encodes them; {@code c ^ 1} is the opposite of {@code c}. */
public final class Cond {
    public static final int O = 0;
    public static final int NO = 1;
    /** Below, carry. */
    public static final int B = 2;
    /** Above or equal, no carry. */
    public static final int AE = 3;
    /** Equal, zero. */
    public static final int E = 4;
    /** Not equal, not zero. */
    public static final int NE = 5;
    /** Below or equal. */
    public static final int BE = 6;
    /** Above. */
    public static final int A = 7;
    public static final int S = 8;
    public static final int NS = 9;
    public static final int P = 10;
    public static final int NP = 11;
    /** Less, signed. */
    public static final int L = 12;
    /** Greater or equal, signed. */
    public static final int GE = 13;
    /** Less or equal, signed. */
    public static final int LE = 14;
    /** Greater, signed. */
    public static final int G = 15;

    private Cond() {}
}
