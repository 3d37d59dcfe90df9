// SPDX-License-Identifier: MIT
package muninn.isa.code;

import java.util.Arrays;

/** A place in the code of one assembler; references to it may be written before it is bound. */
public final class Label {
    static final int UNBOUND = -1;

    int position = UNBOUND;
    /** Pairs: where the displacement lies (complemented for one byte), and how many bytes of the instruction follow it. */
    int[] references = NONE;
    int count;

    private static final int[] NONE = {};

    Label() {}

    public boolean isBound() {
        return position != UNBOUND;
    }

    /** Offset in the code. The label has to be bound. */
    public int position() {
        if (position == UNBOUND) {
            throw new IllegalStateException("label is not bound");
        }
        return position;
    }

    void refer(int at, int following) {
        if (count + 2 > references.length) {
            references = Arrays.copyOf(references, Math.max(4, count * 2));
        }
        references[count++] = at;
        references[count++] = following;
    }
}
