// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import muninn.isa.code.Cond;

/**
 * Turns bytecode into SSA form by running it symbolically, block after block in reverse postorder. A block with several
 * predecessors gets a phi for everything that is live by position (locals and stack); {@link Simplifier} removes the needless ones.
 * Calls of small methods are expanded in place by a builder of their own that writes into the same graph. Long, because it has an
 * arm for each kind of bytecode.
 */
final class GraphBuilder {
    /** Bytes of bytecode up to which a callee is expanded, and how deep. */
    private static final int SMALL = 48;
    private static final int MAX_DEPTH = 6;
    private static final int MAX_VALUES = 4000;

    private final Program program;
    private final Graph graph;
    private final IntrinsicCalls intrinsics;
    private final String name;
    private final List<String> active;
    private final Set<String> callees;

    // the method as a list of instructions; a leader starts a block
    private final List<Instruction> code = new ArrayList<>();
    private final Map<Label, Integer> positions = new HashMap<>();
    private final Map<Integer, Start> starts = new HashMap<>();

    private Value[] locals;
    private List<Value> stack;
    private List<Boolean> wide;
    private Block current;
    private boolean broken;

    /** Where returns of an expanded method lead; null in the outermost one. */
    private Block exit;
    private final List<Value> results = new ArrayList<>();

    /** A bytecode block: how many edges lead to it, and the state on entry once one has been seen. */
    private static final class Start {
        int edges;
        Block block;
        Value[] locals;
        List<Value> stack;
        List<Boolean> wide;
        boolean done;
    }

    private GraphBuilder(Program program, Graph graph, String name, List<String> active, Set<String> callees) {
        this.program = program;
        this.graph = graph;
        this.intrinsics = new IntrinsicCalls(graph);
        this.name = name;
        this.active = active;
        this.callees = callees;
    }

    /** The graph of a method; methods that it calls are added to {@code callees}. Null if it is not system Java. */
    static Graph build(Program program, String name, Set<String> callees) {
        MethodModel method = program.method(name);
        if (method == null) {
            return null;
        }
        Graph graph = new Graph(name);
        GraphBuilder b = new GraphBuilder(program, graph, name, List.of(name), callees);
        MethodTypeDesc type = method.methodTypeSymbol();
        Value[] arguments = new Value[type.parameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = graph.newValue(Op.PARAM, 64, i);
            graph.parameters.add(arguments[i]);
        }
        b.current = graph.entry;
        b.method(method, arguments);
        return b.broken ? null : graph;
    }

    private void refuse(String what) {
        broken = true;
        program.refuse(name, what);
    }

    private void method(MethodModel method, Value[] arguments) {
        program.initialise(name.substring(0, name.lastIndexOf('.', name.indexOf(':'))));
        CodeModel model = method.code().orElseThrow();
        if (!model.exceptionHandlers().isEmpty()) {
            refuse("exception handler");
            return;
        }
        for (CodeElement e : model) {
            switch (e) {
                case LabelTarget t -> positions.put(t.label(), code.size());
                case Instruction i -> code.add(i);
                default -> { }
            }
        }
        locals = new Value[((CodeAttribute) model).maxLocals()];
        stack = new ArrayList<>();
        wide = new ArrayList<>();
        int local = 0;
        MethodTypeDesc type = method.methodTypeSymbol();
        for (int i = 0; i < arguments.length; i++) {
            String kind = type.parameterType(i).descriptorString();
            if (!isNumber(kind)) {
                refuse("parameter of type " + kind);
                return;
            }
            locals[local] = arguments[i];
            local += kind.equals("J") ? 2 : 1;
        }
        String result = type.returnType().descriptorString();
        if (!result.equals("V") && !isNumber(result)) {
            refuse("result of type " + result);
            return;
        }
        countEdges();
        // The first instruction may be the target of a loop, so entering is an edge as well.
        edge(current, 0);
        List<Integer> order = new ArrayList<>();
        postorder(0, new java.util.HashSet<>(), order);
        for (int i = order.size() - 1; i >= 0 && !broken; i--) {
            run(order.get(i));
        }
    }

    private static boolean isNumber(String type) {
        return type.length() == 1 && "IJZBSC".contains(type);
    }

    // ---- control flow of the bytecode

