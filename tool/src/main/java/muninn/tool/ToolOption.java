// SPDX-License-Identifier: MIT
package muninn.tool;

import java.util.List;

/**
 * An option {@code --name=value} of a tool.
 *
 * @param name without dashes
 * @param initial the value if the user gives none
 * @param values the only values there are; empty: any text
 * @param help one line
 */
public record ToolOption(String name, String initial, List<String> values, String help) {
    public ToolOption {
        values = List.copyOf(values);
        if (!values.isEmpty() && !values.contains(initial)) {
            throw new IllegalArgumentException("--" + name + ": " + initial + " is none of " + values);
        }
    }

    /** An option that is {@code yes} or {@code no}. */
    public static ToolOption flag(String name, boolean initial, String help) {
        return new ToolOption(name, initial ? "yes" : "no", List.of("no", "yes"), help);
    }

    /** An option with any text as its value. */
    public static ToolOption text(String name, String initial, String help) {
        return new ToolOption(name, initial, List.of(), help);
    }
}
