// SPDX-License-Identifier: MIT
package muninn.isa;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles the text of {@code src/main/table} into {@code insns.bin}. Run {@code main} after an edit of the text, from the
 * directory of the module; {@code InsnTableTest} fails while the two differ. The syntax is described in {@code legacy.txt}.
 */
final class TableCompiler {
    static final Path SOURCE = Path.of("src/main/table");
    static final Path TARGET = Path.of("src/main/resources/muninn/isa/insns.bin");
    static final List<String> FILES = List.of("legacy.txt", "x87.txt", "vector.txt", "avx512.txt");

    private static final String[] CONDITIONS =
        {"o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"};
    private static final List<String> REGISTERS =
        List.of("AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "8", "9", "10", "11", "12", "13", "14", "15");
    private static final String KINDS = " EGMRBZIJOVWHLUPQN";
    private static final Map<String, Integer> SIZES = new HashMap<>();

    static {
        String[] names = {"", "b", "w", "d", "q", "o", "qq", "zz", "t", "env", "save", "fx", "xs", "kl", "g", "v", "z", "y", "n",
            "x", "h", "f", "e", "p", "a", "dd", "yy"};
        for (int i = 0; i < names.length; i++) {
            SIZES.put(names[i], i);
        }
    }

    private record Row(int mask, int value, int shape, int name, boolean modRm) {}

    private final List<List<Row>> rows = new ArrayList<>();
    private final Map<List<Long>, Integer> shapes = new LinkedHashMap<>();
    private final Map<String, Integer> names = new LinkedHashMap<>();
    private final Map<String, long[]> flagClasses = new HashMap<>();
    private int map;
    private String where = "";

    private TableCompiler() {
        for (int i = 0; i < InsnTable.MAPS * 256; i++) {
            rows.add(new ArrayList<>());
        }
    }

    static byte[] compile(Path source) throws IOException {
        TableCompiler c = new TableCompiler();
        for (String file : FILES) {
            int number = 0;
            for (String line : Files.readAllLines(source.resolve(file))) {
                c.where = file + ":" + ++number;
                int comment = line.indexOf('#');
                String text = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!text.isEmpty()) {
                    c.expand(text);
                }
            }
        }
        return c.pack();
    }

    public static void main(String[] args) throws IOException {
        Files.write(TARGET, compile(SOURCE));
    }

    /** {@code <a,b>}: the line once for each; {@code {a,b}}: the same, all such groups of a line in step. */
    private void expand(String line) {
        int open = line.indexOf('<');
        if (open >= 0) {
            int close = line.indexOf('>', open);
            for (String part : line.substring(open + 1, close).split(",", -1)) {
                expand(line.substring(0, open) + part + line.substring(close + 1));
            }
            return;
        }
        int ways = 1;
        int first = line.indexOf('{');
        if (first >= 0) {
            ways = line.substring(first + 1, line.indexOf('}', first)).split(",", -1).length;
        }
        for (int i = 0; i < ways; i++) {
            StringBuilder s = new StringBuilder();
            int at = 0;
            for (int o = line.indexOf('{'); o >= 0; o = line.indexOf('{', at)) {
                int close = line.indexOf('}', o);
                String[] parts = line.substring(o + 1, close).split(",", -1);
                check(parts.length == ways, "groups of different length");
                s.append(line, at, o).append(parts[i]);
                at = close + 1;
            }
            line(s.append(line.substring(at)).toString().split("\\s+"));
        }
    }

