// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import muninn.linux.Syscall;
import muninn.memcheck.ReportSinks;
import muninn.memcheck.XmlOutput;

/**
 * Where the report of each process goes. With {@code %p} in its name every process has a file; else all write to one, text one after
 * the other, XML only the first: a file holds one document.
 */
final class ReportFiles implements ReportSinks {
    private final MessageSink log;
    private final MessageSink xml;
    private final boolean childSilent;
    private final int protocol;
    private final String comment;
    private final List<String> tool;
    private final Map<Integer, MessageSink> byProcess = new HashMap<>();
    private boolean any;

    /**
     * @param xml {@code null}: reports are text and go to {@code log}
     * @param tool command line of the tool, without the program's
     */
    ReportFiles(Options options, MessageSink log, MessageSink xml, List<String> tool) {
        this.log = log;
        this.xml = xml;
        this.childSilent = options.get(OptionTable.CHILD_SILENT);
        this.protocol = Integer.parseInt(options.get(OptionTable.XML_PROTOCOL));
        this.comment = options.get(OptionTable.XML_USER_COMMENT);
        this.tool = tool;
    }

    @Override
    public Sink of(int pid, boolean forked) {
        if (forked && childSilent) {
            return new Sink(OutputStream.nullOutputStream(), false);
        }
        log.open(pid);
        MessageSink base = xml == null ? log : xml;
        if (!any) {
            any = true;
            base.open(pid);
            byProcess.put(pid, base);
            return new Sink(base, true);
        }
        if (base.isPerProcess()) {
            MessageSink known = byProcess.get(pid);
            if (known == null || xml != null) {
                known = base.again();
                known.open(pid);
                byProcess.put(pid, known);
            }
            return new Sink(known, true);
        }
        return xml == null ? new Sink(base, !forked) : new Sink(OutputStream.nullOutputStream(), false);
    }

    @Override
    public XmlOutput.Head xml(int pid) {
        return xml == null ? null : new XmlOutput.Head(protocol, pid, Syscall.pid(), tool, comment);
    }
}
