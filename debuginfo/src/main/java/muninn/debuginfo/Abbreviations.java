// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The abbreviation table of a unit (DWARF 5, 7.5.3): code to tag, children and attributes. */
final class Abbreviations {
    /** Pairs of {attribute, form}, in order; constants of DW_FORM_implicit_const beside them. */
    record Shape(int tag, boolean children, int[] attributes, long[] constants) {}

    private final Shape[] dense = new Shape[512];
    private final Map<Long, Shape> sparse = new HashMap<>();

    Abbreviations(byte[] section, long offset) {
        Cursor c = new Cursor(section, offset, section.length);
        int[] attributes = new int[64];
        long[] constants = new long[32];
        while (true) {
            long code = c.uleb();
            if (code == 0) {
                return;
            }
            int tag = c.ulebInt();
            boolean children = c.u8() != 0;
            int n = 0;
            while (true) {
                int attribute = c.ulebInt();
                int form = c.ulebInt();
                if (2 * n + 2 > attributes.length) {
                    attributes = Arrays.copyOf(attributes, 4 * n);
                    constants = Arrays.copyOf(constants, 2 * n);
                }
                constants[n] = form == Form.IMPLICIT_CONST ? c.sleb() : 0;
                if (attribute == 0 && form == 0) {
                    break;
                }
                attributes[2 * n] = attribute;
                attributes[2 * n + 1] = form;
                n++;
            }
            Shape shape = new Shape(tag, children, Arrays.copyOf(attributes, 2 * n), Arrays.copyOf(constants, n));
            if (code > 0 && code < dense.length) {
                dense[(int) code] = shape;
            } else {
                sparse.put(code, shape);
            }
        }
    }

    Shape shape(long code) {
        Shape shape = code > 0 && code < dense.length ? dense[(int) code] : sparse.get(code);
        if (shape == null) {
            throw new BrokenInput("unknown abbreviation");
        }
        return shape;
    }
}
