// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads Valgrind's suppression files (manual, section 2.5). Entries for other tools are left out. */
public final class SuppressionFile {
    /** A file that cannot be understood: says where and why. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String file, int line, String why) {
            super("in suppressions file \"" + file + "\" near line " + line + ": " + why, null, false, false);
        }
    }

    private static final Set<String> KINDS = Set.of("Addr1", "Addr2", "Addr4", "Addr8", "Addr16", "Addr32", "Addr64", "Cond", "Value0", "Value1",
            "Value2", "Value4", "Value8", "Value16", "Value32", "Value64", "Param", "User", "Jump", "Free", "Overlap", "Leak", "Mempool", "CoreMem",
            "FishyValue", "ReallocZero", "BadAlign", "UnsafeZeroSize", "BadSize", "SizeMismatch", "AlignMismatch");
    private static final String LEAK_KINDS = "match-leak-kinds:";

    private final String file;
    private final String[] lines;
    private int at;

    private SuppressionFile(String file, String text) {
        this.file = file;
        this.lines = text.split("\n", -1);
    }

    /** The entries of {@code text}, which is in {@code file}. */
    public static List<Suppression> parse(String file, String text) throws Malformed {
        SuppressionFile f = new SuppressionFile(file, text);
        List<Suppression> out = new ArrayList<>();
        String line = f.next();
        while (line != null) {
            if (!line.equals("{")) {
                throw f.malformed("expected '{' or end-of-file");
            }
            Suppression s = f.entry();
            if (s != null) {
                out.add(s);
            }
            line = f.next();
        }
        return out;
    }

    /** The next line that is neither empty nor a comment, without white space around it; {@code null} at the end. */
    private String next() {
        while (at < lines.length) {
            String line = lines[at++].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                return line;
            }
        }
        return null;
    }

    private Malformed malformed(String why) {
        return new Malformed(file, at, why);
    }

    private String required(String what) throws Malformed {
        String line = next();
        if (line == null || line.equals("}")) {
            throw malformed("expected " + what);
        }
        return line;
    }

    private Suppression entry() throws Malformed {
        String name = required("a name");
        int nameLine = at;
        String kinds = required("a line with tool and kind");
        int colon = kinds.indexOf(':');
        if (colon < 0) {
            throw malformed("expected 'tool1,tool2:kind'");
        }
        boolean ours = false;
        for (String tool : kinds.substring(0, colon).split(",")) {
            ours |= tool.strip().equalsIgnoreCase("memcheck");
        }
        String kind = kinds.substring(colon + 1).strip();
        if (!ours) {
            skip();
            return null;
        }
        if (!KINDS.contains(kind)) {
            throw malformed("unknown tool suppression type '" + kind + "'");
        }
        String extra = kind.equals("Param") ? required("the name of a system call's parameter") : null;
        int leaks = LeakKind.all();
        List<Suppression.Pattern> frames = new ArrayList<>();
        String line = next();
        if (kind.equals("Leak") && line != null && line.startsWith(LEAK_KINDS)) {
            leaks = LeakKind.parse(line.substring(LEAK_KINDS.length()).strip());
            if (leaks < 0) {
                throw malformed("unknown leak kind in '" + line + "'");
            }
            line = next();
        } else if (kind.equals("FishyValue") && line != null && !isFrame(line)) {
            extra = line;
            line = next();
        }
        boolean any = false;
        for (; line != null && !line.equals("}"); line = next()) {
            Suppression.Pattern p = pattern(line);
            any |= p.field() != Suppression.Field.ANY_FRAMES;
            frames.add(p);
        }
        if (line == null) {
            throw malformed("the entry is not closed by '}'");
        }
        if (!any) {
            throw malformed("expected a line with 'fun:', 'obj:' or 'src:'");
        }
        return new Suppression(name, file + ":" + nameLine, canonical(kind), extra, leaks, List.copyOf(frames));
    }

    private static String canonical(String kind) {
        return switch (kind) {
            case "Value0" -> "Cond";
            case "BadSize" -> "UnsafeZeroSize";
            default -> kind;
        };
    }

    private void skip() throws Malformed {
        String line = next();
        while (line != null && !line.equals("}")) {
            line = next();
        }
        if (line == null) {
            throw malformed("the entry is not closed by '}'");
        }
    }

    private static boolean isFrame(String line) {
        return line.startsWith("fun:") || line.startsWith("obj:") || line.startsWith("src:") || line.equals("...");
    }

    private Suppression.Pattern pattern(String line) throws Malformed {
        if (line.equals("...")) {
            return new Suppression.Pattern(Suppression.Field.ANY_FRAMES, "");
        }
        if (!isFrame(line)) {
            throw malformed("location should be \"...\", or should start with \"fun:\", \"obj:\" or \"src:\", not '" + line + "'");
        }
        Suppression.Field field = line.startsWith("fun:") ? Suppression.Field.FUNCTION
                : line.startsWith("obj:") ? Suppression.Field.OBJECT : Suppression.Field.SOURCE;
        return new Suppression.Pattern(field, line.substring("fun:".length()));
    }
}
