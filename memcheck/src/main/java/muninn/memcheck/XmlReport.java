// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

/** A report in Valgrind's XML (docs/internals/xml-output-protocol4.txt and its additions in Valgrind's distribution). */
final class XmlReport implements ReportWriter {
    private static final int SUMMARIES = 6;

    private final XmlOutput out;
    private final ShownStack stacks;
    /** The last error or leak is not closed yet: a suppression may follow inside it. */
    private boolean inError;

    XmlReport(XmlOutput out, ShownStack stacks) {
        this.out = out;
        this.stacks = stacks;
    }

    @Override
    public void pid(long pid) {
        // An XML report belongs to one process from its head on.
    }

    private void endError() {
        if (inError) {
            inError = false;
            out.close("error").blank();
        }
    }

    @Override
    public void flush() {
        endError();
        out.flush();
    }

    @Override
    public void preamble(List<String> command) {
        XmlOutput.Head head = out.head();
        out.raw("<?xml version=\"1.0\"?>").blank().raw("<valgrindoutput>").blank();
        out.element("protocolversion", head.protocol()).element("protocoltool", "memcheck").blank();
        out.open("preamble");
        TextReport.preambleLines(command).forEach(line -> out.element("line", line));
        out.close("preamble").blank();
        out.element("pid", head.pid()).element("ppid", head.parent()).element("tool", "memcheck").blank();
        if (head.comment() != null) {
            out.raw("<usercomment>" + head.comment() + "</usercomment>").blank();
        }
        out.open("args");
        arguments("vargv", head.tool());
        arguments("argv", command);
        out.close("args").blank();
        status("RUNNING");
    }

    private void arguments(String name, List<String> words) {
        out.open(name);
        out.element("exe", words.getFirst());
        words.subList(1, words.size()).forEach(word -> out.element("arg", word));
        out.close(name);
    }

    private void status(String state) {
        out.open("status").element("state", state).element("time", out.time()).close("status").blank();
    }

    @Override
    public void error(RecordedError error, List<Part> parts) {
        endError();
        inError = true;
        out.open("error");
        out.element("unique", "0x" + Integer.toHexString(error.number));
        out.element("tid", error.error.tid());
        out.element("kind", ErrorKinds.xml(error.error));
        String name = "what";
        for (Part part : parts) {
            if (part.words() == null) {
                stack(part.stack());
            } else {
                out.element(name, part.words().strip());
                name = "auxwhat";
            }
        }
    }

    private void stack(long[] pcs) {
        out.open("stack");
        for (ShownStack.Line line : stacks.lines(pcs)) {
            FrameText frame = line.frame();
            out.open("frame");
            out.element("ip", Decimal.pc(frame.pc()));
            out.optional("obj", frame.object());
            out.optional("fn", line.function());
            if (frame.file() != null) {
                out.optional("dir", frame.directory());
                out.element("file", frame.file());
                out.element("line", frame.line());
            }
            out.close("frame");
        }
        out.close("stack");
    }

    @Override
    public void suppression(List<String> lines) {
        out.open("suppression");
        out.element("sname", "insert_a_suppression_name_here");
        out.element("skind", lines.get(1));
        for (String line : lines.subList(2, lines.size())) {
            int colon = line.indexOf(':');
            if (line.startsWith("fun:") || line.startsWith("obj:")) {
                out.open("sframe").element(line.substring(0, colon), line.substring(colon + 1)).close("sframe");
            } else {
                out.element("skaux", line);
            }
        }
        out.open("rawtext");
        out.raw("<![CDATA[").raw("{");
        // The end mark of such a section cannot stand inside it.
        lines.forEach(line -> out.raw("   " + line.replace("]]>", "]]?")));
        out.raw("}").raw("]]>");
        out.close("rawtext").close("suppression");
    }

    @Override
    public void note(List<String> lines) {
        // Limits and hints are words to people; errors are not limited in XML.
    }

    @Override
    public void message(int tid, String text, long[] stack) {
        endError();
        out.open("clientmsg").element("tid", tid).element("text", text);
        if (stack != null) {
            stack(stack);
        }
        out.close("clientmsg").blank();
    }