    private Start start(int at) {
        return starts.computeIfAbsent(at, a -> new Start());
    }

    private int position(Label label) {
        return positions.get(label);
    }

    private static boolean isJump(Opcode op) {
        return op == Opcode.GOTO || op == Opcode.GOTO_W;
    }

    private List<Integer> targets(int at) {
        Instruction i = code.get(at);
        List<Integer> out = new ArrayList<>();
        switch (i) {
            case BranchInstruction b -> {
                out.add(position(b.target()));
                if (!isJump(b.opcode())) {
                    out.add(at + 1);
                }
            }
            case TableSwitchInstruction s -> {
                s.cases().forEach(c -> out.add(position(c.target())));
                out.add(position(s.defaultTarget()));
            }
            case LookupSwitchInstruction s -> {
                s.cases().forEach(c -> out.add(position(c.target())));
                out.add(position(s.defaultTarget()));
            }
            default -> { }
        }
        return out;
    }

    private static boolean ends(Instruction i) {
        return i instanceof BranchInstruction || i instanceof TableSwitchInstruction || i instanceof LookupSwitchInstruction
                || i instanceof ReturnInstruction || i.opcode() == Opcode.ATHROW;
    }

    private void countEdges() {
        start(0).edges = 1;
        for (int at = 0; at < code.size(); at++) {
            for (int to : targets(at)) {
                start(to);
            }
        }
        for (int at = 0; at < code.size(); at++) {
            for (int to : targets(at)) {
                start(to).edges++;
            }
            if (!ends(code.get(at)) && starts.containsKey(at + 1)) {
                start(at + 1).edges++;
            }
        }
    }

    private List<Integer> successors(int from) {
        int at = from;
        while (!ends(code.get(at)) && !starts.containsKey(at + 1)) {
            at++;
        }
        return ends(code.get(at)) ? targets(at) : List.of(at + 1);
    }

    private void postorder(int from, Set<Integer> seen, List<Integer> out) {
        if (!seen.add(from)) {
            return;
        }
        for (int to : successors(from)) {
            postorder(to, seen, out);
        }
        out.add(from);
    }

    // ---- state

    /** Ends a block by a jump to a bytecode position, with phi inputs from the current state. */
    private void edge(Block from, int to) {
        Block target = enter(from, to);
        from.end = graph.newValue(Op.GOTO, 64, 0);
        from.successors = new Block[] {target};
    }

    /** A block to jump to for reaching the position: the block itself, or one on the edge if others come there too. */
    private Block splitEdge(Block from, int to) {
        if (start(to).edges < 2) {
            return enter(from, to);
        }
        Block between = graph.newBlock();
        between.addPredecessor(from);
        edge(between, to);
        return between;
    }

    private Block enter(Block from, int to) {
        Start s = start(to);
        if (s.block == null) {
            s.block = graph.newBlock();
            s.wide = new ArrayList<>(wide);
            s.locals = locals.clone();
            s.stack = new ArrayList<>(stack);
            if (s.edges > 1) {
                for (int i = 0; i < s.locals.length; i++) {
                    s.locals[i] = s.locals[i] == null ? null : phi(s.block);
                }
                s.stack.replaceAll(v -> phi(s.block));
            }
        }
        if (s.edges > 1) {
            for (int i = 0; i < s.locals.length; i++) {
                if (s.locals[i] != null) {
                    // Absent here: the verifier has seen that nobody reads it afterwards.
                    Block.append(s.locals[i], locals[i] == null ? graph.constant(0) : locals[i]);
                }
            }
            for (int i = 0; i < s.stack.size(); i++) {
                Block.append(s.stack.get(i), stack.get(i));
            }
        }
        s.block.addPredecessor(from);
        return s.block;
    }

    private Value phi(Block block) {
        Value phi = graph.newValue(Op.PHI, 64, 0);
        block.phis.add(phi);
        return phi;
    }

    private void run(int from) {
        Start s = start(from);
        if (s.done || s.block == null) {
            return;
        }
        s.done = true;
        current = s.block;
        locals = s.locals.clone();
        stack = new ArrayList<>(s.stack);
        wide = new ArrayList<>(s.wide);
        int at = from;
        while (!broken) {
            Instruction i = code.get(at);
            if (ends(i)) {
                end(i, at);
                return;
            }
            instruction(i);
            at++;
            if (starts.containsKey(at)) {
                edge(current, at);
                return;
            }
        }
    }

