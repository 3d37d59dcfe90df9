// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Call stacks, each kept once: a number stands for a list of client pcs. */
@SystemCode("runs inside the client")
public final class StackContexts {
    private static final int HEADER = 16;
    private static final long USED = HeapTables.CONTEXT_DATA;

    private StackContexts() {}

    /**
     * The number of the context with these {@code count} pcs; it is offset / 8 in {@link HeapTables#CONTEXT_DATA}. Safe without a
     * lock: a context is complete before it can be found, and one stored twice by two threads at once is merely two.
     */
    public static int intern(long pcs, int count) {
        long h = count;
        for (int i = 0; i < count; i++) {
            h = (h ^ Ptr.getLong(pcs + 8L * i)) * 0x9e3779b97f4a7c15L;
            h ^= h >>> 29;
        }
        int hash = (int) (h >>> 32);
        long bucket = HeapTables.CONTEXTS + 4L * (hash >>> 14);
        int first = Ptr.getIntAcquire(bucket);
        int c = first;
        while (c != 0) {
            if (same(c, hash, pcs, count)) {
                return c;
            }
            c = Ptr.getInt(HeapTables.CONTEXT_DATA + 8L * c);
        }
        long offset = Ptr.getAndAddLong(USED, HEADER + 8L * count) + 64;
        long at = HeapTables.CONTEXT_DATA + offset;
        Ptr.putInt(at + 4, hash);
        Ptr.putInt(at + 8, count);
        for (int i = 0; i < count; i++) {
            Ptr.putLong(at + HEADER + 8L * i, Ptr.getLong(pcs + 8L * i));
        }
        int number = (int) (offset >>> 3);
        do {
            first = Ptr.getIntAcquire(bucket);
            Ptr.putInt(at, first);
        } while (!Ptr.compareAndSwapInt(bucket, first, number));
        return number;
    }

    private static boolean same(int c, int hash, long pcs, int count) {
        long at = HeapTables.CONTEXT_DATA + 8L * c;
        if (Ptr.getInt(at + 4) != hash || Ptr.getInt(at + 8) != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (Ptr.getLong(at + HEADER + 8L * i) != Ptr.getLong(pcs + 8L * i)) {
                return false;
            }
        }
        return true;
    }
}