    @Override
    public void fatal(FatalSignal signal, int tid) {
        endError();
        out.open("fatal_signal");
        out.element("tid", tid).element("signo", signal.signal()).element("signame", signal.name()).element("sicode", signal.code());
        out.optional("event", signal.event() == null ? null : signal.event().strip());
        if (signal.isFault()) {
            out.element("siaddr", "0x" + Long.toHexString(signal.address()));
        }
        stack(signal.stack());
        out.close("fatal_signal").blank();
    }

    @Override
    public void finished() {
        endError();
        status("FINISHED");
    }

    @Override
    public void heapSummary(HeapTotals totals) {
        if (out.head().protocol() < SUMMARIES) {
            return;
        }
        out.open("heap_summary");
        out.open("memory_in_use_at_exit").element("bytes", Decimal.grouped(totals.bytesInUse()))
                .element("blocks", Decimal.grouped(totals.blocksInUse())).close("memory_in_use_at_exit");
        out.open("total_heap_usage").element("allocs", Decimal.grouped(totals.allocations()))
                .element("frees", Decimal.grouped(totals.frees())).element("bytes_allocated", Decimal.grouped(totals.bytesAllocated()))
                .close("total_heap_usage");
        out.close("heap_summary").blank();
        if (totals.blocksInUse() == 0) {
            out.raw("<all_heap_blocks_freed/>").blank();
        }
    }

    @Override
    public void leak(LossRecord record, String headline, int number, boolean counted, long[] stack) {
        endError();
        inError = true;
        out.open("error");
        out.element("unique", "0x" + Integer.toHexString(number));
        out.element("tid", 1);
        out.element("kind", ErrorKinds.xml(record.kind()));
        out.open("xwhat");
        out.element("text", headline);
        out.element("leakedbytes", record.total());
        out.element("leakedblocks", record.blocks());
        out.close("xwhat");
        stack(stack);
    }

    @Override
    public void leakSummary(LeakTotals totals, boolean full) {
        endError();
        if (out.head().protocol() < SUMMARIES) {
            return;
        }
        List<LossRecord> records = totals.records().stream().map(LeakDelta.Pair::now).toList();
        long[] bytes = LossRecord.bytes(records);
        long[] blocks = LossRecord.blocks(records);
        out.open("leak_summary");
        summary("definitely_lost", bytes[LeakKind.DEFINITE.ordinal()], blocks[LeakKind.DEFINITE.ordinal()]);
        summary("indirectly_lost", bytes[LeakKind.INDIRECT.ordinal()], blocks[LeakKind.INDIRECT.ordinal()]);
        summary("possibly_lost", bytes[LeakKind.POSSIBLE.ordinal()], blocks[LeakKind.POSSIBLE.ordinal()]);
        summary("still_reachable", bytes[LeakKind.REACHABLE.ordinal()], blocks[LeakKind.REACHABLE.ordinal()]);
        summary("suppressed", totals.suppressedBytes(), totals.suppressedBlocks());
        out.close("leak_summary").blank();
    }

    private void summary(String name, long bytes, long blocks) {
        out.open(name).element("bytes", Decimal.grouped(bytes)).element("blocks", Decimal.grouped(blocks)).close(name);
    }

    @Override
    public void end(Totals totals, List<RecordedError> errors, List<Suppressions.Use> used, boolean undefinedValues) {
        endError();
        out.open("errorcounts");
        for (RecordedError e : errors.reversed()) {
            out.open("pair").element("count", e.count).element("unique", "0x" + Integer.toHexString(e.number)).close("pair");
        }
        out.close("errorcounts").blank();
        out.open("suppcounts");
        for (Suppressions.Use use : used) {
            out.open("pair").element("count", use.count).element("name", use.entry.name()).close("pair");
        }
        out.close("suppcounts").blank();
        if (out.head().protocol() >= SUMMARIES) {
            out.open("error_summary").element("errors", totals.errors()).element("error_contexts", totals.contexts())
                    .element("suppressed", totals.suppressed()).element("suppressed_contexts", totals.suppressedContexts())
                    .close("error_summary").blank();
        }
        out.raw("</valgrindoutput>");
    }
}
