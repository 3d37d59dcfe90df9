// SPDX-License-Identifier: MIT
package muninn.isa;

/** Bits of flag sets. */
public final class Flags {
    public static final int CF = 1;
    public static final int PF = 2;
    public static final int AF = 4;
    public static final int ZF = 8;
    public static final int SF = 16;
    public static final int OF = 32;
    public static final int DF = 64;
    public static final int STATUS = CF | PF | AF | ZF | SF | OF;

    private Flags() {}
}
