// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The classes being compiled: methods by name, static fields with their places, constant tables, and all violations. */
final class Program {
    /** Each field has eight bytes of its own. */
    static final int FIELD_BYTES = 8;

    /** A constant table: where it starts in the read-only part and the width of its elements. */
    record Table(int offset, int size, boolean signed, int length) {}

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final Set<String> initialised = new HashSet<>();
    private final Map<String, Integer> fields = new LinkedHashMap<>();
    private final Map<Integer, Long> initial = new LinkedHashMap<>();
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Map<String, String> calledFrom = new HashMap<>();
    private final Map<String, Set<String>> calls = new HashMap<>();
    private final Set<String> violations = new LinkedHashSet<>();
    private byte[] readOnly = {};

    Program(List<byte[]> classFiles) {
        for (byte[] bytes : classFiles) {
            ClassModel model = ClassFile.of().parse(bytes);
            classes.put(model.thisClass().asInternalName(), model);
        }
    }

    boolean hasClass(String name) {
        return classes.containsKey(name);
    }

    Set<String> violations() {
        return violations;
    }

    Map<String, Integer> fields() {
        return fields;
    }

    byte[] readOnly() {
        return readOnly;
    }

    /** Remembers the first path to a method, for messages. */
    void noteCall(String from, String to) {
        calledFrom.putIfAbsent(to, from);
        calls.computeIfAbsent(from, f -> new LinkedHashSet<>()).add(to);
    }

    void refuse(String method, String what) {
        StringBuilder path = new StringBuilder(method);
        Set<String> seen = new HashSet<>(Set.of(method));
        for (String at = calledFrom.get(method); at != null && seen.add(at); at = calledFrom.get(at)) {
            path.append(" <- ").append(at);
        }
        violations.add(what + " in " + path);
    }

    /** The method with its code, or null after a violation has been noted. */
    MethodModel method(String name) {
        int colon = name.indexOf(':');
        int dot = name.lastIndexOf('.', colon);
        ClassModel owner = dot < 0 ? null : classes.get(name.substring(0, dot));
        if (owner != null) {
            for (MethodModel m : owner.methods()) {
                if (m.methodName().equalsString(name.substring(dot + 1, colon)) && m.methodType().equalsString(name.substring(colon + 1))) {
                    return check(owner, m, name);
                }
            }
        }
        refuse(name, "no such method");
        return null;
    }

    private MethodModel check(ClassModel owner, MethodModel m, String name) {
        if (!m.flags().has(AccessFlag.STATIC) || m.code().isEmpty()) {
            refuse(name, "not a static method with code");
            return null;
        }
        if (m.flags().has(AccessFlag.SYNCHRONIZED)) {
            refuse(name, "synchronized method");
        }
        if (!isMarked(owner.findAttribute(Attributes.runtimeInvisibleAnnotations()).map(a -> a.annotations()).orElse(List.of()), "SystemCode")
                && !isMarked(m, "SystemCode")) {
            refuse(name, "not marked with @SystemCode");
        }
        return m;
    }

    private static boolean isMarked(MethodModel m, String annotation) {
        return isMarked(m.findAttribute(Attributes.runtimeInvisibleAnnotations()).map(a -> a.annotations()).orElse(List.of()), annotation);
    }

    private static boolean isMarked(List<Annotation> annotations, String name) {
        for (Annotation a : annotations) {
            if (a.className().equalsString("Lmuninn/sysjava/" + name + ";")) {
                return true;
            }
        }
        return false;
    }

    /** Finds circles of calls in which no method states its bound. */
    void checkRecursion() {
        for (String start : List.copyOf(calls.keySet())) {
            List<String> circle = circle(start);
            if (circle == null) {
                continue;
            }
            boolean bounded = false;
            for (String name : circle) {
                MethodModel m = method(name);
                bounded |= m != null && isMarked(m, "Bounded");
            }
            if (!bounded) {
                refuse(start, "recursion without @Bounded: " + String.join(" -> ", circle));
            }
        }
    }

    /** A shortest circle through the method, or null. */
    private List<String> circle(String start) {
        Map<String, String> before = new HashMap<>();
        ArrayDeque<String> todo = new ArrayDeque<>(List.of(start));
        while (!todo.isEmpty()) {
            String at = todo.poll();
            for (String to : calls.getOrDefault(at, Set.of())) {
                if (to.equals(start)) {
                    List<String> out = new ArrayList<>(List.of(start));
                    for (String back = at; !back.equals(start); back = before.get(back)) {
                        out.add(1, back);
                    }
                    return out;
                }
                if (before.putIfAbsent(to, at) == null) {
                    todo.add(to);
                }
            }
        }
        return null;
    }

    // ---- fields

