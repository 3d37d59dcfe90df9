// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Kernel;

/** The client's fixed regions, mapped once into the test's own process, so that system Java runs as it does in the client. */
final class HostedRegions {
    private static final int MMAP = 9;
    private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final int FIXED_NOREPLACE = 0x10_0000;
    private static boolean ready;

    private HostedRegions() {}

    static synchronized void map() {
        if (ready) {
            return;
        }
        fixed(AddressMap.TABLES_BASE, AddressMap.TABLES_SIZE);
        fixed(AddressMap.MAILBOX_BASE, AddressMap.MAILBOX_SIZE);
        Shadow.setBase(anywhere(AddressMap.SHADOW_SIZE));
        ready = true;
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
