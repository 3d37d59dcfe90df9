// SPDX-License-Identifier: MIT
package muninn.cli;

import muninn.tool.AnalysisTool;
import muninn.tool.ToolOption;

/** The text of {@code --help}, made from the declarations. */
final class HelpText {
    private static final int COLUMN = 32;
    private static final int WIDTH = 88;

    private HelpText() {}

    static String text() throws UsageError {
        StringBuilder out = new StringBuilder();
        out.append("usage: muninn [options] prog-and-args\n\n");
        out.append("  Options are --name=value; defaults are in [ ].\n");
        for (Option.Section section : Option.Section.values()) {
            out.append("\n  ").append(section.title).append(":\n");
            if (section == Option.Section.BASIC) {
                line(out, "-h --help", "show this message");
                line(out, "--version", "show version");
                line(out, "-q --quiet", "errors only");
                line(out, "-v --verbose", "say more; may be given again");
            }
            for (Option<?> o : OptionTable.all()) {
                if (o.section == section) {
                    line(out, "--" + o.name + "=" + values(o), o.help + initial(o));
                }
            }
        }
        for (AnalysisTool tool : Tools.all("")) {
            out.append("\n  --tool=").append(tool.name()).append(":\n");
            for (ToolOption o : tool.options()) {
                line(out, "--" + o.name() + "=" + (o.values().isEmpty() ? "<text>" : String.join("|", o.values())), o.help() + " [" + o.initial() + "]");
            }
        }
        out.append("\n  Options of Valgrind that Muninn does not have yet (a value that asks for nothing new is accepted):\n");
        int column = WIDTH;
        for (String name : ValgrindOptions.laterNames()) {
            if (column + name.length() + 3 > WIDTH) {
                out.append("\n   ");
                column = 3;
            }
            out.append(" --").append(name);
            column += name.length() + 3;
        }
        out.append("\n\n  Options are also read from ~/.valgrindrc, $VALGRIND_OPTS and ./.valgrindrc, in this order.\n");
        return out.toString();
    }

    private static void line(StringBuilder out, String left, String right) {
        out.append("    ").append(left);
        int used = 4 + left.length();
        if (used >= COLUMN) {
            out.append('\n');
            used = 0;
        }
        while (used++ < COLUMN) {
            out.append(' ');
        }
        out.append(right).append('\n');
    }

    private static String values(Option<?> o) {
        return switch (o.kind) {
            case FLAG -> "no|yes";
            case NUMBER -> "<number>";
            case BYTE -> "<hexnumber>";
            case WORD -> join(o.words, '|');
            case SET -> "kind1,kind2,..";
            case TEXT, LIST -> "<text>";
        };
    }

    private static String initial(Option<?> o) {
        return switch (o.kind) {
            case FLAG -> (Boolean) o.initial ? " [yes]" : " [no]";
            case NUMBER, WORD -> " [" + o.initial + "]";
            case SET -> " [" + setText(o) + "]\n" + " ".repeat(COLUMN) + "kinds: " + join(o.words, ' ') + " all none";
            case BYTE, TEXT, LIST -> "";
        };
    }

    private static String setText(Option<?> o) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < o.words.length; i++) {
            if (((Integer) o.initial >> i & 1) != 0) {
                out.append(out.isEmpty() ? "" : ",").append(o.words[i]);
            }
        }
        return out.toString();
    }

    private static String join(String[] words, char separator) {
        StringBuilder out = new StringBuilder();
        for (String w : words) {
            if (!out.isEmpty()) {
                out.append(separator);
            }
            out.append(w);
        }
        return out.toString();
    }
}
