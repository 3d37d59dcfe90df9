// SPDX-License-Identifier: MIT
package muninn.tool;

import java.util.List;

/** What a tool is told when a run begins. */
public interface ToolRun {
    /**
     * The value of one of the tool's options.
     *
     * @throws IllegalArgumentException if the tool has declared no such option
     */
    String option(String name);

    /** Whether an option of {@link ToolOption#flag} is {@code yes}. */
    default boolean flag(String name) {
        return option(name).equals("yes");
    }

    /**
     * Looks at the name of an output file ({@link EndedProcess#create}) before the program runs.
     *
     * @throws IllegalArgumentException if it cannot become a name; the message is for the user
     */
    void checkFileName(String pattern);

    /** The program as the user named it, then its arguments. */
    List<String> command();
}
