// SPDX-License-Identifier: MIT
package muninn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import muninn.tool.AnalysisTool;
import muninn.tool.ToolOption;

/**
 * Valgrind's grammar: options are {@code --name=value}, full names only; {@code --tool:name=value} counts for that tool alone; the
 * first word that is no option is the program, and everything after it is the program's. {@code --} ends the options.
 */
final class OptionParser {
    private final Object[] values = new Object[OptionTable.size()];
    private final boolean[] given = new boolean[OptionTable.size()];
    private Options.Request request = Options.Request.RUN;
    private int verbosity = 1;
    private List<String> command = List.of();
    /** The tool, if it is none of those that are built in, and the values of its options. */
    private AnalysisTool analysis;
    private final Map<String, String> toolOptions = new HashMap<>();

    private OptionParser() {
        for (int i = 0; i < values.length; i++) {
            values[i] = OptionTable.at(i).initial;
        }
    }

    /**
     * Reads a command line.
     *
     * @param before words from {@link OptionSources}, oldest first; the command line's own win over them
     * @param line the command line
     */
    static Options parse(List<String> before, List<String> line) throws UsageError {
        OptionParser p = new OptionParser();
        int end = optionsEnd(line);
        p.toolPath(before, before.size());
        p.toolPath(line, end);
        // The tool has to be known before the first --tool:name=value.
        p.chooseTool(before, before.size());
        p.chooseTool(line, end);
        for (String word : before) {
            if (!word.startsWith("-")) {
                throw UsageError.unknown(word);
            }
            p.take(word);
        }
        for (int i = 0; i < end; i++) {
            p.take(line.get(i));
        }
        int first = end < line.size() && line.get(end).equals("--") ? end + 1 : end;
        p.command = line.subList(first, line.size());
        return p.finish();
    }

    private static int optionsEnd(List<String> line) {
        int i = 0;
        while (i < line.size() && line.get(i).startsWith("-") && !line.get(i).equals("--")) {
            i++;
        }
        return i;
    }

    private void toolPath(List<String> words, int end) {
        for (int i = 0; i < end; i++) {
            if (words.get(i).startsWith("--tool-path=")) {
                set(OptionTable.TOOL_PATH, words.get(i).substring("--tool-path=".length()));
            }
        }
    }

    private void chooseTool(List<String> words, int end) throws UsageError {
        for (int i = 0; i < end; i++) {
            if (words.get(i).startsWith("--tool=")) {
                String tool = words.get(i).substring("--tool=".length());
                if (ValgrindOptions.isWordOf(tool, ValgrindOptions.TOOLS)) {
                    throw new UsageError(1, "Tool not supported by Muninn yet: " + tool);
                }
                String path = (String) values[OptionTable.TOOL_PATH.index];
                analysis = ValgrindOptions.isWordOf(tool, OptionTable.TOOLS) ? null : Tools.find(tool, path);
                if (analysis == null && !ValgrindOptions.isWordOf(tool, OptionTable.TOOLS)) {
                    StringBuilder names = new StringBuilder(OptionTable.TOOLS);
                    Tools.all(path).forEach(t -> names.append(' ').append(t.name()));
                    throw new UsageError(1, "No such tool: " + tool + " (there are: " + names + ")");
                }
                set(OptionTable.TOOL, tool);
            }
        }
    }

    private Options finish() throws UsageError {
        if (request == Options.Request.RUN && command.isEmpty()) {
            throw new UsageError(1, "no program specified", "Use --help for more information.");
        }
        if (given[OptionTable.LOG_FD.index] && given[OptionTable.LOG_FILE.index]) {
            throw new UsageError(1, "--log-fd and --log-file cannot be given together", "Use --help for more information.");
        }
        if (analysis != null) {
            analysis.options().forEach(o -> toolOptions.putIfAbsent(o.name(), o.initial()));
        }
        Options options = new Options(values, given, request, verbosity, command, analysis, toolOptions);
        OptionRules.check(options);
        return options;
    }

    private void take(String argument) throws UsageError {
        switch (argument) {
            case "-h", "--help", "--help-debug" -> request = Options.Request.HELP;
            case "--version" -> request = Options.Request.VERSION;
            case "-q", "--quiet" -> verbosity--;
            case "-v", "--verbose" -> verbosity++;
            case "-s" -> takeValue("--show-error-list=yes");
            case "-d", "--help-dyn-options" -> throw UsageError.unsupported(argument);
            default -> takeValue(argument);
        }
    }

