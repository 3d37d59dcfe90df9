// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Kernel;

/** The client's fixed regions, mapped once into the test's own process, so that system Java runs as it does in the client. */
final class HostedRegions {
    private static final int MMAP = 9;
    private static final int MADVISE = 28;
    private static final int DONTNEED = 4;
    private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final int FIXED_NOREPLACE = 0x10_0000;
    private static boolean ready;

    private HostedRegions() {}

    /** Maps the regions, and empties heap and contexts: blocks of earlier tests are forgotten, their memory stays. */
    static synchronized void map() {
        if (ready) {
            forget();
            return;
        }
        fixed(AddressMap.TABLES_BASE, AddressMap.TABLES_SIZE);
        fixed(AddressMap.MAILBOX_BASE, AddressMap.MAILBOX_SIZE);
        Shadow.setBase(anywhere(AddressMap.SHADOW_SIZE));
        ready = true;
    }

    private static void forget() {
        Kernel.call(MADVISE, AddressMap.TABLES_BASE, AddressMap.TABLES_SIZE, DONTNEED);
        Heap.chunks = 0;
        Heap.superblock = 0;
        Heap.superblockEnd = 0;
        Heap.quarantineHead = 0;
        Heap.quarantineTail = 0;
        Heap.bigHead = 0;
        Heap.bigTail = 0;
        Heap.quarantineBytes = 0;
    }

    /** Zeroed memory that is never given back. */
    static long anywhere(long bytes) {
        long at = Kernel.call(MMAP, 0, bytes, 3, PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
        if (at < 0) {
            throw new IllegalStateException("mmap of " + bytes + " bytes: " + at);
        }
        return at;
    }

    private static void fixed(long address, long bytes) {
        long at = Kernel.call(MMAP, address, bytes, 3, PRIVATE_ANONYMOUS_NORESERVE | FIXED_NOREPLACE, -1, 0);
        if (at != address) {
            throw new IllegalStateException("mmap at 0x" + Long.toHexString(address) + ": " + at);
        }
    }
}
