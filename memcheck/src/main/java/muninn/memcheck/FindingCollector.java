// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import muninn.memcheck.findings.Finding;
import muninn.memcheck.findings.Findings;

/** Gathers what the report of one process says, and passes everything on to the report that people read. */
final class FindingCollector implements ReportWriter {
    private final ReportWriter out;
    private final ShownStack stacks;
    private final Findings findings;
    private final Map<Integer, Finding> byNumber = new HashMap<>();
    private final List<Integer> order = new ArrayList<>();
    private long pid;

    FindingCollector(ReportWriter out, ShownStack stacks, Findings findings, long pid) {
        this.out = out;
        this.stacks = stacks;
        this.findings = findings;
        this.pid = pid;
    }

    @Override
    public void pid(long value) {
        pid = value;
        out.pid(value);
    }

    @Override
    public void preamble(List<String> command) {
        out.preamble(command);
    }

    private Finding.Stack stack(List<String> caption, long[] pcs) {
        return new Finding.Stack(caption, stacks.lines(pcs).stream().map(l -> new Finding.Frame(l.frame().pc(), l.function(), l.frame().file(),
                l.frame().directory(), l.frame().file() == null ? 0 : l.frame().line(), l.frame().object())).toList());
    }

    private void add(int number, Finding finding) {
        byNumber.put(number, finding);
        order.add(number);
    }

    @Override
    public void error(RecordedError error, List<Part> parts) {
        List<Finding.Stack> all = new ArrayList<>();
        List<String> caption = new ArrayList<>();
        for (Part part : parts) {
            if (part.words() != null) {
                caption.add(part.words().strip());
            } else {
                all.add(stack(List.copyOf(caption), part.stack()));
                caption.clear();
            }
        }
        if (!caption.isEmpty()) {
            all.add(new Finding.Stack(List.copyOf(caption), List.of()));
        }
        add(error.number, new Finding(ErrorKinds.xml(error.error), parts.getFirst().words().strip(), pid, error.error.tid(), 1, all, true));
        out.error(error, parts);
    }

    @Override
    public void suppression(List<String> lines) {
        out.suppression(lines);
    }

    @Override
    public void note(List<String> lines) {
        out.note(lines);
    }

    @Override
    public void message(int tid, String text, long[] stack) {
        out.message(tid, text, stack);
    }

    @Override
    public void fatal(FatalSignal signal, int tid) {
        out.fatal(signal, tid);
    }

    @Override
    public void finished() {
        out.finished();
    }

    @Override
    public void heapSummary(HeapTotals totals) {
        out.heapSummary(totals);
    }

    @Override
    public void leak(LossRecord record, String headline, int number, boolean counted, long[] stack) {
        // Which record of how many it is changes with every other leak: no part of what it is called elsewhere.
        String what = headline.substring(0, headline.lastIndexOf(LeakDelta.IN_LOSS_RECORD));
        add(number, new Finding(ErrorKinds.xml(record.kind()), what, pid, 1, record.blocks(), List.of(stack(List.of(headline), stack)), counted));
        out.leak(record, headline, number, counted, stack);
    }

    @Override
    public void leakSummary(LeakTotals totals, boolean full) {
        out.leakSummary(totals, full);
    }

    @Override
    public void end(Totals totals, List<RecordedError> errors, List<Suppressions.Use> used, boolean undefinedValues) {
        for (RecordedError e : errors) {
            byNumber.computeIfPresent(e.number, (n, f) -> f.withCount(e.count));
        }
        findings.add(order.stream().map(byNumber::get).toList());
        out.end(totals, errors, used, undefinedValues);
    }

    @Override
    public void flush() {
        out.flush();
    }
}
