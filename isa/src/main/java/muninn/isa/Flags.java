// SPDX-License-Identifier: MIT
package muninn.isa;

/** Bits of the flag sets that {@link Insn} reports. They are our own numbering, not that of RFLAGS. */
public final class Flags {
    public static final int CF = 1;
    public static final int PF = 2;
    public static final int AF = 4;
    public static final int ZF = 8;
    public static final int SF = 16;
    public static final int OF = 32;
    public static final int DF = 64;
    /** The six status flags: everything but the direction flag. */
    public static final int STATUS = CF | PF | AF | ZF | SF | OF;
    /** Every flag that is tracked. */
    public static final int ALL = STATUS | DF;

    private static final int[] BY_CONDITION = {OF, CF, ZF, CF | ZF, SF, PF, SF | OF, ZF | SF | OF};

    private Flags() {}

    /** Flags that the condition reads; {@code condition} is the low nibble of jcc, setcc and cmovcc, 0..15. */
    public static int readBy(int condition) {
        return BY_CONDITION[condition >>> 1 & 7];
    }
}
