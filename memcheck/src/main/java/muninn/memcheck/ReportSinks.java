// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.OutputStream;

/** Where reports go. */
public interface ReportSinks {
    /**
     * What one process's report is written to.
     *
     * @param fresh nothing of another process goes there: the report has a head of its own
     */
    record Sink(OutputStream stream, boolean fresh) {}

    /**
     * The sink of a process that has begun to run a program.
     *
     * @param forked it is the child of a process that has a report, and has not executed another program
     */
    Sink of(int pid, boolean forked);

    /** What the head of an XML report says; {@code null}: reports are text. */
    XmlOutput.Head xml(int pid);
}
