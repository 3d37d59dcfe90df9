// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A method in SSA form. No edge leads from a block with several successors to one with phis. */
final class Graph {
    final String name;
    final Block entry;
    final List<Value> parameters = new ArrayList<>();
    /** In reverse postorder after {@link #arrange}. */
    List<Block> blocks = new ArrayList<>();
    private final Map<Long, Value> constants = new HashMap<>();
    private int values;
    private int blockCount;

    Graph(String name) {
        this.name = name;
        entry = newBlock();
    }

    int valueCount() {
        return values;
    }

    Block newBlock() {
        return new Block(blockCount++);
    }

    Value newValue(Op op, int size, long imm, Value... in) {
        return new Value(values++, op, size, imm, in);
    }

    Value constant(long value) {
        return constants.computeIfAbsent(value, v -> newValue(Op.CONST, 64, v));
    }

    /** Finds the reachable blocks, orders them, and forgets edges from unreachable ones; then dominators and loops. */
    void arrange() {
        List<Block> post = new ArrayList<>();
        visit(entry, new HashSet<>(), post);
        Collections.reverse(post);
        Set<Block> reachable = new HashSet<>(post);
        blocks = post;
        for (int i = 0; i < post.size(); i++) {
            Block block = post.get(i);
            block.order = i;
            block.depth = 0;
            block.dominator = null;
            for (Block from : List.copyOf(block.predecessors)) {
                if (!reachable.contains(from)) {
                    block.removePredecessor(from);
                }
            }
        }
        dominators();
        loops();
    }

    private static void visit(Block start, Set<Block> seen, List<Block> post) {
        // An explicit stack: inlining makes deep graphs. The successor visited last, the one that follows in the source,
        // comes to stand next to its predecessor.
        List<Block> stack = new ArrayList<>();
        List<int[]> next = new ArrayList<>();
        seen.add(start);
        stack.add(start);
        next.add(new int[1]);
        while (!stack.isEmpty()) {
            Block top = stack.getLast();
            int[] done = next.getLast();
            if (done[0] == top.successors.length) {
                post.add(top);
                stack.removeLast();
                next.removeLast();
            } else {
                Block to = top.successors[done[0]++];
                if (seen.add(to)) {
                    stack.add(to);
                    next.add(new int[1]);
                }
            }
        }
    }

    /** Cooper, Harvey and Kennedy: intersect along the order until nothing changes. */
    private void dominators() {
        entry.dominator = entry;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block block : blocks) {
                if (block == entry) {
                    continue;
                }
                Block nearest = null;
                for (Block from : block.predecessors) {
                    if (from.dominator != null) {
                        nearest = nearest == null ? from : common(from, nearest);
                    }
                }
                if (nearest != block.dominator) {
                    block.dominator = nearest;
                    changed = true;
                }
            }
        }
    }

    private static Block common(Block a, Block b) {
        Block x = a;
        Block y = b;
        while (x != y) {
            if (x.order > y.order) {
                x = x.dominator;
            } else {
                y = y.dominator;
            }
        }
        return x;
    }

    /** Natural loops of the back edges; javac makes no others. */
    private void loops() {
        for (Block header : blocks) {
            Set<Block> inside = new HashSet<>();
            List<Block> todo = new ArrayList<>();
            for (Block from : header.predecessors) {
                if (from.order >= header.order && inside.add(from)) {
                    todo.add(from);
                }
            }
            if (todo.isEmpty()) {
                continue;
            }
            inside.add(header);
            while (!todo.isEmpty()) {
                Block block = todo.removeLast();
                if (block == header) {
                    continue;
                }
                for (Block from : block.predecessors) {
                    if (inside.add(from)) {
                        todo.add(from);
                    }
                }
            }
            for (Block block : inside) {
                block.depth++;
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(name).append('\n');
        for (Block block : blocks) {
            out.append("b").append(block.id).append(" depth ").append(block.depth).append(" from");
            block.predecessors.forEach(from -> out.append(" b").append(from.id));
            out.append('\n');
            block.phis.forEach(v -> out.append("    ").append(v.describe()).append('\n'));
            block.body.forEach(v -> out.append("    ").append(v.describe()).append('\n'));
            out.append("    ").append(block.end.describe());
            for (Block to : block.successors) {
                out.append(" b").append(to.id);
            }
            out.append('\n');
        }
        return out.toString();
    }
}
