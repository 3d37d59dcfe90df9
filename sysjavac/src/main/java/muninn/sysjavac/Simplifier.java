// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import muninn.isa.code.Cond;

/**
 * Makes a graph smaller without changing what it computes: folds constants and identities, removes phis that choose
 * between equals, finds a value computed already by a dominating block, jumps past branches on a known boolean,
 * folds sums into addresses, drops what nobody uses. Runs to a fixed point.
 */
final class Simplifier {
    /** Rounds of the fixed point; each has to change something, so the bound is only for a mistake of ours. */
    private static final int MAX_ROUNDS = 50;

    private final Graph graph;
    private final Map<Block, Map<Key, Value>> known = new HashMap<>();
    private boolean changed;

    private record Key(Op op, int size, long imm, List<Value> in) {}

    private Simplifier(Graph graph) {
        this.graph = graph;
    }

    static void run(Graph graph) {
        Simplifier s = new Simplifier(graph);
        int rounds = 0;
        do {
            s.changed = false;
            graph.arrange();
            s.known.clear();
            graph.blocks.forEach(s::block);
            s.threadJumps();
            s.dropUnused();
        } while (s.changed && ++rounds < MAX_ROUNDS);
        graph.arrange();
        s.addresses();
        s.bitTests();
        s.dropUnused();
    }

    private void block(Block block) {
        for (Iterator<Value> it = block.phis.iterator(); it.hasNext();) {
            Value phi = it.next();
            resolve(phi);
            Value only = onlyInput(phi);
            if (only != null) {
                phi.forward = only;
                it.remove();
                changed = true;
            }
        }
        for (Iterator<Value> it = block.body.iterator(); it.hasNext();) {
            Value value = it.next();
            resolve(value);
            Value better = value.op.isPure() ? fold(value) : value;
            if (better == value && value.op.isPure()) {
                better = lookup(block, value);
            }
            if (better != value) {
                value.forward = better;
                it.remove();
                changed = true;
            }
        }
        resolve(block.end);
        if (block.end.op == Op.BRANCH) {
            branch(block);
        } else if (block.end.op == Op.SWITCH && block.end.in[0].isConst()) {
            keepOnly(block, target(block, (int) block.end.in[0].imm));
        }
    }

