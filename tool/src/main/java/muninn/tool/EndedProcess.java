// SPDX-License-Identifier: MIT
package muninn.tool;

import java.io.IOException;
import java.io.Writer;

/** A process at its end: what was counted in it, and where a tool can write. The child of a fork has its parent's counts of before. */
public interface EndedProcess {
    /**
     * Where an address of code lies.
     *
     * @param function demangled name of the function whose code it is, or {@code null}
     * @param symbol the name in the symbol table, or {@code null}
     * @param start address of the function, 0 if it is not known
     * @param file base name of the source file, or {@code null}; of an inlined function the file that it comes from
     * @param directory of the source file, or {@code null}
     * @param line from 1; 0 if it is not known
     * @param object path of the file that holds the code, or {@code null}
     */
    record Place(String function, String symbol, long start, String file, String directory, int line, String object) {}

    int pid();

    /** Status given to exit, or 128 + signal. */
    int exitCode();

    /** Sum over all threads. */
    long value(Counting.Counter counter);

    /** The place of an address. */
    Place place(long address);

    /** A line of the tool's output: {@code ==pid== text}. With -q nothing is printed. */
    void line(String text);

    /**
     * Opens an output file of the tool: {@code %p} in its name becomes the process's number, {@code %q{VAR}} a variable of the
     * environment, {@code %%} a percent sign. The file appears under its name, whole, when the writer is closed.
     */
    Writer create(String pattern) throws IOException;
}
