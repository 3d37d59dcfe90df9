// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import muninn.isa.code.Reg;

/**
 * Gives each value one register or one place in the frame for its whole life. Liveness is exact; values are coloured in the
 * order of their weight (uses, ten times as much for each loop around them), so that what does not find a register is what matters
 * least. r10 and r11 are never given away: the emitter needs them for values in the frame and for large constants.
 *
 * <p>Invariant: two values that are live at the same time never share a place, and a value that lives across an
 * operation is in none of the registers that the operation destroys.
 */
final class Allocator {
    static final int NOWHERE = -1;
    private static final int CALLER_SAVED = 1 << Reg.RAX | 1 << Reg.RCX | 1 << Reg.RDX | 1 << Reg.RSI | 1 << Reg.RDI | 1 << Reg.R8
            | 1 << Reg.R9;
    private static final int CALLEE_SAVED = 1 << Reg.RBX | 1 << Reg.RBP | 1 << Reg.R12 | 1 << Reg.R13 | 1 << Reg.R14 | 1 << Reg.R15;
    static final int ALL = CALLER_SAVED | CALLEE_SAVED;
    static final int[] ARGUMENTS = {Reg.RDI, Reg.RSI, Reg.RDX, Reg.RCX, Reg.R8, Reg.R9};
    private static final int MAX_DEPTH = 5;

    final int[] register;
    final int[] slot;
    int slots;
    /** Mask of the callee-saved registers in use. */
    int saved;

    private final Graph graph;
    private final int usable;
    private final int count;
    private final BitSet[] conflicts;
    private final int[] forbidden;
    private final int[] hints;
    private final long[] weight;
    private final List<Value> values = new ArrayList<>();
    private final List<List<Value>> partners = new ArrayList<>();
    private final BitSet[] liveIn;
    private final BitSet[] liveOut;

    /** @param usable mask of the registers that may be given away; tests allow few */
    Allocator(Graph graph, int usable) {
        this.graph = graph;
        this.usable = usable & ALL;
        count = graph.valueCount();
        register = new int[count];
        slot = new int[count];
        java.util.Arrays.fill(register, NOWHERE);
        java.util.Arrays.fill(slot, NOWHERE);
        conflicts = new BitSet[count];
        forbidden = new int[count];
        hints = new int[count];
        weight = new long[count];
        for (int i = 0; i < count; i++) {
            partners.add(null);
        }
        liveIn = new BitSet[graph.blocks.size()];
        liveOut = new BitSet[graph.blocks.size()];
        collect();
        liveness();
        graph.blocks.forEach(this::interferences);
        for (Value a : graph.parameters) {
            for (Value b : graph.parameters) {
                conflict(a, b);
            }
        }
        color();
    }

    private void collect() {
        for (Value p : graph.parameters) {
            define(p, 0);
            if (p.imm < ARGUMENTS.length) {
                hints[p.id] |= 1 << ARGUMENTS[(int) p.imm];
            }
        }
        for (Block block : graph.blocks) {
            for (Value phi : block.phis) {
                define(phi, block.depth);
                for (Value input : phi.in) {
                    pair(phi, input);
                    pair(input, phi);
                }
            }
            for (Value v : block.body) {
                if (v.hasResult()) {
                    define(v, block.depth);
                }
                if (v.in.length > 0 && v.in[0] != null && v.op.isPure()) {
                    pair(v, v.in[0]);
                    pair(v.in[0], v);
                }
                hint(v);
            }
            if (block.end.op == Op.RETURN && block.end.in.length > 0) {
                hints[block.end.in[0].id] |= 1 << Reg.RAX;
            }
        }
        for (Block block : graph.blocks) {
            long each = (long) Math.pow(10, Math.min(block.depth, MAX_DEPTH));
            for (Value phi : block.phis) {
                for (Value input : phi.in) {
                    weight[input.id] += each;
                }
            }
            block.body.forEach(v -> weigh(v, each));
            weigh(block.end, each);
        }
    }

    private void weigh(Value user, long each) {
        for (Value input : user.in) {
            if (input != null) {
                weight[input.id] += each;
            }
        }
    }

    private void define(Value v, int depth) {
        conflicts[v.id] = new BitSet(count);
        values.add(v);
        weight[v.id] += (long) Math.pow(10, Math.min(depth, MAX_DEPTH));
    }

    private void pair(Value a, Value b) {
        if (partners.get(a.id) == null) {
            partners.set(a.id, new ArrayList<>());
        }
        partners.get(a.id).add(b);
    }

    private void hint(Value v) {
        int[] wanted = targets(v.op);
        for (int i = 0; i < Math.min(wanted.length, v.in.length); i++) {
            if (v.in[i] != null) {
                hints[v.in[i].id] |= 1 << wanted[i];
            }
        }
        if (v.op == Op.CALL || v.op == Op.SYSCALL || v.op == Op.DIV || v.op == Op.UDIV) {
            hints[v.id] |= 1 << Reg.RAX;
        } else if (v.op == Op.REM || v.op == Op.UREM || v.op == Op.MULHI || v.op == Op.UMULHI) {
            hints[v.id] |= 1 << Reg.RDX;
        }
    }

    /** Registers in which an operation wants its inputs, in order. */
    static int[] targets(Op op) {
        return switch (op) {
            case CALL -> ARGUMENTS;
            case SYSCALL -> new int[] {Reg.RAX, Reg.RDI, Reg.RSI, Reg.RDX, Reg.R10, Reg.R8, Reg.R9};
            case COPY, COPY_BACKWARD -> new int[] {Reg.RDI, Reg.RSI, Reg.RCX};
            case FILL -> new int[] {Reg.RDI, Reg.RAX, Reg.RCX};
            case DIV, REM, UDIV, UREM, MULHI, UMULHI -> new int[] {Reg.RAX};
            default -> new int[0];
        };
    }