    private void push(Value v, boolean isWide) {
        stack.add(v);
        wide.add(isWide);
    }

    private Value pop() {
        wide.removeLast();
        return stack.removeLast();
    }

    private Value emit(Op op, int size, long imm, Value... in) {
        Value v = graph.newValue(op, size, imm, in);
        current.body.add(v);
        return v;
    }

    // ---- instructions

    private void instruction(Instruction instruction) {
        switch (instruction) {
            case ConstantInstruction c -> {
                if (c.constantValue() instanceof Integer || c.constantValue() instanceof Long) {
                    push(graph.constant(((Number) c.constantValue()).longValue()), c.constantValue() instanceof Long);
                } else {
                    refuse("constant " + c.constantValue());
                }
            }
            case LoadInstruction l -> {
                switch (l.typeKind()) {
                    case INT, LONG -> push(locals[l.slot()], l.typeKind().slotSize() == 2);
                    default -> refuse("value of kind " + l.typeKind());
                }
            }
            case StoreInstruction s -> {
                switch (s.typeKind()) {
                    case INT, LONG -> locals[s.slot()] = pop();
                    default -> refuse("value of kind " + s.typeKind());
                }
            }
            case IncrementInstruction i ->
                locals[i.slot()] = emit(Op.ADD, 32, 0, locals[i.slot()], graph.constant(i.constant()));
            case OperatorInstruction o -> operator(o.opcode());
            case ConvertInstruction c -> convert(c.opcode());
            case StackInstruction s -> stack(s.opcode());
            case FieldInstruction f -> field(f);
            case ArrayLoadInstruction a -> tableLoad(a);
            case InvokeInstruction i -> invoke(i);
            case NopInstruction n -> { }
            default -> refuse("instruction " + instruction.opcode());
        }
    }

    private void operator(Opcode op) {
        switch (op) {
            case IADD -> binary(Op.ADD, 32);
            case LADD -> binary(Op.ADD, 64);
            case ISUB -> binary(Op.SUB, 32);
            case LSUB -> binary(Op.SUB, 64);
            case IMUL -> binary(Op.MUL, 32);
            case LMUL -> binary(Op.MUL, 64);
            case IDIV -> binary(Op.DIV, 32);
            case LDIV -> binary(Op.DIV, 64);
            case IREM -> binary(Op.REM, 32);
            case LREM -> binary(Op.REM, 64);
            case IAND -> binary(Op.AND, 32);
            case LAND -> binary(Op.AND, 64);
            case IOR -> binary(Op.OR, 32);
            case LOR -> binary(Op.OR, 64);
            case IXOR -> binary(Op.XOR, 32);
            case LXOR -> binary(Op.XOR, 64);
            case ISHL -> binary(Op.SHL, 32);
            case LSHL -> binary(Op.SHL, 64);
            case ISHR -> binary(Op.SAR, 32);
            case LSHR -> binary(Op.SAR, 64);
            case IUSHR -> binary(Op.SHR, 32);
            case LUSHR -> binary(Op.SHR, 64);
            case INEG -> push(emit(Op.NEG, 32, 0, pop()), false);
            case LNEG -> push(emit(Op.NEG, 64, 0, pop()), true);
            case LCMP -> {
                Value b = pop();
                push(emit(Op.CMP3, 64, 0, pop(), b), false);
            }
            case ARRAYLENGTH -> {
                Program.Table table = onStack.get(pop());
                if (table == null) {
                    refuse("array");
                } else {
                    push(graph.constant(table.length()), false);
                }
            }
            default -> refuse("instruction " + op);
        }
    }

    private void binary(Op op, int size) {
        Value b = pop();
        push(emit(op, size, 0, pop(), b), size == 64);
    }

    private void convert(Opcode op) {
        Value v = pop();
        switch (op) {
            case I2L -> push(emit(Op.SEXT32, 64, 0, v), true);
            case L2I -> push(v.isConst() ? graph.constant((int) v.imm) : v, false);
            case I2B -> push(emit(Op.SEXT8, 64, 0, v), false);
            case I2S -> push(emit(Op.SEXT16, 64, 0, v), false);
            case I2C -> push(emit(Op.ZEXT16, 64, 0, v), false);
            default -> refuse("instruction " + op);
        }
    }

