// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The baseline compiler of system Java: one pass over the bytecode, every local and every operand-stack entry has its place
 * in the frame. It compiles what is reachable from the roots, reports everything it refuses at once, and produces one
 * position-independent blob. Slow code, but simple enough to be trusted: the yardstick for an optimising compiler.
 *
 * <pre>
 * frame, rbp-based:   [rbp - 8*(i+1)]             local i
 *                     [rbp - 8*(locals+d+1)]      operand-stack entry d (int and long both take one)
 * rsp is a multiple of 16 in bodies; arguments in rdi, rsi, rdx, rcx, r8, r9, result in rax (System V ABI)
 * </pre>
 */
public final class BaselineCompiler {
    private static final int PAGE = 4096;
    private static final int[] ARGUMENTS = {7, 6, 2, 1, 8, 9};

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final Map<String, Integer> methods = new LinkedHashMap<>();
    private final ArrayDeque<String> todo = new ArrayDeque<>();
    private final Map<String, Integer> statics = new LinkedHashMap<>();
    private final Map<Integer, Long> initial = new LinkedHashMap<>();
    private final HashSet<String> initialised = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private final CodeBytes out = new CodeBytes();
    private int dataSize;
    /** Displacements of static fields (position, offset in data) and of calls (position, method). */
    private final List<int[]> dataUses = new ArrayList<>();
    private final List<Object[]> callUses = new ArrayList<>();

    // per method
    private String where;
    private int locals;
    private boolean[] wide = new boolean[64];
    private int depth;
    private Map<Label, Integer> bound;
    private Map<Label, boolean[]> shapes;
    private List<Object[]> jumps;

    private BaselineCompiler() {}

    /**
     * Compiles everything reachable from the roots.
     *
     * @param classFiles class-file bytes of all classes that may be needed
     * @param roots methods as {@code pkg/Class.name:descriptor}
     * @throws IllegalArgumentException naming every construct that is not system Java
     */
    public static SystemImage compile(List<byte[]> classFiles, List<String> roots) {
        BaselineCompiler c = new BaselineCompiler();
        for (byte[] b : classFiles) {
            ClassModel m = ClassFile.of().parse(b);
            c.classes.put(m.thisClass().asInternalName(), m);
        }
        c.todo.addAll(roots);
        while (!c.todo.isEmpty()) {
            String next = c.todo.poll();
            if (!c.methods.containsKey(next)) {
                c.method(next);
            }
        }
        if (!c.violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", c.violations));
        }
        return c.link();
    }

    private SystemImage link() {
        int dataOffset = out.size() + PAGE - 1 & -PAGE;
        byte[] image = new byte[dataOffset + (dataSize + PAGE - 1 & -PAGE) + PAGE];
        for (Object[] use : callUses) {
            int at = (int) use[0];
            out.patch(at, methods.get(use[1]) - (at + 4));
        }
        for (int[] use : dataUses) {
            out.patch(use[0], dataOffset + use[1] - (use[0] + 4));
        }
        out.copyTo(image);
        initial.forEach((offset, value) -> {
            for (int i = 0; i < 8; i++) {
                image[dataOffset + offset + i] = (byte) (value >> 8 * i);
            }
        });
        Map<String, Integer> symbols = new LinkedHashMap<>(methods);
        statics.forEach((name, offset) -> symbols.put(name, dataOffset + offset));
        return new SystemImage(image, dataOffset, symbols);
    }

    private void refuse(String what) {
        violations.add(where + ": " + what);
    }

