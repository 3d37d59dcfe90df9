// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    private static final class Entry {
        final MemoryError error;
        final AddressDescription where;
        long count = 1;
        long lastHit;

        Entry(MemoryError error, AddressDescription where) {
            this.error = error;
            this.where = where;
        }
    }

    private final TextOutput out;
    private final ErrorText text;
    private final AddressSources sources;
    private final boolean limited;
    private final List<Entry> entries = new ArrayList<>();
    private Map<ErrorKey, Entry> known = new HashMap<>();
    private int frames = DETAILED_FRAMES;
    private int lastThread = 1;
    private long clock;
    private long found;
    private long contexts;
    private boolean stopped;

    ErrorLog(TextOutput out, ErrorText text, AddressSources sources, MemcheckOptions options) {
        this.out = out;
        this.text = text;
        this.sources = sources;
        this.limited = options.errorLimit();
    }

    /** Number of errors counted so far. */
    long found() {
        return found;
    }

    long contexts() {
        return contexts;
    }

    /** Counts an error and prints it when it is new; the caller flushes. */
    void record(MemoryError error) {
        if (stopped) {
            return;
        }
        if (limited && (entries.size() >= MOST_SHOWN || found >= MOST_FOUND)) {
            stop();
            return;
        }
        if (frames == DETAILED_FRAMES && entries.size() >= DETAILED) {
            lessDetail();
        }
        found++;
        ErrorKey key = new ErrorKey(error, frames);
        Entry entry = known.get(key);
        if (entry != null) {
            entry.count++;
            entry.lastHit = ++clock;
            return;
        }
        entry = new Entry(error, ErrorText.hasAddress(error) ? sources.describe(ErrorText.address(error)) : null);
        entry.lastHit = ++clock;
        entries.add(entry);
        known.put(key, entry);
        contexts++;
        show(entry);
        out.blank();
    }

    /** Counts an error that is never compared with others (a leak). */
    void countUnique() {
        found++;
        contexts++;
    }

    /** Names the thread when it is not the one named last. */
    void announceThread(int tid) {
        if (tid > 0 && tid != lastThread) {
            out.line("Thread " + tid + ":");
            lastThread = tid;
        }
    }

    /** All recorded errors, rare ones first; of equally frequent ones the latest comes first. */
    void list() {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort((a, b) -> a.count != b.count ? Long.compare(a.count, b.count) : Long.compare(b.lastHit, a.lastHit));
        for (int i = 0; i < sorted.size(); i++) {
            Entry entry = sorted.get(i);
            out.blank();
            out.line(entry.count + " errors in context " + (i + 1) + " of " + contexts + ":");
            show(entry);
            out.blank();
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    private void show(Entry entry) {
        announceThread(entry.error.tid());
        text.print(entry.error, entry.where);
    }

    private void lessDetail() {
        out.blank();
        out.line("More than " + DETAILED + " errors detected.  Subsequent errors");
        out.line("will still be recorded, but in less detail than before.");
        frames = COARSE_FRAMES;
        Map<ErrorKey, Entry> coarse = new HashMap<>();
        List<Entry> latestFirst = new ArrayList<>(entries);
        latestFirst.sort((a, b) -> Long.compare(b.lastHit, a.lastHit));
        for (Entry entry : latestFirst) {
            coarse.putIfAbsent(new ErrorKey(entry.error, frames), entry);
        }
        known = coarse;
    }

    private void stop() {
        stopped = true;
        out.blank();
        if (entries.size() >= MOST_SHOWN) {
            out.line("More than " + MOST_SHOWN + " different errors detected.  I'm not reporting any more.");
        } else {
            out.line("More than " + MOST_FOUND + " total errors detected.  I'm not reporting any more.");
        }
        out.line("Final error counts will be inaccurate.  Go fix your program!");
        out.line("Rerun with --error-limit=no to disable this cutoff.  Note");
        out.line("that errors may occur in your program without prior warning from");
        out.line("Muninn, because errors are no longer being displayed.");
        out.blank();
    }
}
