// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.ArrayList;
import java.util.HashMap;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import muninn.isa.code.Alu;
import muninn.isa.code.Asm;
import muninn.isa.code.Cond;
import muninn.isa.code.Label;
import muninn.isa.code.Mem;
import muninn.isa.code.Reg;

/**
 * Machine code of one method. r10 and r11 are scratch within one operation. Never touches vector registers, x87 or what lies below
 * rsp. Long, because it has one short method or arm for each operation.
 *
 * <pre>
 * frame:  [rsp + 8*i]                 outgoing argument 6 + i
 *         [rsp + 8*(outgoing + s)]    slot s
 *         above                       saved registers, return address, incoming arguments from 6 on
 * </pre>
 */
final class Emitter {
    private static final int A = Reg.R10;
    private static final int B = Reg.R11;
    private static final int[] SAVED = {Reg.RBX, Reg.RBP, Reg.R12, Reg.R13, Reg.R14, Reg.R15};

    private final Graph graph;
    private final Asm asm;
    private final Allocator places;
    private final Function<String, Label> methods;
    private final Label data;
    private final Label readOnly;
    private final Map<Block, Label> labels = new HashMap<>();
    private int outgoing;
    private int frame;
    private int pushes;

    /**
     * @param methods the label of a method by name
     * @param data the start of the static fields
     * @param readOnly the start of the constant tables
     * @param usable mask of the registers to use for values
     */
    Emitter(Graph graph, Asm asm, Function<String, Label> methods, Label data, Label readOnly, int usable) {
        this.graph = graph;
        this.asm = asm;
        this.methods = methods;
        this.data = data;
        this.readOnly = readOnly;
        places = new Allocator(graph, usable);
    }

    void emit() {
        prologue();
        List<Block> order = new ArrayList<>();
        for (Block block : graph.blocks) {
            if (block == graph.entry || forwarded(block) == block) {
                order.add(block);
                labels.put(block, asm.newLabel());
            }
        }
        for (int i = 0; i < order.size(); i++) {
            asm.bind(labels.get(order.get(i)));
            block(order.get(i), i + 1 < order.size() ? order.get(i + 1) : null);
        }
    }

    private void prologue() {
        boolean calls = false;
        for (Block block : graph.blocks) {
            for (Value v : block.body) {
                if (v.op == Op.CALL) {
                    calls = true;
                    outgoing = Math.max(outgoing, v.in.length - Allocator.ARGUMENTS.length);
                }
            }
        }
        for (int reg : SAVED) {
            if ((places.saved & 1 << reg) != 0) {
                asm.push(reg);
                pushes++;
            }
        }
        frame = 8 * (outgoing + places.slots);
        if (calls && (8 + 8 * pushes + frame & 15) != 0) {
            frame += 8;
        }
        if (frame != 0) {
            asm.aluImm(Alu.SUB, 64, Reg.RSP, frame);
        }
        ParallelMoves moves = new ParallelMoves(asm);
        for (Value p : graph.parameters) {
            if (isUsed(p)) {
                int at = (int) p.imm;
                moves.add(place(p), at < Allocator.ARGUMENTS.length ? Allocator.ARGUMENTS[at]
                        : ParallelMoves.FRAME + frame + 8 * pushes + 8 + 8 * (at - Allocator.ARGUMENTS.length));
            }
        }
        moves.emit();
    }

    private boolean isUsed(Value v) {
        return v.uses > 0;
    }

    // ---- places

    private int place(Value v) {
        int reg = places.register[v.id];
        return reg != Allocator.NOWHERE ? reg : ParallelMoves.FRAME + displacement(v);
    }

    private int displacement(Value v) {
        return 8 * (outgoing + places.slot[v.id]);
    }

    private int register(Value v) {
        return v.isConst() ? Allocator.NOWHERE : places.register[v.id];
    }

    private boolean isInFrame(Value v) {
        return !v.isConst() && places.register[v.id] == Allocator.NOWHERE;
    }

