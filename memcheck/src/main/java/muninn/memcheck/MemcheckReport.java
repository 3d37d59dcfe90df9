// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * The report of one process, from preamble to error summary. The engine calls it when something happens; every call writes one
 * complete block of text. Calls of several threads are safe.
 */
public final class MemcheckReport {
    private static final String VERSION = "Muninn-0.1.0";

    private final MemcheckOptions options;
    private final TextOutput out;
    private final StackPrinter stacks;
    private final ErrorLog log;
    private MemoryError.InvalidJump lastJump;
    private boolean undefinedValues;

    public MemcheckReport(MemcheckOptions options, TextOutput out, StackNamer namer, AddressSources sources) {
        this.options = options;
        this.out = out;
        this.stacks = new StackPrinter(namer, options);
        this.log = new ErrorLog(out, new ErrorText(out, stacks), sources, options);
    }

    /** The head of the report; in the child of a fork it is not repeated. */
    public synchronized void preamble(String... command) {
        if (options.verbosity() == 0) {
            return;
        }
        out.line("Memcheck, a memory error detector");
        out.line("A tool of " + VERSION + ", MIT licence");
        out.line("Using " + VERSION + "; rerun with -h for copyright info");
        StringBuilder line = new StringBuilder("Command:");
        for (String word : command) {
            line.append(' ').append(word);
        }
        out.line(line.toString());
        out.blank();
        out.flush();
    }

    /** Counts an error, and prints it when it is a new one. */
    public synchronized void error(MemoryError error) {
        if (error instanceof MemoryError.InvalidJump jump) {
            lastJump = jump;
        }
        undefinedValues |= error instanceof MemoryError.UndefinedCondition || error instanceof MemoryError.UndefinedValue
                || error instanceof MemoryError.ClientCheck check && check.undefined();
        log.record(error);
        out.flush();
    }

    /** The client is about to die of a signal. With -q only faults are told. */
    public synchronized void fatal(FatalSignal signal) {
        if (options.verbosity() == 0 && !signal.isFault()) {
            return;
        }
        // Valgrind finds that no instruction can be fetched before the kernel does, and words it as a matter of permissions.
        boolean jump = lastJump != null && signal.isUnmappedAccess() && lastJump.address() == signal.address();
        FatalSignal told = jump ? new FatalSignal(signal.stack(), signal.signal(), 2, signal.address(), signal.mainStackSize(),
                signal.coreDumped()) : signal;
        out.blank();
        out.line(told.headline());
        String event = told.event();
        if (event != null) {
            out.line(event);
        }
        stacks.print(out, told.stack());
        if (told.isUnmappedAccess()) {
            out.line(" If you believe this happened as a result of a stack");
            out.line(" overflow in your program's main thread (unlikely but");
            out.line(" possible), you can try to increase the size of the");
            out.line(" main thread stack using the --main-stacksize= flag.");
            out.line(" The main thread stack size used in this run was " + told.mainStackSize() + ".");
        }
        out.flush();
    }

    /**
     * The end of the report: heap summary, leaks, error summary.
     *
     * @param search a finished search, or {@code null} when {@link #wantsLeakSearch} says no
     * @param contexts allocation stacks of the searched blocks
     */
    public synchronized void finish(HeapTotals totals, LeakSearch search, StackSource contexts) {
        LeakReport leaks = new LeakReport(out, stacks, options);
        leaks.heapSummary(totals);
        if (search != null) {
            leaks.leaks(search, contexts, log);
        }
        if (options.verbosity() == 1 && undefinedValues) {
            out.line("Use --track-origins=yes to see where uninitialised values come from");
        }
        if (options.verbosity() > 0) {
            errorSummary();
        }
        out.flush();
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

    private void errorSummary() {
        boolean list = options.showErrorList() || options.verbosity() > 1;
        if (!list) {
            out.line("For lists of detected and suppressed errors, rerun with: -s");
        }
        summaryLine();
        if (list && !log.isEmpty()) {
            log.list();
            summaryLine();
        }
    }

    private void summaryLine() {
        out.line("ERROR SUMMARY: " + log.found() + " errors from " + log.contexts() + " contexts (suppressed: 0 from 0)");
    }
}
