// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Counts errors and decides which are printed: a new one at once, a repeated one never. Two errors are the same when their four
 * innermost frames agree; after 100 different errors two frames are enough. After 1000 different or ten million errors in all
 * nothing more is recorded. Numbers and words are Valgrind's.
 */
final class ErrorLog {
    private static final int DETAILED = 100;
    private static final int MOST_SHOWN = 1000;
    private static final long MOST_FOUND = 10_000_000;
    private static final int DETAILED_FRAMES = 4;
    private static final int COARSE_FRAMES = 2;

    private final ReportWriter out;
    private final ShownStack stacks;
    private final AddressSources sources;
    private final MemcheckOptions options;
    private final List<RecordedError> entries = new ArrayList<>();
    private Map<ErrorKey, RecordedError> known = new HashMap<>();
    private int frames = DETAILED_FRAMES;
    private int numbers;
    private long clock;
    private long found;
    private long contexts;
    private long suppressed;
    private long suppressedContexts;
    private boolean stopped;

    ErrorLog(ReportWriter out, ShownStack stacks, AddressSources sources, MemcheckOptions options) {
        this.out = out;
        this.stacks = stacks;
        this.sources = sources;
        this.options = options;
    }

    /** Number of errors counted so far, without suppressed ones. */
    long found() {
        return found;
    }

    ReportWriter.Totals totals() {
        return new ReportWriter.Totals(found, contexts, suppressed, suppressedContexts);
    }

    /**
     * Counts an error and tells it when it is new; the caller flushes.
     *
     * @param origins finds where the undefined value was created, if the error is a new one
     */
    void record(MemoryError error, Supplier<Origin> origins) {
        if (stopped) {
            return;
        }
        if (options.errorLimit() && (contexts >= MOST_SHOWN || found >= MOST_FOUND)) {
            stop();
            return;
        }
        if (frames == DETAILED_FRAMES && contexts >= DETAILED) {
            lessDetail();
        }
        ErrorKey key = new ErrorKey(error, frames);
        RecordedError entry = known.get(key);
        if (entry != null) {
            entry.count++;
            entry.lastHit = ++clock;
            if (entry.suppression == null) {
                found++;
            } else {
                suppressed++;
                options.suppressions().count(entry.suppression);
            }
            return;
        }
        Suppressions.Use use = options.suppressions().isEmpty() ? null : options.suppressions().match(ErrorKinds.suppression(error),
                ErrorKinds.extra(error), 0, stacks.named(error.stack()));
        AddressDescription where = use == null && ErrorText.hasAddress(error) ? sources.describe(ErrorText.address(error)) : null;
        Origin origin = use == null ? origins.get() : null;
        entry = new RecordedError(error, where, origin, numbers++, use);
        entry.lastHit = ++clock;
        entries.add(entry);
        known.put(key, entry);
        if (use != null) {
            suppressed++;
            suppressedContexts++;
            return;
        }
        found++;
        contexts++;
        out.error(entry, ErrorText.parts(error, where, origin, stacks));
        if (options.generateSuppressions()) {
            out.suppression(suppressionFor(ErrorKinds.suppression(error), ErrorKinds.extra(error), error.stack()));
        }
    }

    /** The lines of an entry that matches an error. */
    List<String> suppressionFor(String kind, String extra, long[] stack) {
        List<String> lines = new ArrayList<>();
        lines.add("<insert_a_suppression_name_here>");
        lines.add("Memcheck:" + kind);
        if (extra != null) {
            lines.add(extra);
        }
        for (ShownStack.Line line : stacks.lines(stack)) {
            FrameText frame = line.frame();
            String symbol = ShownStack.BELOW_MAIN.equals(line.function()) ? line.function() : frame.symbol();
            lines.add(symbol != null ? "fun:" + symbol : frame.object() != null ? "obj:" + frame.object() : "obj:*");
        }
        return lines;
    }

    /** Counts a leak, which is never compared with others; returns its number. */
    int countUnique(boolean asError) {
        found += asError ? 1 : 0;
        contexts += asError ? 1 : 0;
        return numbers++;
    }

    /** Counts a leak that a suppression keeps back. */
    void countSuppressed() {
        suppressed++;
        suppressedContexts++;
    }

    /** All recorded errors that are not suppressed, rare ones first; of equally frequent ones the latest comes first. */
    List<RecordedError> sorted() {
        List<RecordedError> sorted = new ArrayList<>();
        for (RecordedError e : entries) {
            if (e.suppression == null) {
                sorted.add(e);
            }
        }
        sorted.sort((a, b) -> a.count != b.count ? Long.compare(a.count, b.count) : Long.compare(b.lastHit, a.lastHit));
        return sorted;
    }

    private void lessDetail() {
        out.note(List.of("", "More than " + DETAILED + " errors detected.  Subsequent errors",
                "will still be recorded, but in less detail than before."));
        frames = COARSE_FRAMES;
        Map<ErrorKey, RecordedError> coarse = new HashMap<>();
        List<RecordedError> latestFirst = new ArrayList<>(entries);
        latestFirst.sort((a, b) -> Long.compare(b.lastHit, a.lastHit));
        for (RecordedError entry : latestFirst) {
            coarse.putIfAbsent(new ErrorKey(entry.error, frames), entry);
        }
        known = coarse;
    }

    private void stop() {
        stopped = true;
        out.note(List.of("", contexts >= MOST_SHOWN
                ? "More than " + MOST_SHOWN + " different errors detected.  I'm not reporting any more."
                : "More than " + MOST_FOUND + " total errors detected.  I'm not reporting any more.",
                "Final error counts will be inaccurate.  Go fix your program!",
                "Rerun with --error-limit=no to disable this cutoff.  Note",
                "that errors may occur in your program without prior warning from",
                "Muninn, because errors are no longer being displayed.", ""));
    }
}