    private void takeValue(String argument) throws UsageError {
        int equals = argument.indexOf('=');
        if (!argument.startsWith("--") || equals < 0) {
            throw UsageError.unknown(argument);
        }
        String name = argument.substring(2, equals);
        String value = argument.substring(equals + 1);
        int colon = name.indexOf(':');
        if (colon >= 0) {
            String tool = name.substring(0, colon);
            if (!tool.equals(values[OptionTable.TOOL.index])) {
                if (ValgrindOptions.isWordOf(tool, OptionTable.TOOLS) || ValgrindOptions.isWordOf(tool, ValgrindOptions.TOOLS)
                        || Tools.find(tool, (String) values[OptionTable.TOOL_PATH.index]) != null) {
                    return;
                }
                throw UsageError.unknown(argument);
            }
            name = name.substring(colon + 1);
        }
        Option<?> option = OptionTable.find(name);
        ToolOption ofTool = option == null ? Tools.option(analysis, name) : null;
        if (ofTool != null) {
            if (!ofTool.values().isEmpty() && !ofTool.values().contains(value)) {
                throw UsageError.bad(argument, "Invalid value '" + value + "' (there are: " + String.join(" ", ofTool.values()) + ")");
            }
            toolOptions.put(name, value);
            return;
        }
        if (option == null) {
            switch (ValgrindOptions.answer(name, value)) {
                case ACCEPTED -> { }
                case REFUSED -> throw UsageError.unsupported(argument);
                case UNKNOWN -> throw UsageError.unknown(argument);
            }
            return;
        }
        if (option.section == Option.Section.MEMCHECK && !values[OptionTable.TOOL.index].equals("memcheck")) {
            throw UsageError.unknown(argument);
        }
        set(option, read(option, argument, value));
        aliases(option);
    }

    private void set(Option<?> option, Object value) {
        values[option.index] = value;
        given[option.index] = true;
    }

    private Object read(Option<?> option, String argument, String value) throws UsageError {
        return switch (option.kind) {
            case FLAG -> switch (value) {
                case "yes" -> Boolean.TRUE;
                case "no" -> Boolean.FALSE;
                default -> throw UsageError.bad(argument, "Invalid boolean value '" + value + "' (should be 'yes' or 'no')");
            };
            case NUMBER -> number(option, argument, value);
            case BYTE -> hexByte(argument, value);
            case WORD -> {
                for (String w : option.words) {
                    if (w.equals(value)) {
                        yield value;
                    }
                }
                throw UsageError.unknown(argument);
            }
            case SET -> bits(option, argument, value);
            case TEXT -> value;
            case LIST -> {
                List<String> list = new ArrayList<>(List.of((String[]) values[option.index]));
                list.add(value);
                yield list.toArray(new String[0]);
            }
        };
    }

    private static Long number(Option<?> option, String argument, String value) throws UsageError {
        long n;
        try {
            n = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw UsageError.bad(argument, "Invalid integer value '" + value + "'");
        }
        if (option == OptionTable.ALIGNMENT && (n < option.low || n > option.high || (n & (n - 1)) != 0)) {
            throw UsageError.bad(argument, "Alignment must be a power of 2 in the range 16..4096.");
        }
        if (n < option.low || n > option.high) {
            throw UsageError.bad(argument, "'" + option + "' argument must be between " + option.low + " and " + option.high);
        }
        return n;
    }

    private static Long hexByte(String argument, String value) throws UsageError {
        String digits = value.startsWith("0x") || value.startsWith("0X") ? value.substring(2) : value;
        int n = 0;
        for (int i = 0; i < digits.length(); i++) {
            int d = Character.digit(digits.charAt(i), 16);
            n = d < 0 || n > 0xff ? 0x1000 : n * 16 + d;
        }
        if (digits.isEmpty() || n > 0xff) {
            throw UsageError.bad(argument, "Invalid integer value '" + value + "'");
        }
        return (long) n;
    }

    private static Integer bits(Option<?> option, String argument, String value) throws UsageError {
        if (value.equals("all")) {
            return (1 << option.words.length) - 1;
        }
        if (value.equals("none")) {
            return 0;
        }
        int mask = 0;
        for (String part : Words.split(value, ',')) {
            int bit = -1;
            for (int i = 0; i < option.words.length; i++) {
                if (option.words[i].equals(part)) {
                    bit = i;
                }
            }
            if (bit < 0) {
                throw UsageError.bad(argument, value + " is an invalid " + option.name + " set");
            }
            mask |= 1 << bit;
        }
        return mask;
    }

    /** Older spellings act on the newer option, in the order given. */
    private void aliases(Option<?> option) {
        int kinds = (Integer) values[OptionTable.SHOW_LEAK_KINDS.index];
        if (option == OptionTable.SHOW_REACHABLE) {
            set(OptionTable.SHOW_LEAK_KINDS, (Boolean) values[option.index] ? 0b1111 : kinds & ~0b1000);
        } else if (option == OptionTable.SHOW_POSSIBLY_LOST) {
            set(OptionTable.SHOW_LEAK_KINDS, (Boolean) values[option.index] ? kinds | 0b0100 : kinds & ~0b0100);
        }
    }
}
