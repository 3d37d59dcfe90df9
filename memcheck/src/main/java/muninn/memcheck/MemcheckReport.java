// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;

import muninn.memcheck.findings.Findings;
import java.util.Set;

/**
 * The report of one process, from preamble to error summary. The engine calls it when something happens; every call writes one
 * complete piece. Calls of several threads are safe.
 */
public final class MemcheckReport {
    private final MemcheckOptions options;
    private final ReportWriter out;
    private final ErrorLog log;
    private final ShownStack stacks;
    private final Set<Long> unknownRequests = new HashSet<>();
    private MemoryError.InvalidJump lastJump;
    private boolean undefinedValues;
    /** Records of the last leak check, and what was suppressed of it. */
    private List<LossRecord> lastLeaks = List.of();
    private long suppressedBytes;
    private long suppressedBlocks;

    /** A report in text. */
    public MemcheckReport(MemcheckOptions options, TextOutput text, StackNamer namer, AddressSources sources) {
        this(options, text, namer, sources, null, 0);
    }

    /**
     * A report in text.
     *
     * @param findings gathers what is said, too; or {@code null}
     */
    MemcheckReport(MemcheckOptions options, TextOutput text, StackNamer namer, AddressSources sources, Findings findings, long pid) {
        this.options = options;
        this.stacks = new ShownStack(namer, options);
        this.out = gathered(new TextReport(text, stacks, options), findings, pid);
        this.log = new ErrorLog(out, stacks, sources, options);
    }

    /** A report in XML. */
    public MemcheckReport(MemcheckOptions options, XmlOutput xml, StackNamer namer, AddressSources sources) {
        this(options, xml, namer, sources, null, 0);
    }

    /** As the one in text. */
    MemcheckReport(MemcheckOptions options, XmlOutput xml, StackNamer namer, AddressSources sources, Findings findings, long pid) {
        this.options = options;
        this.stacks = new ShownStack(namer, options);
        this.out = gathered(new XmlReport(xml, stacks), findings, pid);
        this.log = new ErrorLog(out, stacks, sources, options);
    }

    private ReportWriter gathered(ReportWriter writer, Findings findings, long pid) {
        return findings == null || !findings.isWanted() ? writer : new FindingCollector(writer, stacks, findings, pid);
    }

    /** The head of the report; in the child of a fork it is not repeated. */
    public synchronized void preamble(List<String> command) {
        out.preamble(command);
        out.flush();
    }

    /** Counts an error, and tells it when it is a new one. */
    public void error(MemoryError error) {
        error(error, () -> null);
    }

    /**
     * Counts an error, and tells it when it is a new one.
     *
     * @param origins finds where the undefined value was created, or {@code null}; asked only if the error is told
     */
    public synchronized void error(MemoryError error, Supplier<Origin> origins) {
        if (error instanceof MemoryError.MismatchedFree && !options.showMismatchedFrees()) {
            return;
        }
        if (error instanceof MemoryError.InvalidJump jump) {
            lastJump = jump;
        }
        undefinedValues |= !options.trackOrigins() && (error instanceof MemoryError.UndefinedCondition || error instanceof MemoryError.UndefinedValue
                || error instanceof MemoryError.SyscallParam param && param.undefined()
                || error instanceof MemoryError.ClientCheck check && check.undefined());
        log.record(error, origins);
        out.flush();
    }

    /** The program itself has something to say, with its stack or {@code null}. */
    public synchronized void message(int tid, String text, long[] stack) {
        out.message(tid, text, stack);
        out.flush();
    }

    /** The program has made a client request that is not served; each is told once. */
    public synchronized void unknownRequest(long number) {
        if (unknownRequests.add(number) && options.verbosity() > 0) {
            out.note(List.of("Warning: client request 0x" + Long.toHexString(number) + " is not supported by Muninn yet; it gets its default answer"));
            out.flush();
        }
    }

    /** The program is ended because of its first error. */
    public synchronized void exitsOnFirstError() {
        out.note(List.of("", "Exit program on first error (--exit-on-first-error=yes)"));
        out.flush();
    }

    /** The client is about to die of a signal. */
    public synchronized void fatal(FatalSignal signal, int tid) {
        // Valgrind finds that no instruction can be fetched before the kernel does, and words it as a matter of permissions.
        boolean jump = lastJump != null && signal.isUnmappedAccess() && lastJump.address() == signal.address();
        out.fatal(jump ? new FatalSignal(signal.stack(), signal.signal(), 2, signal.address(), signal.mainStackSize(),
                signal.coreDumped()) : signal, tid);
        out.flush();
    }