    private void stack(Opcode op) {
        int top = stack.size() - 1;
        switch (op) {
            case POP -> pop();
            case POP2 -> {
                if (!wide.get(top)) {
                    pop();
                }
                pop();
            }
            case DUP -> copyUnder(1, 0);
            case DUP_X1 -> copyUnder(1, 1);
            case DUP_X2 -> copyUnder(1, wide.get(top - 1) ? 1 : 2);
            case DUP2 -> copyUnder(wide.get(top) ? 1 : 2, 0);
            case DUP2_X1 -> copyUnder(wide.get(top) ? 1 : 2, 1);
            case DUP2_X2 -> {
                int count = wide.get(top) ? 1 : 2;
                copyUnder(count, wide.get(top - count) ? 1 : 2);
            }
            case SWAP -> {
                copyUnder(1, 1);
                pop();
            }
            default -> refuse("instruction " + op);
        }
    }

    /** Copies the top entries to below some others. */
    private void copyUnder(int count, int below) {
        int at = stack.size() - count - below;
        stack.addAll(at, List.copyOf(stack.subList(stack.size() - count, stack.size())));
        wide.addAll(at, List.copyOf(wide.subList(wide.size() - count, wide.size())));
    }

    // ---- fields and tables

    /** What stands on the operand stack for a table between getstatic and the access. */
    private final Map<Value, Program.Table> onStack = new HashMap<>();

    private void field(FieldInstruction f) {
        String owner = f.owner().asInternalName();
        String fieldName = f.name().stringValue();
        String type = f.type().stringValue();
        boolean isGet = f.opcode() == Opcode.GETSTATIC;
        if (!isGet && f.opcode() != Opcode.PUTSTATIC) {
            refuse("field of an object " + owner + "." + fieldName);
            return;
        }
        if (!program.hasClass(owner)) {
            refuse("field of a foreign class " + owner + "." + fieldName);
            return;
        }
        Program.Table table = isGet ? program.table(owner, fieldName) : null;
        if (table != null) {
            Value mark = graph.newValue(Op.CONST, 64, 0);
            onStack.put(mark, table);
            push(mark, false);
            return;
        }
        if (!isNumber(type)) {
            refuse("field of type " + type + " " + owner + "." + fieldName);
            return;
        }
        int size = size(type);
        int at = program.field(owner, fieldName);
        boolean unsigned = type.equals("Z") || type.equals("C") || size >= 32;
        if (isGet) {
            push(emit(unsigned ? Op.LOAD_STATIC : Op.LOADS_STATIC, size, at), size == 64);
        } else {
            emit(Op.STORE_STATIC, size, at, pop());
        }
    }

    private static int size(String type) {
        return switch (type) {
            case "Z", "B" -> 8;
            case "S", "C" -> 16;
            case "I" -> 32;
            default -> 64;
        };
    }

    private void tableLoad(ArrayLoadInstruction a) {
        Value index = pop();
        Program.Table table = onStack.get(pop());
        if (table == null) {
            refuse("array");
            return;
        }
        Op op = table.signed() && table.size() < 32 ? Op.LOADS_TABLE : Op.LOAD_TABLE;
        push(emit(op, table.size(), table.offset(), emit(Op.SEXT32, 64, 0, index)), table.size() == 64);
    }

    // ---- calls

    private void invoke(InvokeInstruction i) {
        String owner = i.owner().asInternalName();
        String type = i.type().stringValue();
        String target = owner + "." + i.name().stringValue() + ":" + type;
        if (i.opcode() != Opcode.INVOKESTATIC) {
            refuse("call of " + target);
            return;
        }
        MethodTypeDesc desc = i.typeSymbol();
        Value[] arguments = new Value[desc.parameterCount()];
        for (int p = arguments.length - 1; p >= 0; p--) {
            arguments[p] = pop();
        }
        String result = desc.returnType().descriptorString();
        boolean isIntrinsicOwner = owner.startsWith("java/") || owner.equals("muninn/sysjava/Ptr") || owner.equals("muninn/sysjava/Kernel");
        Value value;
        if (isIntrinsicOwner) {
            value = IntrinsicCalls.knows(owner, i.name().stringValue(), type)
                    ? intrinsics.make(owner, i.name().stringValue(), type, arguments) : null;
            if (value == null) {
                refuse("call of " + target);
                return;
            }
            current.body.add(value);
        } else if (!program.hasClass(owner)) {
            refuse("call of a foreign class " + target);
            return;
        } else {
            value = call(target, arguments, result.equals("V"));
        }
        if (broken) {
            return;
        }
        if (!result.equals("V")) {
            push(value, result.equals("J"));
        }
    }

