// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.ArrayList;
import java.util.List;

/** The functions of a unit and the calls inlined into them, with the code each covers. */
final class FunctionTree {
    /** A function, or an inlined call of one ({@code callLine >= 0}); {@code depth} grows inwards. */
    record Node(long[] ranges, int depth, boolean inlined, String name, String linkageName, long origin, long callFile,
                long callLine) {}

    private static final int DW_TAG_SUBPROGRAM = 0x2e;
    private static final int DW_TAG_INLINED_SUBROUTINE = 0x1d;

    private final List<Node> nodes = new ArrayList<>();

    FunctionTree(DwarfUnit unit) {
        try {
            read(unit);
        } catch (BrokenInput e) {
            // What was read before the damage is kept.
            return;
        }
    }

    private void read(DwarfUnit unit) {
        Cursor c = unit.cursor(unit.firstEntry);
        Entry e = new Entry();
        int depth = 0;
        while (!c.atEnd()) {
            if (!unit.read(c, e)) {
                if (--depth <= 0) {
                    return;
                }
                continue;
            }
            if (e.tag == DW_TAG_SUBPROGRAM || e.tag == DW_TAG_INLINED_SUBROUTINE) {
                long[] ranges = rangesOf(unit, e);
                if (ranges.length > 0) {
                    nodes.add(new Node(ranges, depth, e.tag == DW_TAG_INLINED_SUBROUTINE, e.name, e.linkageName,
                        e.origin, e.callFile, e.callLine));
                } else if (e.tag == DW_TAG_SUBPROGRAM && e.children && e.sibling > c.at && e.sibling <= unit.end) {
                    // No code: nothing inside can cover a pc.
                    c.seek(e.sibling);
                    continue;
                }
            }
            if (e.children) {
                depth++;
            } else if (depth == 0) {
                return;
            }
        }
    }

    private static long[] rangesOf(DwarfUnit unit, Entry e) {
        try {
            return unit.ranges(e);
        } catch (BrokenInput broken) {
            return new long[0];
        }
    }

    /** The nodes that cover an address, outermost first: a function and the inlined calls inside. */
    List<Node> chain(long vaddr) {
        List<Node> chain = new ArrayList<>();
        for (Node node : nodes) {
            if (DwarfUnit.covers(node.ranges, vaddr)) {
                // A nested function of its own (GNU C, lambdas) starts the chain anew.
                if (!node.inlined) {
                    chain.clear();
                }
                chain.add(node);
            }
        }
        return chain;
    }
}
