// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What {@code /proc/pid/pagemap} tells of a mapping (Documentation/admin-guide/mm/pagemap.rst). */
public final class PageMap {
    private static final int ENTRY = 8;
    private static final int PAGE_BITS = 12;
    private static final long PRESENT_OR_SWAPPED = 3L << 62;
    private static final long OF_FILE = 1L << 61;

    private PageMap() {}

    /** Whether a private mapping of a file has pages that the process has changed; {@code false} where nothing can be learnt. */
    public static boolean isModified(int pid, Mapping mapping) {
        if (mapping.inode() == 0 || mapping.shared()) {
            return false;
        }
        long fd = Syscall.open("/proc/".concat(Integer.toString(pid)).concat("/pagemap"), 0, 0);
        if (fd < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            long size = (mapping.end() - mapping.start() >> PAGE_BITS) * ENTRY;
            MemorySegment entries = arena.allocate(size, ENTRY);
            long got = Syscall.call(Syscall.PREAD64, fd, entries.address(), size, (mapping.start() >> PAGE_BITS) * ENTRY);
            for (long at = 0; at + ENTRY <= got; at += ENTRY) {
                long entry = entries.get(ValueLayout.JAVA_LONG, at);
                if ((entry & PRESENT_OR_SWAPPED) != 0 && (entry & OF_FILE) == 0) {
                    return true;
                }
            }
            return false;
        } finally {
            Syscall.close((int) fd);
        }
    }
}
