// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

/** The words of the heap summary, of each loss record and of the leak summary. */
final class LeakReport {
    private final TextOutput out;
    private final StackPrinter stacks;
    private final MemcheckOptions options;

    LeakReport(TextOutput out, StackPrinter stacks, MemcheckOptions options) {
        this.out = out;
        this.stacks = stacks;
        this.options = options;
    }

    void heapSummary(HeapTotals totals) {
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

    /** Prints and counts the records of a finished search, then the summary. */
    void leaks(LeakSearch search, StackSource contexts, ErrorLog log) {
        if (options.verbosity() > 1) {
            out.line("Searching for pointers to " + Decimal.grouped(search.blocks().count()) + " not-freed blocks");
            out.line("Checked " + Decimal.grouped(search.checkedBytes()) + " bytes");
            out.blank();
        }
        List<LossRecord> records = LossRecord.merge(search, contexts, options.leakFrames());
        if (options.leakCheck() == MemcheckOptions.LeakCheck.FULL) {
            for (int i = 0; i < records.size(); i++) {
                LossRecord record = records.get(i);
                if ((options.errorsForLeakKinds() & record.kind().bit()) != 0) {
                    log.countUnique();
                }
                if ((options.showLeakKinds() & record.kind().bit()) != 0) {
                    log.announceThread(1);
                    out.line(headline(record) + " in loss record " + Decimal.grouped(i + 1) + " of " + Decimal.grouped(records.size()));
                    stacks.print(out, contexts.stack(record.stackId()));
                    out.blank();
                }
            }
        }
        if (options.verbosity() > 0) {
            leakSummary(search, records);
        }
    }

    private static String headline(LossRecord record) {
        String size = record.indirectBytes() == 0 ? Decimal.grouped(record.bytes())
                : Decimal.grouped(record.total()) + " (" + Decimal.grouped(record.bytes()) + " direct, "
                        + Decimal.grouped(record.indirectBytes()) + " indirect)";
        return size + " bytes in " + Decimal.grouped(record.blocks()) + " blocks are " + record.kind().text;
    }

    private void leakSummary(LeakSearch search, List<LossRecord> records) {
        long[] bytes = new long[4];
        long[] blocks = new long[4];
        for (LossRecord record : records) {
            bytes[record.kind().ordinal()] += record.bytes();
            blocks[record.kind().ordinal()] += record.blocks();
        }
        out.line("LEAK SUMMARY:");
        summaryLine("   definitely lost: ", LeakKind.DEFINITE, bytes, blocks);
        summaryLine("   indirectly lost: ", LeakKind.INDIRECT, bytes, blocks);
        summaryLine("     possibly lost: ", LeakKind.POSSIBLE, bytes, blocks);
        summaryLine("   still reachable: ", LeakKind.REACHABLE, bytes, blocks);
        heuristics(search);
        out.line("        suppressed: " + Decimal.bytesInBlocks(0, 0));
        if (options.leakCheck() == MemcheckOptions.LeakCheck.SUMMARY) {
            out.line("Rerun with --leak-check=full to see details of leaked memory");
        } else if (blocks[LeakKind.REACHABLE.ordinal()] > 0 && (options.showLeakKinds() & LeakKind.REACHABLE.bit()) == 0) {
            out.line("Reachable blocks (those to which a pointer was found) are not shown.");
            out.line("To see them, rerun with: --leak-check=full --show-leak-kinds=all");
        }
        out.blank();
    }

    private void summaryLine(String label, LeakKind kind, long[] bytes, long[] blocks) {
        out.line(label + Decimal.bytesInBlocks(bytes[kind.ordinal()], blocks[kind.ordinal()]));
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
}