    private void method(String name) {
        where = name;
        int dot = name.indexOf('.');
        int colon = name.indexOf(':');
        ClassModel owner = classes.get(name.substring(0, dot));
        MethodModel found = null;
        if (owner != null) {
            for (MethodModel m : owner.methods()) {
                if (m.methodName().equalsString(name.substring(dot + 1, colon)) && m.methodType().equalsString(name.substring(colon + 1))) {
                    found = m;
                }
            }
        }
        if (found == null || found.code().isEmpty()) {
            methods.put(name, 0);
            refuse("no such system-Java method");
            return;
        }
        initialise(owner);
        where = name;
        CodeModel code = found.code().get();
        while ((out.size() & 15) != 0) {
            out.b(0x90);
        }
        methods.put(name, out.size());
        locals = found.findAttribute(Attributes.code()).orElseThrow().maxLocals();
        int stack = found.findAttribute(Attributes.code()).orElseThrow().maxStack();
        int frame = 8 * (locals + stack + 2) + 15 & -16;
        out.b(0x55, 0x48, 0x89, 0xe5, 0x48, 0x81, 0xec);
        out.i4(frame);
        int local = 0;
        int argument = 0;
        for (var p : found.methodTypeSymbol().parameterList()) {
            if (argument == ARGUMENTS.length) {
                refuse("more than six parameters");
                break;
            }
            store(local(local), ARGUMENTS[argument++]);
            local += p.descriptorString().equals("J") ? 2 : 1;
        }
        depth = 0;
        bound = new HashMap<>();
        shapes = new HashMap<>();
        jumps = new ArrayList<>();
        for (CodeElement e : code) {
            element(e);
        }
        for (Object[] j : jumps) {
            int at = (int) j[0];
            out.patch(at, bound.get((Label) j[1]) - (at + 4));
        }
    }

    /** Static fields may start at a constant: an initialiser may store constants and nothing else. */
    private void initialise(ClassModel owner) {
        String name = owner.thisClass().asInternalName();
        if (!initialised.add(name)) {
            return;
        }
        for (FieldModel f : owner.fields()) {
            f.findAttribute(Attributes.constantValue()).ifPresent(v -> {
                if (f.fieldType().equalsString("J") || f.fieldType().equalsString("I")) {
                    Object c = v.constant().constantValue();
                    initial.put(field(name + "." + f.fieldName().stringValue()), ((Number) c).longValue());
                }
            });
        }
        for (MethodModel m : owner.methods()) {
            if (!m.methodName().equalsString("<clinit>")) {
                continue;
            }
            Object[] last = new Object[1];
            for (CodeElement e : m.code().orElseThrow()) {
                switch (e) {
                    case ConstantInstruction c -> last[0] = c.constantValue();
                    case FieldInstruction f when f.opcode() == Opcode.PUTSTATIC && last[0] instanceof Number n -> {
                        initial.put(field(f.owner().asInternalName() + "." + f.name().stringValue()), n.longValue());
                        last[0] = null;
                    }
                    case ConvertInstruction c -> { }
                    case ReturnInstruction r -> { }
                    case java.lang.classfile.Instruction i -> {
                        where = name + ".<clinit>";
                        refuse("class initialiser with code (" + i.opcode() + ")");
                        return;
                    }
                    default -> { }
                }
            }
        }
    }

    private int field(String name) {
        return statics.computeIfAbsent(name, n -> {
            dataSize += 8;
            return dataSize - 8;
        });
    }

    // ---- frame ----

    private static int local(int i) {
        return -8 * (i + 1);
    }

    private int entry(int d) {
        return -8 * (locals + d + 1);
    }

    private void load(int reg, int disp) {
        out.b(0x48 | (reg >= 8 ? 4 : 0), 0x8b, 0x85 | (reg & 7) << 3);
        out.i4(disp);
    }

    private void store(int disp, int reg) {
        out.b(0x48 | (reg >= 8 ? 4 : 0), 0x89, 0x85 | (reg & 7) << 3);
        out.i4(disp);
    }

    private void push(int reg, boolean isWide) {
        store(entry(depth), reg);
        wide[depth++] = isWide;
    }

    private void pop(int reg) {
        load(reg, entry(--depth));
    }