    private Mem frameMem(Value v) {
        return Mem.at(Reg.RSP, displacement(v));
    }

    /** The register that holds the value; loads it into the scratch register if there is none. */
    private int use(Value v, int scratch) {
        int reg = register(v);
        if (reg != Allocator.NOWHERE) {
            return reg;
        }
        into(scratch, v);
        return scratch;
    }

    private void into(int target, Value v) {
        if (v.isConst()) {
            asm.movImm(target, v.imm);
        } else if (isInFrame(v)) {
            asm.load64(target, Reg.RSP, displacement(v));
        } else if (register(v) != target) {
            asm.mov64(target, register(v));
        }
    }

    /** Where to compute a result: its register or scratch B. */
    private int target(Value v) {
        int reg = places.register[v.id];
        return reg == Allocator.NOWHERE || !isUsed(v) ? B : reg;
    }

    private void finish(Value v, int from) {
        if (isUsed(v)) {
            int at = place(v);
            if (at >= ParallelMoves.FRAME) {
                asm.store64(Reg.RSP, at - ParallelMoves.FRAME, from);
            } else if (at != from) {
                asm.mov64(at, from);
            }
        }
    }

    // ---- blocks

    /** Where a jump to the block really leads: past blocks that do nothing. */
    private Block forwarded(Block start) {
        Block block = start;
        // Bounded: an empty endless loop leads round for ever.
        for (int i = 0; i < graph.blocks.size(); i++) {
            if (!block.body.isEmpty() || block.end.op != Op.GOTO || block == graph.entry || !moves(block).isEmpty()
                    || block.successors[0] == block) {
                return block;
            }
            block = block.successors[0];
        }
        return start;
    }

    private ParallelMoves moves(Block from) {
        ParallelMoves moves = new ParallelMoves(asm);
        Block to = from.successors[0];
        int at = to.phis.isEmpty() ? 0 : to.predecessors.indexOf(from);
        for (Value phi : to.phis) {
            if (isUsed(phi)) {
                Value input = phi.in[at];
                if (input.isConst()) {
                    moves.addConstant(place(phi), input.imm);
                } else {
                    moves.add(place(phi), place(input));
                }
            }
        }
        return moves;
    }

    private Label label(Block to) {
        return labels.get(forwarded(to));
    }

    private void block(Block block, Block next) {
        Value end = block.end;
        boolean fused = fusesSwap(block);
        for (Value v : block.body) {
            if (!fused || v != block.body.getLast()) {
                value(v);
            }
        }
        switch (end.op) {
            case GOTO -> {
                moves(block).emit();
                if (forwarded(block.successors[0]) != next) {
                    asm.jmp(label(block.successors[0]));
                }
            }
            case BRANCH -> {
                int cond = end.cond;
                if (fused) {
                    compareAndSwap(block.body.getLast());
                    // The result would be 1 where the zero flag is set now.
                    cond ^= 1;
                } else {
                    compare(end.in[0], end.in[1], end.size, end.bitTest);
                }
                Block yes = forwarded(block.successors[0]);
                Block no = forwarded(block.successors[1]);
                if (yes == next) {
                    asm.jcc(cond ^ 1, labels.get(no));
                } else {
                    asm.jcc(cond, labels.get(yes));
                    if (no != next) {
                        asm.jmp(labels.get(no));
                    }
                }
            }
            case SWITCH -> {
                int key = use(end.in[0], B);
                Integer[] sorted = new Integer[end.keys.length];
                for (int i = 0; i < sorted.length; i++) {
                    sorted[i] = i;
                }
                java.util.Arrays.sort(sorted, (x, y) -> Integer.compare(end.keys[x], end.keys[y]));
                cases(block, key, sorted, 0, sorted.length - 1, next);
            }
            case RETURN -> {
                if (end.in.length > 0) {
                    into(Reg.RAX, end.in[0]);
                }
                epilogue();
            }
            default -> throw new IllegalStateException(end.describe());
        }
    }