    private Value call(String target, Value[] arguments, boolean isVoid) {
        program.noteCall(name, target);
        MethodModel method = program.method(target);
        if (method == null) {
            broken = true;
            return null;
        }
        boolean isSmall = method.code().orElseThrow() instanceof CodeAttribute a && a.codeLength() <= SMALL;
        if (isSmall && !active.contains(target) && active.size() < MAX_DEPTH && graph.valueCount() < MAX_VALUES) {
            return expand(target, method, arguments, isVoid);
        }
        callees.add(target);
        Value call = emit(Op.CALL, 64, 0, arguments);
        call.callee = target;
        call.isVoid = isVoid;
        return call;
    }

    private Value expand(String target, MethodModel method, Value[] arguments, boolean isVoid) {
        List<String> deeper = new ArrayList<>(active);
        deeper.add(target);
        GraphBuilder inner = new GraphBuilder(program, graph, target, deeper, callees);
        inner.exit = graph.newBlock();
        inner.current = current;
        inner.method(method, arguments);
        broken |= inner.broken;
        current = inner.exit;
        if (isVoid || broken) {
            return null;
        }
        Value phi = phi(current);
        phi.in = inner.results.toArray(Value[]::new);
        return phi;
    }

    // ---- ends of blocks

    private void end(Instruction i, int at) {
        switch (i) {
            case BranchInstruction b -> branch(b, at);
            case TableSwitchInstruction s -> cases(s.cases(), s.defaultTarget());
            case LookupSwitchInstruction s -> cases(s.cases(), s.defaultTarget());
            case ReturnInstruction r -> {
                if (exit != null) {
                    results.add(r.opcode() == Opcode.RETURN ? graph.constant(0) : pop());
                    current.end = graph.newValue(Op.GOTO, 64, 0);
                    current.successors = new Block[] {exit};
                    exit.addPredecessor(current);
                } else {
                    current.end = r.opcode() == Opcode.RETURN ? graph.newValue(Op.RETURN, 64, 0)
                            : graph.newValue(Op.RETURN, 64, 0, pop());
                }
            }
            default -> refuse("instruction " + i.opcode());
        }
    }

    private void branch(BranchInstruction b, int at) {
        int target = position(b.target());
        int cond = switch (b.opcode()) {
            case IFEQ, IF_ICMPEQ -> Cond.E;
            case IFNE, IF_ICMPNE -> Cond.NE;
            case IFLT, IF_ICMPLT -> Cond.L;
            case IFGE, IF_ICMPGE -> Cond.GE;
            case IFGT, IF_ICMPGT -> Cond.G;
            case IFLE, IF_ICMPLE -> Cond.LE;
            default -> -1;
        };
        if (isJump(b.opcode())) {
            edge(current, target);
            return;
        }
        if (cond < 0) {
            refuse("instruction " + b.opcode());
            return;
        }
        boolean withZero = switch (b.opcode()) {
            case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE -> true;
            default -> false;
        };
        Value right = withZero ? graph.constant(0) : pop();
        Value left = pop();
        Block from = current;
        from.end = graph.newValue(Op.BRANCH, 32, 0, left, right);
        from.end.cond = cond;
        from.successors = new Block[] {splitEdge(from, target), splitEdge(from, at + 1)};
    }

    private void cases(List<SwitchCase> cases, Label otherwise) {
        Block from = current;
        Value key = pop();
        Block[] targets = new Block[cases.size() + 1];
        int[] keys = new int[cases.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = cases.get(i).caseValue();
            targets[i] = splitEdge(from, position(cases.get(i).target()));
        }
        targets[keys.length] = splitEdge(from, position(otherwise));
        from.end = graph.newValue(Op.SWITCH, 32, 0, key);
        from.end.keys = keys;
        from.successors = targets;
    }
}
