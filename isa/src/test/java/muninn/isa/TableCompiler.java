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
     * SSE, v: VEX, e: EVEX; u: VEX name without the letter v.
     */
    private void forms(String[] t) {
        int number = Integer.parseInt(t[1], 16);
        for (char form : t[0].substring(1).toCharArray()) {
            List<String> out = new ArrayList<>();
            boolean named = false;
            boolean wide = false;
            for (int i = 2; i < t.length; i++) {
                String s = t[i];
                if (isConstraint(s) || named && s.startsWith("@")) {
                    s = formConstraint(s, form);
                } else if (!named) {
                    named = true;
                    s = form == 'v' || form == 'e' ? "v" + s : s;
                } else if (form == 'm' || form == 's') {
                    s = legacyOperand(s, form);
                }
                if (s.equals("wide")) {
                    wide = true;
                } else if (!s.isEmpty()) {
                    out.add(s);
                }
            }
            boolean hasSource = String.join(" ", t).matches(".* H.*");
            if ((form == 'm' || form == 's') && hasSource) {
                out.replaceAll(s -> s.startsWith("=V") || s.startsWith("=P") ? "+" + s.substring(1) : s);
            }
            if (form == 'm') {
                out.set(0, t[2].equals("66") ? "np" : out.get(0));
            }
            out.addFirst(t[1]);
            map = switch (form) {
                case 'm', 's' -> number < 8 ? (t[1].length() == 2 ? number : number) : 0;
                default -> 0;
            };
            throw new IllegalStateException(wide + "");
        }
    }
}
