// SPDX-License-Identifier: MIT
package muninn.isa.code;

/**
 * A memory operand: {@code [gs: base + index * scale + disp]}, or relative to rip when a label is given.
 *
 * @param base number of the base register or {@link #NONE}
 * @param index number of the index register (not RSP) or {@link #NONE}
 * @param scale 1, 2, 4 or 8
 * @param disp displacement; with neither base nor label a sign-extended absolute address
 * @param gs whether the GS base is added
 * @param label what rip-relative addressing points at, or null; then base and index are {@code NONE} and disp is added
 */
public record Mem(int base, int index, int scale, int disp, boolean gs, Label label) {
    public static final int NONE = -1;

    public Mem {
        if (index == Reg.RSP) {
            throw new IllegalArgumentException("rsp cannot be an index");
        }
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("scale " + scale);
        }
    }

    public static Mem at(int base) {
        return new Mem(base, NONE, 1, 0, false, null);
    }

    public static Mem at(int base, int disp) {
        return new Mem(base, NONE, 1, disp, false, null);
    }

    public static Mem at(int base, int index, int scale, int disp) {
        return new Mem(base, index, scale, disp, false, null);
    }

    public static Mem absolute(int address) {
        return new Mem(NONE, NONE, 1, address, false, null);
    }

    public static Mem gs(int disp) {
        return new Mem(NONE, NONE, 1, disp, true, null);
    }

    public static Mem gs(int index, int scale, int disp) {
        return new Mem(NONE, index, scale, disp, true, null);
    }

    public static Mem rip(Label label) {
        return new Mem(NONE, NONE, 1, 0, false, label);
    }
}