    private void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(where + ": " + message);
        }
    }

    private void line(String[] t) {
        if (t[0].equals(".map")) {
            map = switch (t[1]) {
                case "1" -> InsnTable.MAP_ONE;
                case "0f" -> InsnTable.MAP_0F;
                case "0f38" -> InsnTable.MAP_0F38;
                case "0f3a" -> InsnTable.MAP_0F3A;
                case "3dnow" -> InsnTable.MAP_3DNOW;
                case "xop8" -> InsnTable.MAP_XOP;
                case "xop9" -> InsnTable.MAP_XOP + 1;
                case "xopa" -> InsnTable.MAP_XOP + 2;
                default -> Integer.parseInt(t[1].substring(1)) + (t[1].charAt(0) == 'v' ? InsnTable.MAP_VEX : InsnTable.MAP_EVEX);
            };
            return;
        }
        if (t[0].equals(".flags")) {
            flagClasses.put(t[1], flagSpec(t[2]));
            return;
        }
        if (t[0].startsWith(":")) {
            forms(t);
            return;
        }
        opcode(t, 0);
    }

    /**
     * {@code :msve map opcode pp name operands}: the forms of a vector instruction, written as its VEX form is. m: MMX, s:
     * SSE, v: VEX, e: EVEX. An attribute or constraint such as {@code e.w1} counts for that form alone.
     */
    private void forms(String[] t) {
        int number = Integer.parseInt(t[1], 16);
        int legacy = number == 0x38 ? InsnTable.MAP_0F38 : number == 0x3a ? InsnTable.MAP_0F3A : InsnTable.MAP_0F;
        boolean source = String.join(" ", t).contains(" H");
        for (char form : t[0].substring(1).toCharArray()) {
            boolean old = form == 'm' || form == 's';
            int vector = number == 0x0f ? 1 : number == 0x38 ? 2 : number == 0x3a ? 3 : number;
            map = old ? legacy : vector + (form == 'v' ? InsnTable.MAP_VEX : InsnTable.MAP_EVEX);
            List<String> out = new ArrayList<>();
            boolean named = false;
            out.add(t[2]);
            for (int i = 3; i < t.length; i++) {
                String s = t[i];
                if (s.length() > 2 && s.charAt(1) == '.') {
                    if (s.charAt(0) != form) {
                        continue;
                    }
                    s = s.substring(2);
                    out.add(s.startsWith("@") ? out.size() : 1, s);
                    continue;
                }
                if (form == 'm' && s.equals("66")) {
                    s = "np";
                } else if (!named && !isConstraint(s)) {
                    named = true;
                    s = old ? s : "v" + s;
                } else if (named && old) {
                    s = legacyOperand(s, form, source);
                }
                if (!s.isEmpty()) {
                    out.add(s);
                }
            }
            out.add("@" + (form == 'm' ? "mmx" : form == 's' ? "sse" : form == 'v' ? "avx" : "evex"));
            opcode(out.toArray(new String[0]), 0);
        }
    }

    private static String legacyOperand(String s, char form, boolean source) {
        if (s.startsWith("H")) {
            return "";
        }
        String r = source && s.startsWith("=V") ? "+" + s.substring(1) : s;
        if (form == 's') {
            return r;
        }
        return switch (r.replaceAll("[=+]", "")) {
            case "Vx" -> r.replace("Vx", "Pq");
            case "Wx" -> "Qq";
            case "Ux" -> "Nq";
            case "Wo" -> "Qq";
            default -> r;
        };
    }

    private static boolean isConstraint(String s) {
        return s.matches("/[0-7]|rm[0-7]|mem|reg|w[01]|l[012]|np|66|f3|f2|np66|o16|o32|o64|a32|a64|b[01]|e[01]");
    }

    private void opcode(String[] t, int at) {
        String o = t[at];
        if (o.endsWith("+r")) {
            for (int i = 0; i < 8; i++) {
                row(Integer.parseInt(o.substring(0, 2), 16) + i, t, null, 0);
            }
        } else if (o.endsWith("+cc")) {
            for (int i = 0; i < 16; i++) {
                row(Integer.parseInt(o.substring(0, 2), 16) + i, t, CONDITIONS[i], Flags.readBy(i));
            }
        } else {
            row(Integer.parseInt(o, 16), t, null, 0);
        }
    }

    private void row(int opcode, String[] t, String condition, int conditionFlags) {
        int mask = 0;
        int value = 0;
        int at = 1;
        for (; isConstraint(t[at]); at++) {
            String s = t[at];
            int n = Character.digit(s.charAt(s.length() - 1), 10);
            int m;
            int v;
            switch (s) {
                case "np", "66", "f3", "f2" -> { m = 3 << 10; v = List.of("np", "66", "f3", "f2").indexOf(s) << 10; }
                case "np66" -> { m = 2 << 10; v = 0; }
                case "mem", "reg" -> { m = InsnTable.KEY_MOD3; v = s.equals("reg") ? m : 0; }
                case "o16", "o32", "o64" -> { m = 3 << 12; v = List.of("o16", "o32", "o64").indexOf(s) << 12; }
                case "a32", "a64" -> { m = InsnTable.KEY_ADDRESS32; v = s.equals("a32") ? m : 0; }
                default -> {
                    switch (s.charAt(0)) {
                        case '/' -> { m = 7; v = n; }
                        case 'r' -> { m = 7 << 3; v = n << 3; }
                        case 'w' -> { m = InsnTable.KEY_W; v = n << 7; }
                        case 'l' -> { m = 3 << InsnTable.KEY_L; v = n << InsnTable.KEY_L; }
                        case 'b' -> { m = InsnTable.KEY_REX_B; v = n << 15; }
                        default -> { m = InsnTable.KEY_EVEX_B; v = n << 16; }
                    }
                }
            }
            mask |= m;
            value |= v;
        }
        String name = t[at++].replace("$cc", condition == null ? "" : condition);
        Shape shape = new Shape();
        shape.flags[0] |= conditionFlags;
        for (; at < t.length; at++) {
            shape.token(t[at]);
        }
        int id = shapes.computeIfAbsent(shape.words(), k -> shapes.size());
        int nameId = names.computeIfAbsent(name, k -> names.size());
        boolean modRm = shape.modRm || (mask & (7 | 7 << 3 | InsnTable.KEY_MOD3)) != 0;
        rows.get(map << 8 | opcode).add(new Row(mask, value, id, nameId, modRm));
    }

    private long[] flagSpec(String s) {
        long[] f = new long[3];
        for (String part : s.split(";")) {
            int which = "rwu".indexOf(part.charAt(0));
            for (char c : part.substring(2).toCharArray()) {
                f[which] |= c == '*' ? Flags.STATUS : 1L << "CPAZSOD".indexOf(c);
            }
        }
        f[1] |= f[2];
        return f;
    }

    /** Collects the operands and attributes of one row. */
    private final class Shape {
        final long[] flags = new long[3];
        boolean modRm;
        private long operands;
        private int count;
        private int reads;
        private int writes;
        private long traits;
        private int immediate;
        private int sizeCode;
        private boolean implicit;

        void token(String s) {
            if (s.equals("/")) {
                implicit = true;
            } else if (s.startsWith("@")) {
                attribute(s.substring(1));
            } else if (s.startsWith("~")) {
                long[] f = s.contains(":") ? flagSpec(s.substring(1)) : flagClasses.get(s.substring(1));
                check(f != null, "no flag class " + s);
                for (int i = 0; i < 3; i++) {
                    flags[i] |= f[i];
                }
            } else {
                int access = s.charAt(0) == '=' ? 2 : s.charAt(0) == '+' ? 3 : 1;
                operand(access == 1 ? s : s.substring(1), access);
            }
        }

        private void operand(String s, int access) {
            int number = register(s);
            if (implicit) {
                check(number >= 0, "not a register: " + s);
                boolean partial = s.charAt(0) != 'r' && s.charAt(0) != 'e';
                reads |= (access & 1) != 0 || partial ? 1 << number : 0;
                writes |= (access & 2) != 0 ? 1 << number : 0;
                return;
            }
            int kind;
            int size;
            int argument = 0;
            if (number >= 0) {
                kind = Operand.FIXED;
                argument = number;
                size = s.equals("rAX") || s.equals("rDX") ? Operand.SIZE_V : s.startsWith("r") ? 4 : s.startsWith("e") ? 3
                    : s.endsWith("l") ? 1 : 2;
            } else if (s.startsWith("st")) {
                kind = Operand.X87;
                argument = s.equals("sti") ? 1 : 0;
                size = 8;
                modRm = true;
            } else if (s.equals("1")) {
                kind = Operand.ONE;
                size = 0;
            } else if (s.equals("xmm0")) {
                kind = Operand.XMM0;
                size = 5;
            } else if (s.equals("fs") || s.equals("gs")) {
                kind = Operand.FIXED_SEGMENT;
                argument = s.equals("fs") ? 4 : 5;
                size = 2;
            } else if (s.startsWith("KG") || s.startsWith("KH") || s.startsWith("KE")) {
                kind = Operand.MASK_REG + "GHE".indexOf(s.charAt(1));
                size = size(s.substring(2));
                modRm = true;
            } else if (s.startsWith("T") || s.startsWith("ND")) {
                kind = Operand.OTHER;
                argument = List.of("Tg", "Te", "Th", "NDg", "NDe").indexOf(s);
                size = 0;
                modRm = true;
            } else if ("SCD".indexOf(s.charAt(0)) >= 0) {
                kind = Operand.SEGMENT + "SCD".indexOf(s.charAt(0));
                size = size(s.substring(1));
                modRm = true;
            } else if (s.charAt(0) == 'X' || s.charAt(0) == 'Y') {
                kind = s.charAt(0) == 'X' ? Operand.STRING_SOURCE : Operand.STRING_DESTINATION;
                size = size(s.substring(1));
                traits |= InsnTable.STRING;
                int bit = s.charAt(0) == 'X' ? 1 << 6 : 1 << 7;
                reads |= bit;
                writes |= bit;
            } else {
                kind = KINDS.indexOf(s.charAt(0));
                check(kind > 0, "operand " + s);
                size = size(s.substring(1));
                modRm |= "EGMRVWUPQN".indexOf(s.charAt(0)) >= 0;
                immediate(s);
            }
            if ("EGMRBZXY".indexOf(s.charAt(0)) >= 0 || kind == Operand.FIXED || kind == Operand.ABSOLUTE) {
                sizeCode = sizeCode == 0 ? size : sizeCode;
            }
            check(count < 4, "too many operands");
            operands |= (long) Operand.pack(kind, size, access, argument) << (16 * count++);
        }

        private int size(String s) {
            check(SIZES.containsKey(s), "size " + s);
            return SIZES.get(s);
        }

        private void immediate(String s) {
            switch (s) {
                case "Ib", "Jb", "Lx", "Lo", "Ld", "Lq" -> immediate += 1;
                case "Iw" -> immediate += 2;
                case "Id", "Jd" -> immediate += 4;
                case "Iz", "Jz" -> immediate += InsnTable.IMMEDIATE_Z;
                case "Iv" -> immediate += InsnTable.IMMEDIATE_V;
                case "Ob", "Ov" -> immediate += InsnTable.IMMEDIATE_ADDRESS;
                default -> { }
            }
        }

        private int register(String s) {
            String t = s.toUpperCase();
            if (List.of("AL", "CL", "DL", "BL", "AH").contains(t)) {
                return "ACDB".indexOf(t.charAt(0));
            }
            if (REGISTERS.indexOf(t) >= 0 && !Character.isDigit(t.charAt(0))) {
                return REGISTERS.indexOf(t);
            }
            return t.startsWith("R") || t.startsWith("E") ? REGISTERS.indexOf(t.substring(1)) : -1;
        }

        private void attribute(String s) {
            int kind = List.of("", "mmx", "x87", "sse", "avx", "evex", "tile").indexOf(s);
            if (kind >= 0) {
                traits |= (long) kind << InsnTable.TRAIT_VECTOR;
                return;
            }
            if (s.startsWith("push") || s.startsWith("pop")) {
                int units = Character.isDigit(s.charAt(s.length() - 1)) ? s.charAt(s.length() - 1) - '0' : 1;
                traits |= (long) units << (s.startsWith("push") ? InsnTable.TRAIT_PUSH : InsnTable.TRAIT_POP);
                reads |= 1 << 4;
                writes |= 1 << 4;
                return;
            }
            switch (s) {
                case "masked" -> {
                    // maskmovdqu writes at rdi and does not move it.
                    traits |= InsnTable.MASKED;
                    writes &= ~(1 << 7);
                }
                case "variable" -> traits |= InsnTable.VARIABLE;
                case "s64" -> traits |= InsnTable.STACK64;
                case "vsib" -> traits |= InsnTable.VSIB | InsnTable.MASKED;
                case "shift" -> traits |= InsnTable.SHIFT_IMMEDIATE;
                case "b16", "b32", "b64" -> traits |= (long) List.of("", "b16", "b32", "b64").indexOf(s) << InsnTable.TRAIT_ELEMENT;
                case "n8" -> traits |= InsnTable.ELEMENT_BYTE;
                case "n16", "n32", "n64" -> traits |= InsnTable.ELEMENT_DISPLACEMENT
                    | (long) List.of("", "n16", "n32", "n64").indexOf(s) << InsnTable.TRAIT_ELEMENT;
                case "vendor" -> traits |= InsnTable.VENDOR;
                case "hidden" -> traits |= InsnTable.HIDDEN_MEMORY;
                case "string" -> traits |= InsnTable.STRING;
                case "all" -> {
                    reads = 0xffff;
                    writes = 0xffff;
                }
                default -> traits |= Flow.valueOf(s.toUpperCase().replace('-', '_')).ordinal();
            }
        }

        List<Long> words() {
            long implied = reads | (long) writes << 16 | flags[0] << 32 | flags[1] << 39 | flags[2] << 46;
            long all = traits | (long) immediate << InsnTable.TRAIT_IMMEDIATE | (long) sizeCode << InsnTable.TRAIT_OPERAND_SIZE;
            return List.of(operands, implied, all);
        }
    }

    private byte[] pack() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        List<Row> all = rows.stream().flatMap(List::stream).toList();
        StringBuilder text = new StringBuilder();
        List<Integer> starts = new ArrayList<>();
        for (String name : names.keySet()) {
            starts.add(text.length());
            text.append(name);
        }
        starts.add(text.length());
        out.writeInt(all.size());
        out.writeInt(shapes.size());
        out.writeInt(names.size());
        out.writeInt(text.length());
        for (Row r : all) {
            out.writeLong((long) r.mask << 32 | r.value);
        }
        for (List<Long> shape : shapes.keySet()) {
            for (long word : shape) {
                out.writeLong(word);
            }
        }
        for (Row r : all) {
            out.writeInt(r.shape << 16 | r.name);
        }
        int at = 0;
        for (List<Row> list : rows) {
            out.writeShort(at);
            at += list.size();
        }
        out.writeShort(at);
        for (int start : starts) {
            out.writeShort(start);
        }
        for (int i = 0; i < rows.size(); i += 8) {
            int bits = 0;
            for (int j = 0; j < 8; j++) {
                bits |= rows.get(i + j).stream().anyMatch(Row::modRm) ? 1 << j : 0;
            }
            out.writeByte(bits);
        }
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toByteArray();
    }
}
