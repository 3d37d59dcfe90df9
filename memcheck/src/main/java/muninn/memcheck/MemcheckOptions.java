// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * What the command line says about reports, with Valgrind's names and defaults.
 *
 * @param verbosity 0 with -q, 1 normally, one more for each -v
 * @param numCallers frames of a stack that are kept and shown
 * @param errorExitcode exit status when errors were found; 0 leaves the client's own
 * @param errorLimit stop reporting after 1000 different or 10,000,000 errors in all
 * @param showErrorList print the list of errors at the end (-s)
 * @param showBelowMain show frames below {@code main}
 * @param leakCheck how much of the leak check is done and shown
 * @param leakFrames frames that must agree for two leaks to become one record (2, 4, or all)
 * @param showLeakKinds set of {@link LeakKind} printed by a full leak check
 * @param errorsForLeakKinds set of {@link LeakKind} counted as errors by a full leak check
 */
public record MemcheckOptions(int verbosity, int numCallers, int errorExitcode, boolean errorLimit, boolean showErrorList,
        boolean showBelowMain, LeakCheck leakCheck, int leakFrames, int showLeakKinds, int errorsForLeakKinds) {

    /** Values of {@code --leak-check}; {@code yes} is another word for {@code full}. */
    public enum LeakCheck { NO, SUMMARY, FULL }

    /** {@code --leak-resolution=high}: all frames. */
    public static final int ALL_FRAMES = Integer.MAX_VALUE;

    /** Valgrind's defaults. */
    public static MemcheckOptions defaults() {
        int lost = LeakKind.DEFINITE.bit() | LeakKind.POSSIBLE.bit();
        return new MemcheckOptions(1, 12, 0, true, false, false, LeakCheck.SUMMARY, ALL_FRAMES, lost, lost);
    }

    public MemcheckOptions withVerbosity(int value) {
        return new MemcheckOptions(value, numCallers, errorExitcode, errorLimit, showErrorList, showBelowMain, leakCheck,
                leakFrames, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withNumCallers(int value) {
        return new MemcheckOptions(verbosity, value, errorExitcode, errorLimit, showErrorList, showBelowMain, leakCheck,
                leakFrames, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withErrorExitcode(int value) {
        return new MemcheckOptions(verbosity, numCallers, value, errorLimit, showErrorList, showBelowMain, leakCheck,
                leakFrames, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withErrorLimit(boolean value) {
        return new MemcheckOptions(verbosity, numCallers, errorExitcode, value, showErrorList, showBelowMain, leakCheck,
                leakFrames, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withShowErrorList(boolean value) {
        return new MemcheckOptions(verbosity, numCallers, errorExitcode, errorLimit, value, showBelowMain, leakCheck,
                leakFrames, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withShowBelowMain(boolean value) {
        return new MemcheckOptions(verbosity, numCallers, errorExitcode, errorLimit, showErrorList, value, leakCheck,
                leakFrames, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withLeakCheck(LeakCheck value) {
        return new MemcheckOptions(verbosity, numCallers, errorExitcode, errorLimit, showErrorList, showBelowMain, value,
                leakFrames, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withLeakFrames(int value) {
        return new MemcheckOptions(verbosity, numCallers, errorExitcode, errorLimit, showErrorList, showBelowMain, leakCheck,
                value, showLeakKinds, errorsForLeakKinds);
    }

    public MemcheckOptions withLeakKinds(int shown, int counted) {
        return new MemcheckOptions(verbosity, numCallers, errorExitcode, errorLimit, showErrorList, showBelowMain, leakCheck,
                leakFrames, shown, counted);
    }
}