    private void epilogue() {
        if (frame != 0) {
            asm.aluImm(Alu.ADD, 64, Reg.RSP, frame);
        }
        for (int i = SAVED.length - 1; i >= 0; i--) {
            if ((places.saved & 1 << SAVED[i]) != 0) {
                asm.pop(SAVED[i]);
            }
        }
        asm.ret();
    }

    /** Binary search down to four keys. */
    private void cases(Block block, int key, Integer[] sorted, int low, int high, Block next) {
        Value end = block.end;
        if (high - low < 4) {
            for (int i = low; i <= high; i++) {
                asm.aluImm(Alu.CMP, 32, key, end.keys[sorted[i]]);
                asm.jcc(Cond.E, label(block.successors[sorted[i]]));
            }
            Block otherwise = block.successors[end.keys.length];
            if (forwarded(otherwise) != next || high != sorted.length - 1) {
                asm.jmp(label(otherwise));
            }
            return;
        }
        int middle = low + high >>> 1;
        Label upper = asm.newLabel();
        asm.aluImm(Alu.CMP, 32, key, end.keys[sorted[middle]]);
        asm.jcc(Cond.G, upper);
        cases(block, key, sorted, low, middle, next);
        asm.bind(upper);
        cases(block, key, sorted, middle + 1, high, next);
    }

    // ---- comparisons

    private void compare(Value a, Value b, int size, boolean bitTest) {
        if (bitTest) {
            bitTest(a, b, size);
        } else if (b.isConst(0) && !isInFrame(a)) {
            int reg = use(a, B);
            asm.test(size, reg, reg);
        } else if (isImmediate(b, size)) {
            if (isInFrame(a)) {
                asm.aluImm(Alu.CMP, size, frameMem(a), (int) b.imm);
            } else {
                asm.aluImm(Alu.CMP, size, use(a, B), (int) b.imm);
            }
        } else {
            operate(Alu.CMP, size, use(a, B), b);
        }
    }

    private void bitTest(Value a, Value b, int size) {
        int left = use(a, B);
        if (b.isConst() && b.imm >= 0 && b.imm < 128) {
            asm.testImm(8, left, (int) b.imm);
        } else if (isImmediate(b, size)) {
            asm.testImm(b.imm >= 0 ? 32 : size, left, (int) b.imm);
        } else {
            asm.test(size, left, use(b, A));
        }
    }

    private static boolean isImmediate(Value v, int size) {
        return v.isConst() && (size < 64 || v.imm == (int) v.imm);
    }

    /** {@code op left, right} with the right operand wherever it is; may use scratch A. */
    private void operate(int op, int size, int left, Value right) {
        if (isImmediate(right, size)) {
            asm.aluImm(op, size, left, (int) right.imm);
        } else if (isInFrame(right)) {
            asm.alu(op, size, left, frameMem(right));
        } else {
            asm.alu(op, size, left, use(right, A));
        }
    }

    // ---- operations

