// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

/** The form of a report: text or XML. Each call is one complete piece; {@link #flush} hands what was gathered to the reader. */
interface ReportWriter {
    /** A line of words or a stack, in the order in which they are shown; one of the two is {@code null}. */
    record Part(String words, long[] stack) {
        static Part of(String words) {
            return new Part(words, null);
        }

        static Part of(long[] stack) {
            return new Part(null, stack);
        }
    }

    /** Counts at the end of a report. */
    record Totals(long errors, long contexts, long suppressed, long suppressedContexts) {}

    void pid(long pid);

    void preamble(List<String> command);

    /** An error that has not been told before. */
    void error(RecordedError error, List<Part> parts);

    /** A suppression that would keep the last error or leak back; the lines of the entry. */
    void suppression(List<String> lines);

    /** Words to the reader about the report itself. */
    void note(List<String> lines);

    /** What the program says by a client request; {@code stack} may be {@code null}. */
    void message(int tid, String text, long[] stack);

    void fatal(FatalSignal signal, int tid);

    /** The program has ended; what follows was found out afterwards. */
    void finished();

    void heapSummary(HeapTotals totals);

    /**
     * @param headline says how much was lost, and in which record
     * @param number number among all errors, for those who refer to it
     * @param counted whether it counts as an error
     */
    void leak(LossRecord record, String headline, int number, boolean counted, long[] stack);

    /** Sums of the records of a search beside those of the one before it; suppressed ones apart. */
    record LeakTotals(LeakSearch search, LeakDelta delta, List<LeakDelta.Pair> records, long suppressedBytes, long suppressedBlocks,
            long suppressedBytesBefore, long suppressedBlocksBefore) {}

    /** @param full whether records were told, as far as they are asked for */
    void leakSummary(LeakTotals totals, boolean full);

    /**
     * The end.
     *
     * @param errors all that were recorded and not suppressed, rare ones first
     */
    void end(Totals totals, List<RecordedError> errors, List<Suppressions.Use> used, boolean undefinedValues);

    void flush();
}
