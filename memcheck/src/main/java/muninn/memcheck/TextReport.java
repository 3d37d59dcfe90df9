// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

/** A report as people read it, in Valgrind's words (golden cases in cases/memcheck). */
final class TextReport implements ReportWriter {
    static final String VERSION = "Muninn-0.1.0";

    private final TextOutput out;
    private final ShownStack stacks;
    private final MemcheckOptions options;
    private int lastThread = 1;
    /** What the program has said of a line that is not finished. */
    private String begun = "";

    TextReport(TextOutput out, ShownStack stacks, MemcheckOptions options) {
        this.out = out;
        this.stacks = stacks;
        this.options = options;
    }

    @Override
    public void pid(long pid) {
        out.pid(pid);
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void preamble(List<String> command) {
        if (options.verbosity() == 0) {
            return;
        }
        for (String line : preambleLines(command)) {
            out.line(line);
        }
        out.blank();
    }

    static List<String> preambleLines(List<String> command) {
        return List.of("Memcheck, a memory error detector", "A tool of " + VERSION + ", MIT licence",
                "Using " + VERSION + "; rerun with -h for copyright info", "Command: " + String.join(" ", command));
    }

    @Override
    public void error(RecordedError error, List<Part> parts) {
        mark(options.markerBegin());
        show(error, parts);
        out.blank();
        mark(options.markerEnd());
    }

    private void mark(String marker) {
        if (marker != null) {
            out.line(marker);
        }
    }

    private void show(RecordedError error, List<Part> parts) {
        announceThread(error.error.tid());
        for (Part part : parts) {
            if (part.words() != null) {
                out.line(part.words());
            } else {
                stack(part.stack());
            }
        }
    }

    /** Names the thread when it is not the one named last. */
    private void announceThread(int tid) {
        if (tid > 0 && tid != lastThread) {
            out.line("Thread " + tid + ":");
            lastThread = tid;
        }
    }

    private void stack(long[] pcs) {
        String lead = "   at ";
        for (ShownStack.Line line : stacks.lines(pcs)) {
            out.line(lead + Decimal.pc(line.frame().pc()) + ": " + line.place());
            lead = "   by ";
        }
    }

    @Override
    public void suppression(List<String> lines) {
        out.plain("{");
        for (String line : lines) {
            out.plain("   " + line);
        }
        out.plain("}");
    }

    @Override
    public void note(List<String> lines) {
        for (String line : lines) {
            out.line(line);
        }
    }

    /** Lines of the program; the last one may go on with its next message. */
    @Override
    public void message(int tid, String text, long[] stack) {
        String all = begun + text;
        int end = all.lastIndexOf('\n');
        for (String line : end < 0 ? new String[0] : all.substring(0, end).split("\n", -1)) {
            out.clientLine(line);
        }
        begun = all.substring(end + 1);
        if (stack != null) {
            if (!begun.isEmpty()) {
                out.clientLine(begun);
                begun = "";
            }
            stack(stack);
        }
    }

    /** With -q only faults are told. */
    @Override
    public void fatal(FatalSignal signal, int tid) {
        if (options.verbosity() == 0 && !signal.isFault()) {
            return;
        }
        out.blank();
        out.line(signal.headline());
        String event = signal.event();
        if (event != null) {
            out.line(event);
        }
        stack(signal.stack());
        if (signal.isUnmappedAccess()) {
            out.line(" If you believe this happened as a result of a stack");
            out.line(" overflow in your program's main thread (unlikely but");
            out.line(" possible), you can try to increase the size of the");
            out.line(" main thread stack using the --main-stacksize= flag.");
            out.line(" The main thread stack size used in this run was " + signal.mainStackSize() + ".");
        }
    }

    @Override
    public void finished() {
        if (!begun.isEmpty()) {
            out.clientLine(begun);
            begun = "";
        }
    }

    @Override
    public void heapSummary(HeapTotals totals) {
        if (options.verbosity() == 0) {
            return;
        }
        out.blank();
        out.line("HEAP SUMMARY:");
        out.line("    in use at exit: " + Decimal.bytesInBlocks(totals.bytesInUse(), totals.blocksInUse()));
        out.line("  total heap usage: " + Decimal.grouped(totals.allocations()) + " allocs, " + Decimal.grouped(totals.frees())
                + " frees, " + Decimal.grouped(totals.bytesAllocated()) + " bytes allocated");
        out.blank();
        if (totals.blocksInUse() == 0) {
            out.line("All heap blocks were freed -- no leaks are possible");
            out.blank();
        } else if (options.leakCheck() == MemcheckOptions.LeakCheck.NO) {
            out.line("For a detailed leak analysis, rerun with: --leak-check=full");
            out.blank();
        }
    }

    @Override
    public void leak(LossRecord record, String headline, int number, boolean counted, long[] stack) {
        announceThread(1);
        mark(options.markerBegin());
        out.line(headline);
        stack(stack);
        out.blank();
        mark(options.markerEnd());
    }

    @Override
    public void leakSummary(LeakTotals totals, boolean full) {
        if (options.verbosity() == 0) {
            return;
        }
        List<LossRecord> now = totals.records().stream().map(LeakDelta.Pair::now).toList();
        out.line("LEAK SUMMARY:");
        summaryLine("   definitely lost: ", LeakKind.DEFINITE, totals);
        summaryLine("   indirectly lost: ", LeakKind.INDIRECT, totals);
        summaryLine("     possibly lost: ", LeakKind.POSSIBLE, totals);
        summaryLine("   still reachable: ", LeakKind.REACHABLE, totals);
        heuristics(totals.search());
        out.line("        suppressed: " + totals.delta().bytesInBlocks(totals.suppressedBytes(), totals.suppressedBytesBefore(),
                totals.suppressedBlocks(), totals.suppressedBlocksBefore()));
        long[] blocks = LossRecord.blocks(now);
        if (!full) {
            out.line("Rerun with --leak-check=full to see details of leaked memory");
        } else if (blocks[LeakKind.REACHABLE.ordinal()] > 0 && (options.showLeakKinds() & LeakKind.REACHABLE.bit()) == 0) {
            out.line("Reachable blocks (those to which a pointer was found) are not shown.");
            out.line("To see them, rerun with: --leak-check=full --show-leak-kinds=all");
        }
        out.blank();
    }

    private void summaryLine(String label, LeakKind kind, LeakTotals totals) {
        long[] sums = new long[4];
        for (LeakDelta.Pair pair : totals.records()) {
            if (pair.now().kind() == kind) {
                sums[0] += pair.now().bytes();
                sums[1] += pair.before().bytes();
                sums[2] += pair.now().blocks();
                sums[3] += pair.before().blocks();
            }
        }
        out.line(label + totals.delta().bytesInBlocks(sums[0], sums[1], sums[2], sums[3]));
    }

    private void heuristics(LeakSearch search) {
        Heuristic[] all = Heuristic.values();
        long[] bytes = new long[all.length + 1];
        long[] blocks = new long[all.length + 1];
        boolean any = false;
        for (int i = 0; i < search.blocks().count; i++) {
            int used = search.heuristicOf(i);
            any |= used != 0;
            bytes[used] += search.blocks().size[i];
            blocks[used]++;
        }
        if (!any) {
            return;
        }
        out.line("                      of which reachable via heuristic:");
        for (Heuristic heuristic : all) {
            int i = heuristic.ordinal() + 1;
            if (blocks[i] > 0) {
                String padding = " ".repeat(19 - heuristic.text.length());
                out.line("                        " + heuristic.text + padding + ": " + Decimal.bytesInBlocks(bytes[i], blocks[i]));
            }
        }
    }

    @Override
    public void end(Totals totals, List<RecordedError> errors, List<Suppressions.Use> used, boolean undefinedValues) {
        if (options.verbosity() == 1 && undefinedValues) {
            out.line("Use --track-origins=yes to see where uninitialised values come from");
        }
        if (options.verbosity() == 0) {
            return;
        }
        boolean list = options.showErrorList() || options.verbosity() > 1;
        if (!list) {
            out.line("For lists of detected and suppressed errors, rerun with: -s");
        }
        summaryLine(totals);
        if (!list) {
            return;
        }
        for (int i = 0; i < errors.size(); i++) {
            RecordedError e = errors.get(i);
            out.blank();
            out.line(e.count + " errors in context " + (i + 1) + " of " + totals.contexts() + ":");
            show(e, ErrorText.parts(e.error, e.where, e.origin, stacks));
            out.blank();
        }
        if (!used.isEmpty()) {
            out.debugLine("");
            for (Suppressions.Use use : used) {
                out.debugLine("used_suppression: " + padded(use.count) + " " + use.entry.name() + " " + use.entry.place()
                        + (use.lostBlocks == 0 ? "" : " suppressed: " + Decimal.bytesInBlocks(use.lostBytes, use.lostBlocks)));
            }
        }
        if (!errors.isEmpty() || !used.isEmpty()) {
            if (!used.isEmpty()) {
                out.blank();
            }
            summaryLine(totals);
        }
    }

    private static String padded(long count) {
        String text = Long.toString(count);
        return " ".repeat(Math.max(0, 6 - text.length())) + text;
    }

    private void summaryLine(Totals totals) {
        out.line("ERROR SUMMARY: " + totals.errors() + " errors from " + totals.contexts() + " contexts (suppressed: "
                + totals.suppressed() + " from " + totals.suppressedContexts() + ")");
    }
}