    private void constant(long v, boolean isWide) {
        if (v == (int) v) {
            out.b(0x48, 0xc7, 0x85);
            out.i4(entry(depth));
            out.i4((int) v);
        } else {
            out.b(0x48, 0xb8);
            out.i8(v);
            store(entry(depth), 0);
        }
        wide[depth++] = isWide;
    }

    // ---- instructions ----

    private void element(CodeElement e) {
        switch (e) {
            case LabelTarget t -> {
                bound.put(t.label(), out.size());
                boolean[] shape = shapes.get(t.label());
                if (shape != null) {
                    depth = shape.length;
                    System.arraycopy(shape, 0, wide, 0, depth);
                }
            }
            case ConstantInstruction c -> {
                if (c.constantValue() instanceof Integer i) {
                    constant(i, false);
                } else if (c.constantValue() instanceof Long l) {
                    constant(l, true);
                } else {
                    refuse("constant " + c.constantValue());
                    depth++;
                }
            }
            case LoadInstruction l -> {
                kind(l.typeKind());
                load(0, local(l.slot()));
                push(0, l.typeKind() == TypeKind.LONG);
            }
            case StoreInstruction s -> {
                kind(s.typeKind());
                pop(0);
                store(local(s.slot()), 0);
            }
            case IncrementInstruction i -> {
                out.b(0x81, 0x85);
                out.i4(local(i.slot()));
                out.i4(i.constant());
            }
            case OperatorInstruction o -> operator(o.opcode());
            case ConvertInstruction c -> convert(c);
            case BranchInstruction b -> branch(b);
            case LookupSwitchInstruction s -> cases(s.cases(), s.defaultTarget());
            case TableSwitchInstruction s -> cases(s.cases(), s.defaultTarget());
            case StackInstruction s -> stack(s.opcode());
            case FieldInstruction f -> field(f);
            case InvokeInstruction i -> invoke(i);
            case ReturnInstruction r -> {
                if (r.typeKind() != TypeKind.VOID) {
                    kind(r.typeKind());
                    pop(0);
                }
                out.b(0xc9, 0xc3);
            }
            case java.lang.classfile.Instruction i -> refuse("instruction " + i.opcode());
            default -> { }
        }
    }

    private void kind(TypeKind k) {
        switch (k) {
            case INT, LONG, BOOLEAN, BYTE, SHORT, CHAR -> { }
            default -> refuse("value of kind " + k);
        }
    }

    /** Binary operation {@code rax op= rcx}; REX.W where long. */
    private void operator(Opcode op) {
        switch (op) {
            case IADD, LADD -> arithmetic(op == Opcode.LADD, 0x01);
            case ISUB, LSUB -> arithmetic(op == Opcode.LSUB, 0x29);
            case IAND, LAND -> arithmetic(op == Opcode.LAND, 0x21);
            case IOR, LOR -> arithmetic(op == Opcode.LOR, 0x09);
            case IXOR, LXOR -> arithmetic(op == Opcode.LXOR, 0x31);
            case IMUL, LMUL -> {
                pop(1);
                pop(0);
                rexW(op == Opcode.LMUL);
                out.b(0x0f, 0xaf, 0xc1);
                push(0, op == Opcode.LMUL);
            }
            case IDIV, LDIV, IREM, LREM -> divide(op == Opcode.LDIV || op == Opcode.LREM, op == Opcode.IREM || op == Opcode.LREM);
            case INEG, LNEG -> {
                pop(0);
                rexW(op == Opcode.LNEG);
                out.b(0xf7, 0xd8);
                push(0, op == Opcode.LNEG);
            }
            case ISHL, LSHL -> shift(op == Opcode.LSHL, 0xe0);
            case ISHR, LSHR -> shift(op == Opcode.LSHR, 0xf8);
            case IUSHR, LUSHR -> shift(op == Opcode.LUSHR, 0xe8);
            case LCMP -> {
                pop(1);
                pop(0);
                // (a > b) - (a < b)
                out.b(0x48, 0x39, 0xc8, 0x0f, 0x9f, 0xc0, 0x0f, 0x9c, 0xc1, 0x28, 0xc8, 0x0f, 0xbe, 0xc0);
                push(0, false);
            }
            default -> refuse("instruction " + op);
        }
    }