    /** Offset of a static field in the data. */
    int field(String owner, String name) {
        initialise(owner);
        return place(owner + "." + name);
    }

    private int place(String name) {
        Integer at = fields.get(name);
        if (at == null) {
            at = fields.size() * FIELD_BYTES;
            fields.put(name, at);
        }
        return at;
    }

    /** The constant table in a static final field, or null if there is none. */
    Table table(String owner, String name) {
        initialise(owner);
        return tables.get(owner + "." + name);
    }

    int dataBytes() {
        return fields.size() * FIELD_BYTES;
    }

    void writeData(byte[] image, int at) {
        initial.forEach((offset, value) -> put(image, at + offset, 64, value));
    }

    private static void put(byte[] target, int at, int size, long value) {
        for (int i = 0; i < size >> 3; i++) {
            target[at + i] = (byte) (value >> 8 * i);
        }
    }

    /** Gives every field of a class its place and its start value; only constants and constant tables are allowed. */
    void initialise(String owner) {
        ClassModel model = classes.get(owner);
        if (model == null || !initialised.add(owner)) {
            return;
        }
        for (FieldModel f : model.fields()) {
            String type = f.fieldType().stringValue();
            if (f.flags().has(AccessFlag.STATIC) && !f.flags().has(AccessFlag.FINAL) && type.length() == 1 && "IJZBSC".contains(type)) {
                place(owner + "." + f.fieldName().stringValue());
            }
        }
        for (MethodModel m : model.methods()) {
            if (m.methodName().equalsString("<clinit>") && m.code().isPresent()) {
                evaluate(owner, m);
            }
        }
    }

    /** An array under construction. */
    private record Array(int size, boolean signed, long[] values) {}

    private void evaluate(String owner, MethodModel initialiser) {
        List<Object> stack = new ArrayList<>();
        for (CodeElement e : initialiser.code().orElseThrow()) {
            if (e instanceof Instruction i && !step(owner, i, stack)) {
                refuse(owner + ".<clinit>:()V", "class initialiser with " + i.opcode());
                return;
            }
        }
    }

    private boolean step(String owner, Instruction instruction, List<Object> stack) {
        switch (instruction) {
            case ConstantInstruction c when c.constantValue() instanceof Integer || c.constantValue() instanceof Long ->
                stack.add(((Number) c.constantValue()).longValue());
            case ConvertInstruction c when c.opcode() == Opcode.I2L || c.opcode() == Opcode.L2I ->
                // The sign is there already, and the place in the data is cut to the field's width when it is read.
                stack.add(stack.removeLast());
            case NewPrimitiveArrayInstruction n -> {
                long length = (Long) stack.removeLast();
                int size = switch (n.typeKind()) {
                    case BYTE, BOOLEAN -> 8;
                    case SHORT, CHAR -> 16;
                    case INT -> 32;
                    case LONG -> 64;
                    default -> 0;
                };
                if (size == 0 || length < 0 || length > 1 << 20) {
                    return false;
                }
                stack.add(new Array(size, n.typeKind() != java.lang.classfile.TypeKind.CHAR, new long[(int) length]));
            }
            case StackInstruction s when s.opcode() == Opcode.DUP -> stack.add(stack.getLast());
            case ArrayStoreInstruction s -> {
                return element(stack);
            }
            case FieldInstruction f when f.opcode() == Opcode.PUTSTATIC && f.owner().asInternalName().equals(owner) -> {
                return assign(owner, f.name().stringValue(), stack.removeLast());
            }
            case ReturnInstruction r -> { }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean element(List<Object> stack) {
        Object value = stack.removeLast();
        Object index = stack.removeLast();
        if (stack.removeLast() instanceof Array array && index instanceof Long at && value instanceof Long element
                && at >= 0 && at < array.values().length) {
            array.values()[at.intValue()] = element;
            return true;
        }
        return false;
    }

    private boolean assign(String owner, String field, Object value) {
        String name = owner + "." + field;
        if (value instanceof Array array) {
            for (FieldModel f : classes.get(owner).fields()) {
                // A table that could be exchanged for another would be a pointer.
                if (f.fieldName().equalsString(field) && !f.flags().has(AccessFlag.FINAL)) {
                    return false;
                }
            }
            int start = readOnly.length + 7 & -8;
            readOnly = java.util.Arrays.copyOf(readOnly, start + array.values().length * (array.size() >> 3));
            for (int i = 0; i < array.values().length; i++) {
                put(readOnly, start + i * (array.size() >> 3), array.size(), array.values()[i]);
            }
            tables.put(name, new Table(start, array.size(), array.signed(), array.values().length));
        } else {
            initial.put(place(name), (Long) value);
        }
        return true;
    }
}
