// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.ArrayList;
import java.util.List;

/** Straight-line operations between a start and a terminator. Input i of a phi belongs to predecessor i. */
final class Block {
    final int id;
    final List<Value> phis = new ArrayList<>();
    final List<Value> body = new ArrayList<>();
    final List<Block> predecessors = new ArrayList<>();
    Value end;
    Block[] successors = {};
    /** Position in reverse postorder; the nearest dominator; nesting of loops. */
    int order;
    Block dominator;
    int depth;

    Block(int id) {
        this.id = id;
    }

    /** Forgets an edge together with the phi inputs that came over it. */
    void removePredecessor(Block from) {
        int at = predecessors.indexOf(from);
        predecessors.remove(at);
        for (Value phi : phis) {
            Value[] left = new Value[phi.in.length - 1];
            System.arraycopy(phi.in, 0, left, 0, at);
            System.arraycopy(phi.in, at + 1, left, at, left.length - at);
            phi.in = left;
        }
    }

    void addPredecessor(Block from) {
        predecessors.add(from);
    }

    static void append(Value phi, Value input) {
        Value[] more = java.util.Arrays.copyOf(phi.in, phi.in.length + 1);
        more[phi.in.length] = input;
        phi.in = more;
    }
}