    private void rexW(boolean isLong) {
        if (isLong) {
            out.b(0x48);
        }
    }

    private void arithmetic(boolean isLong, int opcode) {
        pop(1);
        pop(0);
        rexW(isLong);
        out.b(opcode, 0xc8);
        push(0, isLong);
    }

    private void shift(boolean isLong, int modRm) {
        pop(1);
        pop(0);
        rexW(isLong);
        out.b(0xd3, modRm);
        push(0, isLong);
    }

    /** Java's division: the one overflowing quotient wraps instead of trapping; by zero traps. */
    private void divide(boolean isLong, boolean remainder) {
        pop(1);
        pop(0);
        rexW(isLong);
        out.b(0x83, 0xf9, 0xff);          // cmp rcx, -1
        out.b(0x75, isLong ? 7 : 6);      // jne divide
        rexW(isLong);
        out.b(0xf7, 0xd8);                // neg rax (quotient by -1)
        out.b(0x31, 0xd2);                // xor edx, edx (remainder)
        out.b(0xeb, isLong ? 5 : 3);      // jmp done
        rexW(isLong);
        out.b(0x99);                      // cdq / cqo
        rexW(isLong);
        out.b(0xf7, 0xf9);                // idiv rcx
        push(remainder ? 2 : 0, isLong);
    }

    private void convert(ConvertInstruction c) {
        pop(0);
        switch (c.opcode()) {
            case I2L -> out.b(0x48, 0x63, 0xc0);
            case L2I -> out.b(0x89, 0xc0);
            case I2B -> out.b(0x0f, 0xbe, 0xc0);
            case I2S -> out.b(0x0f, 0xbf, 0xc0);
            case I2C -> out.b(0x0f, 0xb7, 0xc0);
            default -> refuse("instruction " + c.opcode());
        }
        push(0, c.opcode() == Opcode.I2L);
    }

    private void branch(BranchInstruction b) {
        int condition = switch (b.opcode()) {
            case IFEQ, IF_ICMPEQ -> 4;
            case IFNE, IF_ICMPNE -> 5;
            case IFLT, IF_ICMPLT -> 0xc;
            case IFGE, IF_ICMPGE -> 0xd;
            case IFGT, IF_ICMPGT -> 0xf;
            case IFLE, IF_ICMPLE -> 0xe;
            case GOTO, GOTO_W -> -1;
            default -> -2;
        };
        switch (b.opcode()) {
            case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE -> {
                pop(0);
                out.b(0x85, 0xc0);
            }
            case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE -> {
                pop(1);
                pop(0);
                out.b(0x39, 0xc8);
            }
            case GOTO, GOTO_W -> { }
            default -> refuse("instruction " + b.opcode());
        }
        if (condition >= 0) {
            out.b(0x0f, 0x80 | condition);
        } else {
            out.b(0xe9);
        }
        jumpTo(b.target());
    }

    private void jumpTo(Label target) {
        jumps.add(new Object[] {out.size(), target});
        shapes.putIfAbsent(target, java.util.Arrays.copyOf(wide, depth));
        out.i4(0);
    }

    private void cases(List<SwitchCase> cases, Label otherwise) {
        pop(0);
        for (SwitchCase c : cases) {
            out.b(0x3d);
            out.i4(c.caseValue());
            out.b(0x0f, 0x84);
            jumpTo(c.target());
        }
        out.b(0xe9);
        jumpTo(otherwise);
    }