    private void value(Value v) {
        switch (v.op) {
            case ADD -> add(v);
            case SUB -> binary(v, Alu.SUB);
            case AND -> binary(v, Alu.AND);
            case OR -> binary(v, Alu.OR);
            case XOR -> binary(v, Alu.XOR);
            case MUL -> multiply(v);
            case SHL -> shift(v, Alu.SHL);
            case SAR -> shift(v, Alu.SAR);
            case SHR -> shift(v, Alu.SHR);
            case ROTL -> shift(v, Alu.ROL);
            case ROTR -> shift(v, Alu.ROR);
            case NEG -> {
                into(target(v), v.in[0]);
                asm.unary(Alu.NEG, v.size, target(v));
                finish(v, target(v));
            }
            case BSWAP -> {
                into(target(v), v.in[0]);
                asm.bswap(v.size, target(v));
                finish(v, target(v));
            }
            case ABS -> {
                int source = use(v.in[0], A);
                asm.mov64(B, source);
                asm.unary(Alu.NEG, v.size, B);
                asm.cmov(Cond.S, v.size, B, source);
                finish(v, B);
            }
            case MIN -> select(v, Cond.G);
            case MAX -> select(v, Cond.L);
            case DIV, REM, UDIV, UREM -> divide(v);
            case MULHI, UMULHI -> {
                into(Reg.RAX, v.in[0]);
                asm.unary(v.op == Op.MULHI ? Alu.IMUL : Alu.MUL, 64, use(v.in[1], B));
                finish(v, Reg.RDX);
            }
            case CMP3, UCMP3 -> {
                compare(v.in[0], v.in[1], v.size, false);
                asm.setcc(v.op == Op.CMP3 ? Cond.G : Cond.A, A);
                asm.setcc(v.op == Op.CMP3 ? Cond.L : Cond.B, B);
                asm.alu(Alu.SUB, 8, A, B);
                asm.movsx(32, 8, target(v), A);
                finish(v, target(v));
            }
            case SEXT8, SEXT16, SEXT32, ZEXT8, ZEXT16, ZEXT32 -> extend(v);
            case POPCNT -> {
                asm.popcnt(v.size, target(v), use(v.in[0], A));
                finish(v, target(v));
            }
            case CLZ, CTZ -> zeros(v);
            case LOAD -> {
                Mem mem = address(v);
                load(v, mem, false);
            }
            case LOADS -> load(v, address(v), true);
            case LOAD_STATIC -> load(v, field(v), false);
            case LOADS_STATIC -> load(v, field(v), true);
            case LOAD_TABLE, LOADS_TABLE -> {
                asm.lea(B, new Mem(Mem.NONE, Mem.NONE, 1, (int) v.imm, false, readOnly));
                load(v, Mem.at(B, use(v.in[0], A), v.size >> 3, 0), v.op == Op.LOADS_TABLE);
            }
            case STORE -> store(v.size, address(v), v.in[2]);
            case STORE_STATIC -> store(v.size, field(v), v.in[0]);
            default -> special(v);
        }
    }

    private void special(Value v) {
        switch (v.op) {
            case CAS -> {
                compareAndSwap(v);
                asm.setcc(Cond.E, B);
                asm.movzx(8, target(v), B);
                finish(v, target(v));
            }
            case XADD -> {
                Mem mem = address(v);
                into(B, v.in[2]);
                if (isUsed(v)) {
                    asm.lockXadd(v.size, mem, B);
                    finish(v, B);
                } else {
                    asm.lock();
                    asm.alu(Alu.ADD, v.size, mem, B);
                }
            }
            case XCHG -> {
                Mem mem = address(v);
                into(B, v.in[2]);
                asm.xchg(v.size, mem, B);
                finish(v, B);
            }
            case LOCK_OR, LOCK_AND -> {
                Mem mem = address(v);
                int op = v.op == Op.LOCK_OR ? Alu.OR : Alu.AND;
                int mask = isImmediate(v.in[2], v.size) ? Allocator.NOWHERE : use(v.in[2], B);
                asm.lock();
                if (mask == Allocator.NOWHERE) {
                    asm.aluImm(op, v.size, mem, (int) v.in[2].imm);
                } else {
                    asm.alu(op, v.size, mem, mask);
                }
            }
            case FENCE -> asm.mfence();
            case PAUSE -> asm.pause();
            case TRAP -> asm.ud2();
            case THREAD_AREA -> {
                asm.loadGs64(target(v), 0);
                finish(v, target(v));
            }
            case THREAD_POINTER -> {
                asm.loadFs64(target(v), 0);
                finish(v, target(v));
            }
            case COPY -> {
                arguments(v);
                asm.repMovsb();
            }
            case COPY_BACKWARD -> {
                arguments(v);
                asm.lea(Reg.RDI, Mem.at(Reg.RDI, Reg.RCX, 1, -1));
                asm.lea(Reg.RSI, Mem.at(Reg.RSI, Reg.RCX, 1, -1));
                asm.std();
                asm.repMovsb();
                asm.cld();
            }
            case FILL -> {
                arguments(v);
                asm.repStosb();
            }
            case SYSCALL -> {
                arguments(v);
                asm.syscall();
                finish(v, Reg.RAX);
            }
            case CALL -> {
                arguments(v);
                asm.call(methods.apply(v.callee));
                if (!v.isVoid) {
                    finish(v, Reg.RAX);
                }
            }
            default -> throw new IllegalStateException(v.describe());
        }
    }

