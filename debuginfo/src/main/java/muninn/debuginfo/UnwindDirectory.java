// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import muninn.runtime.UnwindWalk;

/**
 * The controller's side of the unwind region: places tables and keeps the sorted directory of modules that
 * {@link UnwindWalk} reads. The version word is odd while the directory changes. A table is written once and never
 * moved or reused for something else, so a reader that looked just before a change reads an old but whole table.
 */
public final class UnwindDirectory {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    /** Modules the directory has room for; tables begin behind it. */
    private static final int MOST_MODULES = 4096;
    private static final long TABLES = UnwindWalk.HEADER + (long) MOST_MODULES * UnwindWalk.MODULE;

    private final MemorySegment region;
    private final long clientBase;
    private final Map<String, long[]> placed = new HashMap<>();
    private long[][] modules = {};
    private long free = TABLES + 63 & -64L;

    /** The region as the controller sees it, and the address at which clients see its first byte. */
    public UnwindDirectory(MemorySegment region, long clientBase) {
        this.region = region;
        this.clientBase = clientBase;
    }

    /**
     * Adds a module mapped at {@code [start, end)}, where {@code start} is where the file's lowest address lies. The key
     * says which file it is (path and identity): a table with the same key is not written twice. False when there is
     * no room left or the range overlaps a module that is known already.
     */
    public synchronized boolean add(long start, long end, String key, int[] table) {
        int at = 0;
        while (at < modules.length && modules[at][0] < start) {
            at++;
        }
        boolean overlaps = at > 0 && modules[at - 1][1] > start || at < modules.length && modules[at][0] < end;
        if (overlaps || modules.length == MOST_MODULES || start >= end) {
            return false;
        }
        long[] place = placed.get(key);
        if (place == null) {
            if (4L * table.length > region.byteSize() - free) {
                return false;
            }
            MemorySegment.copy(table, 0, region, ValueLayout.JAVA_INT, free, table.length);
            place = new long[] {clientBase + free, table.length / 2};
            free = free + 4L * table.length + 63 & -64L;
            placed.put(key, place);
        }
        long[][] more = new long[modules.length + 1][];
        System.arraycopy(modules, 0, more, 0, at);
        more[at] = new long[] {start, end, place[0], place[1]};
        System.arraycopy(modules, at, more, at + 1, modules.length - at);
        modules = more;
        publish();
        return true;
    }

    /** Removes every module that overlaps the range: something was unmapped there. */
    public synchronized void remove(long start, long end) {
        long[][] left = new long[modules.length][];
        int count = 0;
        for (long[] module : modules) {
            if (module[1] <= start || module[0] >= end) {
                left[count++] = module;
            }
        }
        if (count != modules.length) {
            modules = Arrays.copyOf(left, count);
            publish();
        }
    }

    private void publish() {
        long version = region.get(LONG, 0);
        region.set(LONG, 0, version + 1);
        VarHandle.fullFence();
        region.set(LONG, 8, modules.length);
        for (int i = 0; i < modules.length; i++) {
            MemorySegment.copy(modules[i], 0, region, LONG, UnwindWalk.HEADER + (long) i * UnwindWalk.MODULE, 4);
        }
        VarHandle.fullFence();
        region.set(LONG, 0, version + 2);
    }
}
