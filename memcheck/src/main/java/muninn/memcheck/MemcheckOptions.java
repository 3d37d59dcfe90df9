// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

/** What the command line says about reports, with Valgrind's names and defaults. Each {@code with} returns a changed copy. */
public final class MemcheckOptions implements Cloneable {
    /** Values of {@code --leak-check}; {@code yes} is another word for {@code full}. */
    public enum LeakCheck { NO, SUMMARY, FULL }

    /** Errors of the first process; of any process those that are not in the baseline; none. */
    public enum FailOn { ANY, NEW, NONE }

    /** {@code --leak-resolution=high}: all frames. */
    public static final int ALL_FRAMES = Integer.MAX_VALUE;

    private int verbosity = 1;
    private int numCallers = 12;
    private int errorExitcode;
    private boolean errorLimit = true;
    private boolean showErrorList;
    private boolean showBelowMain;
    private boolean demangle = true;
    private List<String> fullPathAfter = List.of();
    private Suppressions suppressions = new Suppressions(List.of());
    private boolean generateSuppressions;
    private String markerBegin;
    private String markerEnd;
    private boolean exitOnFirstError;
    private boolean showMismatchedFrees = true;
    private boolean trackOrigins;
    private FailOn failOn = FailOn.ANY;
    private int leakHeuristics = Heuristic.ALL;
    private int farBelowStack;
    private int nearBelowStack = 1;
    private LeakCheck leakCheck = LeakCheck.SUMMARY;
    private int leakFrames = ALL_FRAMES;
    private int showLeakKinds = LeakKind.DEFINITE.bit() | LeakKind.POSSIBLE.bit();
    private int errorsForLeakKinds = showLeakKinds;

    private MemcheckOptions() {}

    /** Valgrind's defaults. */
    public static MemcheckOptions defaults() {
        return new MemcheckOptions();
    }