    private void stack(Opcode op) {
        switch (op) {
            case POP -> depth--;
            case POP2 -> depth -= wide[depth - 1] ? 1 : 2;
            case DUP -> {
                load(0, entry(depth - 1));
                push(0, wide[depth - 1]);
            }
            case DUP2 -> {
                if (wide[depth - 1]) {
                    load(0, entry(depth - 1));
                    push(0, true);
                } else {
                    load(0, entry(depth - 2));
                    load(1, entry(depth - 1));
                    push(0, false);
                    push(1, false);
                }
            }
            case DUP_X1 -> {
                pop(0);
                boolean a = wide[depth];
                pop(1);
                boolean b = wide[depth];
                push(0, a);
                push(1, b);
                push(0, a);
            }
            case DUP2_X1 -> {
                if (!wide[depth - 1]) {
                    refuse("instruction " + op);
                    return;
                }
                pop(0);
                pop(1);
                boolean b = wide[depth];
                push(0, true);
                push(1, b);
                push(0, true);
            }
            case DUP2_X2 -> {
                if (!wide[depth - 1] || !wide[depth - 2]) {
                    refuse("instruction " + op);
                    return;
                }
                pop(0);
                pop(1);
                push(0, true);
                push(1, true);
                push(0, true);
            }
            default -> refuse("instruction " + op);
        }
    }

    private void field(FieldInstruction f) {
        String type = f.typeSymbol().descriptorString();
        if (f.opcode() != Opcode.GETSTATIC && f.opcode() != Opcode.PUTSTATIC || !"IJZBSC".contains(type)) {
            refuse("field " + f.name().stringValue());
            depth += f.opcode() == Opcode.GETSTATIC ? 1 : -1;
            return;
        }
        ClassModel owner = classes.get(f.owner().asInternalName());
        if (owner != null) {
            String before = where;
            initialise(owner);
            where = before;
        }
        int at = field(f.owner().asInternalName() + "." + f.name().stringValue());
        // Every field has eight bytes of its own, so one width serves all types.
        if (f.opcode() == Opcode.GETSTATIC) {
            out.b(0x48, 0x8b, 0x05);
            dataUses.add(new int[] {out.size(), at});
            out.i4(0);
            push(0, type.equals("J"));
        } else {
            pop(0);
            out.b(0x48, 0x89, 0x05);
            dataUses.add(new int[] {out.size(), at});
            out.i4(0);
        }
    }

    private void invoke(InvokeInstruction i) {
        MethodTypeDesc type = i.typeSymbol();
        String owner = i.owner().asInternalName();
        String name = i.name().stringValue();
        if (i.opcode() != Opcode.INVOKESTATIC) {
            refuse("call of " + owner + "." + name);
            depth = Math.max(0, depth - type.parameterCount() - 1) + 1;
            return;
        }
        int n = type.parameterCount();
        String result = type.returnType().descriptorString();
        boolean inline = Intrinsics.knows(owner, name, type.descriptorString());
        if (owner.equals("muninn/sysjava/Kernel")) {
            // number, then up to six arguments in the kernel's registers
            int[] kernel = {0, 7, 6, 2, 10, 8, 9};
            for (int p = n - 1; p >= 0; p--) {
                pop(kernel[p]);
            }
            out.b(0x0f, 0x05);
            push(0, true);
            return;
        }
        if (!inline && !classes.containsKey(owner)) {
            refuse("call of " + owner + "." + name);
        }
        if (n > ARGUMENTS.length) {
            refuse("call with more than six arguments");
            n = ARGUMENTS.length;
        }
        for (int p = n - 1; p >= 0; p--) {
            pop(ARGUMENTS[p]);
        }
        if (inline) {
            Intrinsics.emit(out, owner, name, type.descriptorString());
        } else {
            String target = owner + "." + name + ":" + type.descriptorString();
            out.b(0xe8);
            callUses.add(new Object[] {out.size(), target});
            out.i4(0);
            todo.add(target);
        }
        if (!result.equals("V")) {
            push(0, result.equals("J"));
        }
    }
}
