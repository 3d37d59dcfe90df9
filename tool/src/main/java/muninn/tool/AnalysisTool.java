// SPDX-License-Identifier: MIT
package muninn.tool;

import java.util.List;

/**
 * A tool: what it is called, what can be set, and how a run is started. Muninn finds implementations as services
 * ({@code META-INF/services/muninn.tool.AnalysisTool}, or {@code provides} in a module); they need a public constructor without arguments.
 */
public interface AnalysisTool {
    /** The version of this interface; a tool returns the constant, as it was when the tool was compiled. */
    int API = 1;

    /** {@link #API}. A tool for another version is refused with one line. */
    int apiVersion();

    /** The word behind {@code --tool=}. */
    String name();

    /** The first line of the tool's output: {@code Lackey, a tool that counts}. */
    String title();

    /** Options of the tool, besides those that all tools have. */
    default List<ToolOption> options() {
        return List.of();
    }

    /**
     * A run begins.
     *
     * @throws IllegalArgumentException if options contradict each other; the message is for the user
     */
    Analysis start(ToolRun run);
}