    private void arguments(Value v) {
        int[] registers = Allocator.targets(v.op);
        ParallelMoves moves = new ParallelMoves(asm);
        for (int i = 0; i < v.in.length; i++) {
            int to = i < registers.length ? registers[i] : ParallelMoves.FRAME + 8 * (i - registers.length);
            if (v.in[i].isConst()) {
                moves.addConstant(to, v.in[i].imm);
            } else {
                moves.add(to, place(v.in[i]));
            }
        }
        moves.emit();
    }

    private void add(Value v) {
        Value a = v.in[0];
        Value b = v.in[1];
        int to = target(v);
        if (register(a) == to || register(b) == to || isInFrame(a) || isInFrame(b) || b.isConst() && !isImmediate(b, v.size)) {
            binary(v, Alu.ADD);
            return;
        }
        Mem sum = b.isConst() ? Mem.at(use(a, A), (int) b.imm) : Mem.at(use(a, A), register(b), 1, 0);
        if (v.size == 64) {
            asm.lea(to, sum);
        } else {
            asm.lea32(to, sum);
        }
        finish(v, to);
    }

    /** Where to compute a two-operand result; not the right operand's register unless both are the same. */
    private int work(Value v, Value left, Value right) {
        int to = target(v);
        return register(right) == to && register(left) != to ? B : to;
    }

    private void binary(Value v, int op) {
        Value a = v.in[0];
        Value b = v.in[1];
        if (v.op.isCommutative() && register(b) == target(v) && !b.isConst()) {
            Value t = a;
            a = b;
            b = t;
        }
        int work = work(v, a, b);
        into(work, a);
        operate(op, v.size, work, b);
        finish(v, work);
    }

    private void multiply(Value v) {
        Value a = v.in[0];
        Value b = v.in[1];
        if (isImmediate(b, v.size)) {
            asm.imulImm(v.size, target(v), use(a, A), (int) b.imm);
            finish(v, target(v));
            return;
        }
        if (register(b) == target(v) && !b.isConst()) {
            Value t = a;
            a = b;
            b = t;
        }
        int work = work(v, a, b);
        into(work, a);
        if (isInFrame(b)) {
            asm.imul(v.size, work, frameMem(b));
        } else {
            asm.imul(v.size, work, use(b, A));
        }
        finish(v, work);
    }

    private void shift(Value v, int op) {
        if (v.in[1].isConst()) {
            int to = target(v);
            into(to, v.in[0]);
            asm.shiftImm(op, v.size, to, (int) v.in[1].imm & v.size - 1);
            finish(v, to);
            return;
        }
        int to = target(v);
        int work = to == Reg.RCX || to == register(v.in[1]) ? B : to;
        into(work, v.in[0]);
        into(Reg.RCX, v.in[1]);
        asm.shiftCl(op, v.size, work);
        finish(v, work);
    }

    private void select(Value v, int cond) {
        Value a = v.in[0];
        Value b = v.in[1];
        if (register(b) == target(v) && !b.isConst()) {
            Value t = a;
            a = b;
            b = t;
        }
        int work = work(v, a, b);
        into(work, a);
        int other = use(b, A);
        asm.alu(Alu.CMP, v.size, work, other);
        asm.cmov(cond, v.size, work, other);
        finish(v, work);
    }