    private MemcheckOptions copy() {
        try {
            return (MemcheckOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** 0 with -q, 1 normally, one more for each -v. */
    public int verbosity() {
        return verbosity;
    }

    public MemcheckOptions withVerbosity(int value) {
        MemcheckOptions o = copy();
        o.verbosity = value;
        return o;
    }

    /** Frames of a stack that are kept and shown. */
    public int numCallers() {
        return numCallers;
    }

    public MemcheckOptions withNumCallers(int value) {
        MemcheckOptions o = copy();
        o.numCallers = value;
        return o;
    }

    /** Exit status when errors were found; 0 leaves the client's own. */
    public int errorExitcode() {
        return errorExitcode;
    }

    public MemcheckOptions withErrorExitcode(int value) {
        MemcheckOptions o = copy();
        o.errorExitcode = value;
        return o;
    }

    /** Stop reporting after 1000 different or 10,000,000 errors in all. */
    public boolean errorLimit() {
        return errorLimit;
    }

    public MemcheckOptions withErrorLimit(boolean value) {
        MemcheckOptions o = copy();
        o.errorLimit = value;
        return o;
    }

    /** Print the list of errors at the end (-s). */
    public boolean showErrorList() {
        return showErrorList;
    }

    public MemcheckOptions withShowErrorList(boolean value) {
        MemcheckOptions o = copy();
        o.showErrorList = value;
        return o;
    }

    /** Show frames below {@code main}. */
    public boolean showBelowMain() {
        return showBelowMain;
    }

    public MemcheckOptions withShowBelowMain(boolean value) {
        MemcheckOptions o = copy();
        o.showBelowMain = value;
        return o;
    }

    /** Show names in clear. */
    public boolean demangle() {
        return demangle;
    }

    public MemcheckOptions withDemangle(boolean value) {
        MemcheckOptions o = copy();
        o.demangle = value;
        return o;
    }

    /** Texts behind which source paths are shown in full; none: file names alone. */
    public List<String> fullPathAfter() {
        return fullPathAfter;
    }

    public MemcheckOptions withFullPathAfter(List<String> value) {
        MemcheckOptions o = copy();
        o.fullPathAfter = List.copyOf(value);
        return o;
    }

    /** Errors that are not to be shown; counts those that were met, so all reports of a run share it. */
    public Suppressions suppressions() {
        return suppressions;
    }

    public MemcheckOptions withSuppressions(Suppressions value) {
        MemcheckOptions o = copy();
        o.suppressions = value;
        return o;
    }

    /** Print a suppression behind each error. */
    public boolean generateSuppressions() {
        return generateSuppressions;
    }

    public MemcheckOptions withGenerateSuppressions(boolean value) {
        MemcheckOptions o = copy();
        o.generateSuppressions = value;
        return o;
    }

    /** Line in front of each error, or {@code null}. */
    String markerBegin() {
        return markerBegin;
    }

    /** Line behind each error, or {@code null}. */
    String markerEnd() {
        return markerEnd;
    }

    public MemcheckOptions withErrorMarkers(String begin, String end) {
        MemcheckOptions o = copy();
        o.markerBegin = begin;
        o.markerEnd = end;
        return o;
    }

    /** The program is ended at the first error. */
    public boolean exitOnFirstError() {
        return exitOnFirstError;
    }

    public MemcheckOptions withExitOnFirstError(boolean value) {
        MemcheckOptions o = copy();
        o.exitOnFirstError = value;
        return o;
    }

    /** Tell where undefined values were created. */
    public boolean trackOrigins() {
        return trackOrigins;
    }

    public MemcheckOptions withTrackOrigins(boolean value) {
        MemcheckOptions o = copy();
        o.trackOrigins = value;
        return o;
    }

    /** Accesses at most so many bytes below the stack pointer, and at least {@link #acceptedNearBelowStack}, are no errors; 0: none. */
    public int acceptedFarBelowStack() {
        return farBelowStack;
    }

    public int acceptedNearBelowStack() {
        return nearBelowStack;
    }

    public MemcheckOptions withAcceptedBelowStack(int far, int near) {
        MemcheckOptions o = copy();
        o.farBelowStack = far;
        o.nearBelowStack = near;
        return o;
    }

    /** Layouts whose interior pointers keep a block: bit 0 stdstring, 1 length64, 2 newarray, 3 multipleinheritance. */
    public int leakHeuristics() {
        return leakHeuristics;
    }

    public MemcheckOptions withLeakHeuristics(int value) {
        MemcheckOptions o = copy();
        o.leakHeuristics = value;
        return o;
    }

    /** Which errors make the run end with {@link #errorExitcode}. */
    public FailOn failOn() {
        return failOn;
    }

    public MemcheckOptions withFailOn(FailOn value) {
        MemcheckOptions o = copy();
        o.failOn = value;
        return o;
    }

    /** Report blocks released by a function of another family. */
    public boolean showMismatchedFrees() {
        return showMismatchedFrees;
    }

    public MemcheckOptions withShowMismatchedFrees(boolean value) {
        MemcheckOptions o = copy();
        o.showMismatchedFrees = value;
        return o;
    }

    /** How much of the leak check is done and shown. */
    public LeakCheck leakCheck() {
        return leakCheck;
    }

    public MemcheckOptions withLeakCheck(LeakCheck value) {
        MemcheckOptions o = copy();
        o.leakCheck = value;
        return o;
    }

    /** Frames that must agree for two leaks to become one record (2, 4, or all). */
    public int leakFrames() {
        return leakFrames;
    }

    public MemcheckOptions withLeakFrames(int value) {
        MemcheckOptions o = copy();
        o.leakFrames = value;
        return o;
    }

    /** Set of {@link LeakKind} printed by a full leak check. */
    public int showLeakKinds() {
        return showLeakKinds;
    }

    /** Set of {@link LeakKind} counted as errors by a full leak check. */
    public int errorsForLeakKinds() {
        return errorsForLeakKinds;
    }

    public MemcheckOptions withLeakKinds(int shown, int counted) {
        MemcheckOptions o = copy();
        o.showLeakKinds = shown;
        o.errorsForLeakKinds = counted;
        return o;
    }
}