    /** Registers that an operation destroys, besides the result's. */
    private static int clobbers(Value v) {
        return switch (v.op) {
            case CALL, SYSCALL -> CALLER_SAVED;
            case COPY, COPY_BACKWARD -> 1 << Reg.RDI | 1 << Reg.RSI | 1 << Reg.RCX;
            case FILL -> 1 << Reg.RDI | 1 << Reg.RAX | 1 << Reg.RCX;
            case DIV, REM, UDIV, UREM, MULHI, UMULHI -> 1 << Reg.RAX | 1 << Reg.RDX;
            case CAS -> 1 << Reg.RAX;
            case SHL, SAR, SHR, ROTL, ROTR -> v.in[1].isConst() ? 0 : 1 << Reg.RCX;
            default -> 0;
        };
    }

    /** Registers in which an input must not lie because they are written before it is read. */
    private static int avoided(Value v, int input) {
        return switch (v.op) {
            case DIV, REM, UDIV, UREM, MULHI, UMULHI -> input == 1 ? 1 << Reg.RAX | 1 << Reg.RDX : 0;
            case CAS -> input == 2 ? 0 : 1 << Reg.RAX;
            default -> 0;
        };
    }

    private static void use(Value user, BitSet live) {
        for (Value input : user.in) {
            if (input != null && !input.isConst()) {
                live.set(input.id);
            }
        }
    }

    private void liveness() {
        for (Block block : graph.blocks) {
            liveIn[block.order] = new BitSet(count);
            liveOut[block.order] = new BitSet(count);
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = graph.blocks.size() - 1; i >= 0; i--) {
                Block block = graph.blocks.get(i);
                BitSet live = liveOut[i];
                for (Block to : block.successors) {
                    live.or(liveIn[to.order]);
                    for (Value phi : to.phis) {
                        Value input = phi.in[to.predecessors.indexOf(block)];
                        if (!input.isConst()) {
                            live.set(input.id);
                        }
                    }
                }
                BitSet in = (BitSet) live.clone();
                use(block.end, in);
                for (int k = block.body.size() - 1; k >= 0; k--) {
                    in.clear(block.body.get(k).id);
                    use(block.body.get(k), in);
                }
                block.phis.forEach(phi -> in.clear(phi.id));
                if (!in.equals(liveIn[i])) {
                    liveIn[i] = in;
                    changed = true;
                }
            }
        }
    }

    private void interferences(Block block) {
        BitSet live = (BitSet) liveOut[block.order].clone();
        use(block.end, live);
        for (int k = block.body.size() - 1; k >= 0; k--) {
            Value v = block.body.get(k);
            live.clear(v.id);
            if (v.hasResult()) {
                conflict(v, live);
            }
            int destroyed = clobbers(v);
            if (destroyed != 0) {
                live.stream().forEach(id -> forbidden[id] |= destroyed);
            }
            for (int i = 0; i < v.in.length; i++) {
                if (v.in[i] != null) {
                    forbidden[v.in[i].id] |= avoided(v, i);
                }
            }
            use(v, live);
        }
        block.phis.forEach(phi -> live.clear(phi.id));
        for (Value phi : block.phis) {
            conflict(phi, live);
            for (Value other : block.phis) {
                conflict(phi, other);
            }
        }
    }

    private void conflict(Value v, BitSet live) {
        conflicts[v.id].or(live);
        live.stream().forEach(id -> conflicts[id].set(v.id));
    }

    private void conflict(Value a, Value b) {
        if (a != b) {
            conflicts[a.id].set(b.id);
            conflicts[b.id].set(a.id);
        }
    }

    private void color() {
        values.sort(Comparator.comparingLong((Value v) -> -weight[v.id]).thenComparingInt(v -> v.id));
        for (Value v : values) {
            int taken = forbidden[v.id];
            for (int id = conflicts[v.id].nextSetBit(0); id >= 0; id = conflicts[v.id].nextSetBit(id + 1)) {
                if (register[id] != NOWHERE) {
                    taken |= 1 << register[id];
                }
            }
            int free = usable & ~taken;
            if (free == 0) {
                place(v);
            } else {
                register[v.id] = choose(v, free);
                saved |= 1 << register[v.id] & CALLEE_SAVED;
            }
        }
    }

    private int choose(Value v, int free) {
        if (partners.get(v.id) != null) {
            for (Value partner : partners.get(v.id)) {
                int at = register[partner.id];
                if (at != NOWHERE && (free & 1 << at) != 0) {
                    return at;
                }
            }
        }
        int best = free & hints[v.id];
        if (best == 0) {
            best = free & CALLER_SAVED;
        }
        if (best == 0) {
            best = free & saved;
        }
        return Integer.numberOfTrailingZeros(best == 0 ? free : best);
    }

    private void place(Value v) {
        BitSet used = new BitSet();
        for (int id = conflicts[v.id].nextSetBit(0); id >= 0; id = conflicts[v.id].nextSetBit(id + 1)) {
            if (slot[id] != NOWHERE) {
                used.set(slot[id]);
            }
        }
        slot[v.id] = used.nextClearBit(0);
        slots = Math.max(slots, slot[v.id] + 1);
    }
}