    /**
     * The end of the report: heap summary, leaks, error summary.
     *
     * @param search a finished search, or {@code null} when {@link #wantsLeakSearch} says no
     * @param contexts allocation stacks of the searched blocks
     */
    public synchronized void finish(HeapTotals totals, LeakSearch search, StackSource contexts) {
        out.finished();
        out.heapSummary(totals);
        if (search != null) {
            leaks(search, contexts, options.leakCheck() == MemcheckOptions.LeakCheck.FULL, LeakDelta.ANY);
        }
        out.end(log.totals(), log.sorted(), options.suppressions().used(), undefinedValues);
        out.flush();
    }

    /**
     * The program asks for a leak check.
     *
     * @param full whether records are told, or only their sums
     */
    synchronized void leakCheck(LeakSearch search, StackSource contexts, boolean full, LeakDelta delta) {
        leaks(search, contexts, full, delta);
        out.flush();
    }

    /**
     * What the last leak check has found: lost definitely or indirectly, lost possibly, reachable, suppressed.
     *
     * @param blocks numbers of blocks, else bytes
     */
    synchronized long[] leakCounts(boolean blocks) {
        long[] sums = blocks ? LossRecord.blocks(lastLeaks) : LossRecord.bytes(lastLeaks);
        return new long[] {sums[LeakKind.DEFINITE.ordinal()] + sums[LeakKind.INDIRECT.ordinal()], sums[LeakKind.POSSIBLE.ordinal()],
            sums[LeakKind.REACHABLE.ordinal()], blocks ? suppressedBlocks : suppressedBytes};
    }

    private void leaks(LeakSearch search, StackSource contexts, boolean full, LeakDelta delta) {
        if (options.verbosity() > 1) {
            out.note(List.of("Searching for pointers to " + Decimal.grouped(search.blocks().count()) + " not-freed blocks",
                    "Checked " + Decimal.grouped(search.checkedBytes()) + " bytes", ""));
        }
        List<LeakDelta.Pair> all = LeakDelta.pairs(LossRecord.merge(search, contexts, options.leakFrames()), lastLeaks);
        List<LeakDelta.Pair> told = new ArrayList<>(all);
        long bytesBefore = suppressedBytes;
        long blocksBefore = suppressedBlocks;
        suppressedBytes = 0;
        suppressedBlocks = 0;
        for (int i = 0; i < all.size(); i++) {
            LossRecord record = all.get(i).now();
            long[] stack = contexts.stack(record.stackId());
            Suppressions.Use use = options.suppressions().isEmpty() ? null
                    : options.suppressions().match("Leak", null, record.kind().bit(), stacks.named(stack));
            if (use != null) {
                use.lostBytes += record.total();
                use.lostBlocks += record.blocks();
                suppressedBytes += record.bytes();
                suppressedBlocks += record.blocks();
                told.remove(all.get(i));
                log.countSuppressed();
                continue;
            }
            boolean considered = full && delta.tells(all.get(i));
            boolean shown = considered && (options.showLeakKinds() & record.kind().bit()) != 0;
            boolean counted = considered && (options.errorsForLeakKinds() & record.kind().bit()) != 0;
            if (shown || counted) {
                int number = log.countUnique(counted);
                if (shown) {
                    out.leak(record, delta.headline(all.get(i), i + 1, all.size()), number, counted, stack);
                    if (options.generateSuppressions()) {
                        List<String> lines = log.suppressionFor("Leak", "match-leak-kinds: " + record.kind().option(), stack);
                        out.suppression(lines);
                    }
                }
            }
        }
        out.leakSummary(new ReportWriter.LeakTotals(search, delta, told, suppressedBytes, suppressedBlocks, bytesBefore, blocksBefore), full);
        lastLeaks = all.stream().map(LeakDelta.Pair::now).filter(r -> r.blocks() > 0).toList();
    }

    /** Whether {@link #finish} needs a leak search. */
    public boolean wantsLeakSearch(HeapTotals totals) {
        return totals.blocksInUse() > 0 && options.leakCheck() != MemcheckOptions.LeakCheck.NO
                && (options.verbosity() > 0 || options.leakCheck() == MemcheckOptions.LeakCheck.FULL);
    }

    /** Exit status of the run when the client ended with {@code clientStatus}. */
    public synchronized int exitStatus(int clientStatus) {
        return options.errorExitcode() != 0 && log.found() > 0 ? options.errorExitcode() : clientStatus;
    }

    /** Errors counted so far, leaks included. */
    public synchronized long errorsFound() {
        return log.found();
    }

    /** The following lines are written by another process: the child of a fork, which inherits what is known. */
    public synchronized void pid(long pid) {
        out.pid(pid);
    }
}