    private static Block target(Block block, int key) {
        int[] keys = block.end.keys;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == key) {
                return block.successors[i];
            }
        }
        return block.successors[keys.length];
    }

    private static void resolve(Value value) {
        for (int i = 0; i < value.in.length; i++) {
            if (value.in[i] != null) {
                value.in[i] = value.in[i].real();
            }
        }
    }

    /** The one value a phi stands for, or null if it really chooses. */
    private Value onlyInput(Value phi) {
        Value only = null;
        for (Value input : phi.in) {
            if (input != phi && input != only) {
                if (only != null) {
                    return null;
                }
                only = input;
            }
        }
        return only == null ? graph.constant(0) : only;
    }

    private Value lookup(Block block, Value value) {
        Key key = new Key(value.op, value.size, value.imm, Arrays.asList(value.in.clone()));
        for (Block at = block;; at = at.dominator) {
            Map<Key, Value> here = known.get(at);
            Value found = here == null ? null : here.get(key);
            if (found != null) {
                return found;
            }
            if (at == graph.entry) {
                break;
            }
        }
        known.computeIfAbsent(block, b -> new HashMap<>()).put(key, value);
        return value;
    }

    /** The value itself, perhaps rewritten in place, or what to use instead. */
    private Value fold(Value v) {
        if (v.in.length == 0 || v.op == Op.LOAD_TABLE || v.op == Op.LOADS_TABLE) {
            return v;
        }
        Value a = v.in[0];
        if (v.in.length == 1) {
            return a.isConst() ? graph.constant(Evaluation.apply(v.op, v.size, a.imm, 0)) : v;
        }
        Value b = v.in[1];
        if (a.isConst() && b.isConst()) {
            return Evaluation.isDefined(v.op, v.size, b.imm) ? graph.constant(Evaluation.apply(v.op, v.size, a.imm, b.imm)) : v;
        }
        if (a.isConst() && v.op.isCommutative()) {
            v.in[0] = b;
            v.in[1] = a;
            changed = true;
            return fold(v);
        }
        return b.isConst() ? foldRight(v, a, v.size == 64 ? b.imm : (int) b.imm) : foldSame(v, a, b);
    }

    private Value foldSame(Value v, Value a, Value b) {
        if (a != b) {
            return v;
        }
        return switch (v.op) {
            case SUB, XOR, CMP3, UCMP3 -> graph.constant(0);
            case AND, OR, MIN, MAX -> a;
            default -> v;
        };
    }

    private Value foldRight(Value v, Value a, long c) {
        boolean isShift = v.op == Op.SHL || v.op == Op.SAR || v.op == Op.SHR || v.op == Op.ROTL || v.op == Op.ROTR;
        if (isShift) {
            long count = c & v.size - 1;
            return count == 0 ? a : count == v.in[1].imm ? v : rewrite(v, v.op, a, count);
        }
        switch (v.op) {
            case SUB:
                return c == Long.MIN_VALUE ? v : rewrite(v, Op.ADD, a, v.size == 64 ? -c : -(int) c);
            case ADD:
                if (c == 0) {
                    return a;
                }
                // Displacements gather at the outermost addition.
                if (a.op == Op.ADD && a.size == v.size && a.in[1].isConst()) {
                    long sum = Evaluation.apply(Op.ADD, v.size, a.in[1].imm, c);
                    if (sum == (int) sum) {
                        return rewrite(v, Op.ADD, a.in[0], sum);
                    }
                }
                return v;
            case OR, XOR:
                return c == 0 ? a : v;
            case AND:
                return c == 0 ? graph.constant(0) : c == -1 ? a : v;
            case MUL:
                if (c == 0) {
                    return graph.constant(0);
                }
                if (c == 1) {
                    return a;
                }
                return c > 0 && (c & c - 1) == 0 ? rewrite(v, Op.SHL, a, Long.numberOfTrailingZeros(c)) : v;
            case DIV:
                return c == 1 ? a : v;
            case UDIV:
                return c > 0 && (c & c - 1) == 0 ? rewrite(v, Op.SHR, a, Long.numberOfTrailingZeros(c)) : v;
            case UREM:
                return c > 0 && (c & c - 1) == 0 ? rewrite(v, Op.AND, a, c - 1) : v;
            default:
                return v;
        }
    }

    private Value rewrite(Value v, Op op, Value a, long c) {
        v.op = op;
        v.in[0] = a;
        v.in[1] = graph.constant(c);
        changed = true;
        return fold(v);
    }

    private void branch(Block block) {
        Value end = block.end;
        if (end.in[0].isConst() && end.in[1].isConst()) {
            boolean taken = Evaluation.isTrue(end.cond, end.bitTest, end.size, end.in[0].imm, end.in[1].imm);
            keepOnly(block, block.successors[taken ? 0 : 1]);
            return;
        }
        if (end.in[0].isConst()) {
            end.in = new Value[] {end.in[1], end.in[0]};
            end.cond = Evaluation.swapped(end.cond);
            changed = true;
        }
        Value compared = end.in[0];
        if (end.in[1].isConst(0) && end.size == 32 && (compared.op == Op.CMP3 || compared.op == Op.UCMP3)) {
            if (compared.op == Op.UCMP3) {
                end.cond = Evaluation.unsigned(end.cond);
            }
            end.size = compared.size;
            end.in = compared.in.clone();
            changed = true;
        }
    }

    private void keepOnly(Block block, Block kept) {
        for (Block to : block.successors) {
            if (to != kept) {
                to.removePredecessor(block);
            }
        }
        block.successors = new Block[] {kept};
        block.end = graph.newValue(Op.GOTO, 64, 0);
        changed = true;
    }

    /**
     * A block that only tests a phi of its own, as a call of a boolean method leaves it: predecessors that bring a constant jump
     * to where the test would lead.
     */
    private void threadJumps() {
        countUses();
        for (Block middle : graph.blocks) {
            Value end = middle.end;
            if (end.op != Op.BRANCH || middle.phis.size() != 1 || !middle.body.isEmpty() || middle.predecessors.size() < 2) {
                continue;
            }
            Value phi = middle.phis.getFirst();
            if (end.in[0] != phi || !end.in[1].isConst() || phi.uses != 1) {
                continue;
            }
            for (Block from : List.copyOf(middle.predecessors)) {
                Value input = phi.in[middle.predecessors.indexOf(from)].real();
                if (input.isConst() && middle.predecessors.size() > 1 && from != middle) {
                    boolean taken = Evaluation.isTrue(end.cond, end.bitTest, end.size, input.imm, end.in[1].imm);
                    redirect(from, middle, middle.successors[taken ? 0 : 1]);
                }
            }
        }
    }

    private void redirect(Block from, Block middle, Block to) {
        // Nothing is defined in the middle that is used behind it, so a target without phis needs none for its new
        // predecessor either. The edge from the test to it becomes critical, which only matters where phis are.
        if (!to.phis.isEmpty()) {
            return;
        }
        middle.removePredecessor(from);
        for (int i = 0; i < from.successors.length; i++) {
            if (from.successors[i] == middle) {
                from.successors[i] = to;
            }
        }
        to.addPredecessor(from);
        changed = true;
    }

    private void countUses() {
        for (Block block : graph.blocks) {
            block.phis.forEach(v -> v.uses = 0);
            block.body.forEach(v -> v.uses = 0);
        }
        for (Block block : graph.blocks) {
            block.phis.forEach(Simplifier::use);
            block.body.forEach(Simplifier::use);
            use(block.end);
        }
    }

    private static void use(Value user) {
        resolve(user);
        for (Value input : user.in) {
            if (input != null) {
                input.uses++;
            }
        }
    }

    /** Removes what is not needed, circles of phis included: marks from the effects backwards. */
    private void dropUnused() {
        boolean[] needed = new boolean[graph.valueCount()];
        java.util.ArrayDeque<Value> todo = new java.util.ArrayDeque<>();
        for (Block block : graph.blocks) {
            for (Value v : block.body) {
                if (!v.op.isRemovable()) {
                    mark(v, needed, todo);
                }
            }
            mark(block.end, needed, todo);
        }
        while (!todo.isEmpty()) {
            Value v = todo.poll();
            resolve(v);
            for (Value input : v.in) {
                if (input != null) {
                    mark(input, needed, todo);
                }
            }
        }
        for (Block block : graph.blocks) {
            changed |= keep(block.phis, needed) | keep(block.body, needed);
        }
    }

    private static void mark(Value v, boolean[] needed, Collection<Value> todo) {
        if (!needed[v.id]) {
            needed[v.id] = true;
            todo.add(v);
        }
    }

    private static boolean keep(List<Value> values, boolean[] needed) {
        return values.removeIf(v -> !needed[v.id]);
    }

    // ---- shapes that only the machine knows

    private void addresses() {
        for (Block block : graph.blocks) {
            for (Value v : block.body) {
                resolve(v);
                if (v.op.hasAddress()) {
                    address(v);
                }
            }
        }
    }

    /** base + displacement, base + (index << 0..3) + displacement. */
    private void address(Value v) {
        Value base = v.in[0];
        if (base.op == Op.ADD && base.size == 64 && base.in[1].isImmediate() && v.imm + base.in[1].imm == (int) (v.imm + base.in[1].imm)) {
            v.imm += base.in[1].imm;
            base = base.in[0];
        }
        if (base.op == Op.ADD && base.size == 64) {
            Value left = base.in[0];
            Value right = base.in[1];
            if (isScaled(left)) {
                Value t = left;
                left = right;
                right = t;
            }
            if (isScaled(right)) {
                v.scale = 1 << right.in[1].imm;
                right = right.in[0];
            }
            v.in[1] = right;
            base = left;
        }
        if (base.isConst() && v.in[1] == null && base.imm + v.imm == (int) (base.imm + v.imm)) {
            v.imm += base.imm;
            base = null;
        }
        v.in[0] = base;
    }

    private static boolean isScaled(Value v) {
        return v.op == Op.SHL && v.size == 64 && v.in[1].isConst() && v.in[1].imm <= 3;
    }

    private void bitTests() {
        countUses();
        for (Block block : graph.blocks) {
            Value end = block.end;
            if (end.op == Op.BRANCH && !end.bitTest && end.in[1].isConst(0) && (end.cond == Cond.E || end.cond == Cond.NE)) {
                Value and = end.in[0];
                if (and.op == Op.AND && and.size == end.size && and.uses == 1) {
                    end.bitTest = true;
                    end.in = and.in.clone();
                }
            }
        }
    }
}
