// SPDX-License-Identifier: MIT
package muninn.cli;

import java.util.List;
import java.util.Map;

import muninn.tool.AnalysisTool;

/** A command line that was understood: values of all options, the program and its arguments. Immutable. */
public final class Options {
    /** What the command line asks for. */
    public enum Request { RUN, HELP, VERSION }

    private final Object[] values;
    private final boolean[] given;
    private final Request request;
    private final int verbosity;
    private final List<String> command;
    private final AnalysisTool analysis;
    private final Map<String, String> toolOptions;

    Options(Object[] values, boolean[] given, Request request, int verbosity, List<String> command, AnalysisTool analysis,
            Map<String, String> toolOptions) {
        this.analysis = analysis;
        this.toolOptions = Map.copyOf(toolOptions);
        this.values = values;
        this.given = given;
        this.request = request;
        this.verbosity = verbosity;
        this.command = List.copyOf(command);
    }

    /** The value of an option: as given last, or its default. */
    @SuppressWarnings("unchecked")
    public <T> T get(Option<T> option) {
        // Safe: the parser stores what Option.kind says, and the factories of Option tie kind and T together.
        Object v = values[option.index];
        if (v instanceof String[] list) {
            return (T) list.clone();
        }
        return (T) v;
    }

    /** Whether the option was named by the user. */
    public boolean given(Option<?> option) {
        return given[option.index];
    }

    /** The tool if it is written on {@code muninn.tool}; {@code null} for those that are built in. */
    AnalysisTool analysis() {
        return analysis;
    }

    /** Values of that tool's options, by name. */
    Map<String, String> toolOptions() {
        return toolOptions;
    }

    public Request request() {
        return request;
    }

    /** 1 by default, one less for each -q, one more for each -v. */
    public int verbosity() {
        return verbosity;
    }

    /** The program as the user named it, then its arguments; never empty if the request is {@code RUN}. */
    public List<String> command() {
        return command;
    }
}