    private void divide(Value v) {
        boolean signed = v.op == Op.DIV || v.op == Op.REM;
        boolean quotient = v.op == Op.DIV || v.op == Op.UDIV;
        into(Reg.RAX, v.in[0]);
        int divisor = use(v.in[1], B);
        if (!signed) {
            asm.zero(Reg.RDX);
            asm.unary(Alu.DIV, v.size, divisor);
        } else if (v.in[1].isConst() && v.in[1].imm != -1 && (int) v.in[1].imm != -1) {
            signedDivide(v.size, divisor);
        } else {
            // The smallest number divided by -1 would trap; Java wraps.
            Label real = asm.newLabel();
            Label done = asm.newLabel();
            asm.aluImm(Alu.CMP, v.size, divisor, -1);
            asm.jccShort(Cond.NE, real);
            asm.unary(Alu.NEG, v.size, Reg.RAX);
            asm.zero(Reg.RDX);
            asm.jmpShort(done);
            asm.bind(real);
            signedDivide(v.size, divisor);
            asm.bind(done);
        }
        finish(v, quotient ? Reg.RAX : Reg.RDX);
    }

    private void signedDivide(int size, int divisor) {
        if (size == 64) {
            asm.cqo();
        } else {
            asm.cdq();
        }
        asm.unary(Alu.IDIV, size, divisor);
    }

    private void extend(Value v) {
        int from = use(v.in[0], A);
        int to = target(v);
        switch (v.op) {
            case SEXT8 -> asm.movsx(32, 8, to, from);
            case SEXT16 -> asm.movsx(32, 16, to, from);
            case SEXT32 -> asm.movsx(64, 32, to, from);
            case ZEXT8 -> asm.movzx(8, to, from);
            case ZEXT16 -> asm.movzx(16, to, from);
            default -> asm.mov32(to, from);
        }
        finish(v, to);
    }

    /** bsr and bsf leave the result open for zero, so that case is chosen afterwards. */
    private void zeros(Value v) {
        boolean leading = v.op == Op.CLZ;
        int from = use(v.in[0], A);
        asm.movImm(B, leading ? -1 : v.size);
        if (leading) {
            asm.bsr(v.size, A, from);
        } else {
            asm.bsf(v.size, A, from);
        }
        asm.cmov(Cond.E, 64, A, B);
        if (leading) {
            asm.unary(Alu.NEG, 32, A);
            asm.aluImm(Alu.ADD, 32, A, v.size - 1);
        }
        finish(v, A);
    }

    // ---- memory

    private Mem field(Value v) {
        return new Mem(Mem.NONE, Mem.NONE, 1, (int) v.imm, false, data);
    }

    /** The operand of an address; needs no scratch register but A afterwards. */
    private Mem address(Value v) {
        int base = v.in[0] == null ? Mem.NONE : use(v.in[0], A);
        int index = v.in[1] == null ? Mem.NONE : use(v.in[1], B);
        Mem mem = Mem.at(base, index, v.scale, (int) v.imm);
        if (index == B) {
            asm.lea(A, mem);
            return Mem.at(A);
        }
        return mem;
    }

    private void load(Value v, Mem mem, boolean signed) {
        int to = target(v);
        if (v.size == 64) {
            asm.load(64, to, mem);
        } else if (signed && v.size < 32) {
            asm.movsx(32, v.size, to, mem);
        } else {
            asm.movzx(v.size, to, mem);
        }
        finish(v, to);
    }

    private void store(int size, Mem mem, Value v) {
        if (isImmediate(v, size)) {
            asm.storeImm(size, mem, (int) v.imm);
        } else {
            asm.store(size, mem, use(v, B));
        }
    }

    /** Whether the block ends in a branch on the outcome of a compare-and-swap that nobody else needs. */
    private static boolean fusesSwap(Block block) {
        if (block.end.op != Op.BRANCH || block.body.isEmpty()) {
            return false;
        }
        Value last = block.body.getLast();
        Value end = block.end;
        return last.op == Op.CAS && last.uses == 1 && end.in[0] == last && end.in[1].isConst(0) && !end.bitTest
                && (end.cond == Cond.E || end.cond == Cond.NE);
    }

    private void compareAndSwap(Value v) {
        Mem mem = address(v);
        int replacement = use(v.in[3], B);
        into(Reg.RAX, v.in[2]);
        asm.lockCmpxchg(v.size, mem, replacement);
    }
}
