// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Memory pools and single blocks of allocators of the program's own, as its client requests describe them. Their chunks stand in the
 * same tables as those of {@link Heap}; what they describe is memory that the program has got elsewhere, perhaps inside a block of ours.
 *
 * <p>A pool is known by an address, its handle, and keeps a list of its chunks. All functions say whether handle and chunk were found.
 */
@SystemCode("called from ClientRequests")
final class Pools {
    static final int FOUND = 0;
    static final int NO_POOL = 1;
    static final int NO_CHUNK = 2;

    static final int AUTO_FREE = 1;
    static final int META = 2;
    private static final int ZEROED = 4;

    private static final int BUCKETS = 1 << 14;
    private static final long RECORD = 32;
    /** Fields of a pool: handle, red zone; ints: flags, first chunk, next pool of its bucket or of the free ones. */
    private static final int HANDLE = 0;
    private static final int RED_ZONE = 8;
    private static final int FLAGS = 16;
    private static final int FIRST = 20;
    private static final int NEXT = 24;

    static int pools;
    static int freePools;

    private Pools() {}

    private static long record(int pool) {
        return HeapTables.POOLS + 4L * BUCKETS + RECORD * pool;
    }

    private static long bucket(long handle) {
        return HeapTables.POOLS + 4 * (handle * 0x9e37_79b9_7f4a_7c15L >>> 50);
    }

    private static int find(long handle) {
        int p = Ptr.getInt(bucket(handle));
        while (p != 0 && Ptr.getLong(record(p) + HANDLE) != handle) {
            p = Ptr.getInt(record(p) + NEXT);
        }
        return p;
    }

    private static void enter(int pool, long handle) {
        Ptr.putLong(record(pool) + HANDLE, handle);
        Ptr.putInt(record(pool) + NEXT, Ptr.getInt(bucket(handle)));
        Ptr.putInt(bucket(handle), pool);
    }

    private static void leave(int pool) {
        long at = bucket(Ptr.getLong(record(pool) + HANDLE));
        while (Ptr.getInt(at) != pool) {
            at = record(Ptr.getInt(at)) + NEXT;
        }
        Ptr.putInt(at, Ptr.getInt(record(pool) + NEXT));
    }

    static void create(long handle, long redZone, boolean zeroed, int flags) {
        destroy(handle);
        Heap.lock();
        int p = freePools;
        if (p != 0) {
            freePools = Ptr.getInt(record(p) + NEXT);
        } else {
            pools++;
            p = pools;
        }
        Ptr.putLong(record(p) + RED_ZONE, redZone);
        Ptr.putInt(record(p) + FLAGS, flags & (AUTO_FREE | META) | (zeroed ? ZEROED : 0));
        Ptr.putInt(record(p) + FIRST, 0);
        enter(p, handle);
        Heap.unlock();
    }

    static int destroy(long handle) {
        Heap.lock();
        int p = find(handle);
        if (p == 0) {
            Heap.unlock();
            return NO_POOL;
        }
        int c = Ptr.getInt(record(p) + FIRST);
        while (c != 0) {
            int next = Ptr.getInt(Heap.chunk(c) + HeapTables.CHUNK_QUEUE);
            inaccessible(c);
            Heap.forget(c);
            c = next;
        }
        leave(p);
        Ptr.putInt(record(p) + NEXT, freePools);
        freePools = p;
        Heap.unlock();
        return FOUND;
    }

    static boolean exists(long handle) {
        Heap.lock();
        int p = find(handle);
        Heap.unlock();
        return p != 0;
    }

    static int move(long from, long to) {
        Heap.lock();
        int p = find(from);
        if (p != 0) {
            leave(p);
            enter(p, to);
        }
        Heap.unlock();
        return p == 0 ? NO_POOL : FOUND;
    }

    static int allocate(long handle, long address, long bytes, int context) {
        Heap.lock();
        int p = find(handle);
        if (p == 0) {
            Heap.unlock();
            return NO_POOL;
        }
        int flags = Ptr.getInt(record(p) + FLAGS);
        int kind = (flags & META) != 0 ? HeapTables.KIND_META : HeapTables.KIND_POOL;
        int c = Heap.adopt(address, bytes, Ptr.getLong(record(p) + RED_ZONE), kind, context);
        long chunk = Heap.chunk(c);
        int first = Ptr.getInt(record(p) + FIRST);
        Ptr.putInt(chunk + HeapTables.CHUNK_POOL, p);
        Ptr.putInt(chunk + HeapTables.CHUNK_PREVIOUS, 0);
        Ptr.putInt(chunk + HeapTables.CHUNK_QUEUE, first);
        if (first != 0) {
            Ptr.putInt(Heap.chunk(first) + HeapTables.CHUNK_PREVIOUS, c);
        }
        Ptr.putInt(record(p) + FIRST, c);
        Heap.unlock();
        Shadow.paint(address, bytes, (flags & ZEROED) != 0 || Heap.undefinedContents == 0 ? Shadow.DEFINED : Shadow.UNDEFINED);
        return FOUND;
    }

    static int free(long handle, long address, int context) {
        Heap.lock();
        int p = find(handle);
        int c = p == 0 ? 0 : Heap.findInPool(address, p);
        if (c != 0) {
            if ((Ptr.getInt(record(p) + FLAGS) & AUTO_FREE) != 0) {
                Heap.releaseInside(address, Ptr.getLong(Heap.chunk(c) + HeapTables.CHUNK_BYTES), context);
            }
            unlink(p, c);
            inaccessible(c);
            Heap.quarantine(c, context);
        }
        Heap.unlock();
        return p == 0 ? NO_POOL : c == 0 ? NO_CHUNK : FOUND;
    }

    /** Frees what lies outside of the range, and cuts what lies across its ends. */
    static int trim(long handle, long address, long bytes, int context) {
        Heap.lock();
        int p = find(handle);
        int c = p == 0 ? 0 : Ptr.getInt(record(p) + FIRST);
        while (c != 0) {
            long chunk = Heap.chunk(c);
            int next = Ptr.getInt(chunk + HeapTables.CHUNK_QUEUE);
            long start = Ptr.getLong(chunk + HeapTables.CHUNK_ADDRESS);
            long end = start + Ptr.getLong(chunk + HeapTables.CHUNK_BYTES);
            if (end <= address || start >= address + bytes) {
                unlink(p, c);
                inaccessible(c);
                Heap.quarantine(c, context);
            } else if (start < address || end > address + bytes) {
                long low = Math.max(start, address);
                long high = Math.min(end, address + bytes);
                Shadow.setNoAccess(start, low - start);
                Shadow.setNoAccess(high, end - high);
                Heap.place(c, low, high - low);
            }
            c = next;
        }
        Heap.unlock();
        return p == 0 ? NO_POOL : FOUND;
    }

    static int change(long handle, long from, long to, long bytes) {
        Heap.lock();
        int p = find(handle);
        int c = p == 0 ? 0 : Heap.findInPool(from, p);
        if (c != 0) {
            Heap.place(c, to, bytes);
        }
        Heap.unlock();
        return p == 0 ? NO_POOL : c == 0 ? NO_CHUNK : FOUND;
    }

    private static void unlink(int pool, int c) {
        int next = Ptr.getInt(Heap.chunk(c) + HeapTables.CHUNK_QUEUE);
        int previous = Ptr.getInt(Heap.chunk(c) + HeapTables.CHUNK_PREVIOUS);
        if (previous == 0) {
            Ptr.putInt(record(pool) + FIRST, next);
        } else {
            Ptr.putInt(Heap.chunk(previous) + HeapTables.CHUNK_QUEUE, next);
        }
        if (next != 0) {
            Ptr.putInt(Heap.chunk(next) + HeapTables.CHUNK_PREVIOUS, previous);
        }
    }

    private static void inaccessible(int c) {
        long chunk = Heap.chunk(c);
        long redZone = Ptr.getLong(chunk + HeapTables.CHUNK_BASE);
        Shadow.setNoAccess(Ptr.getLong(chunk + HeapTables.CHUNK_ADDRESS) - redZone,
                Ptr.getLong(chunk + HeapTables.CHUNK_BYTES) + 2 * redZone);
    }

    /** VALGRIND_MALLOCLIKE_BLOCK. */
    static void adopt(long address, long bytes, long redZone, boolean zeroed, int context) {
        Heap.lock();
        Heap.adopt(address, bytes, redZone, HeapTables.KIND_CUSTOM, context);
        Heap.unlock();
        Shadow.paint(address, bytes, zeroed || Heap.undefinedContents == 0 ? Shadow.DEFINED : Shadow.UNDEFINED);
        Shadow.setNoAccess(address - redZone, redZone);
        Shadow.setNoAccess(address + bytes, redZone);
    }

    /**
     * VALGRIND_RESIZEINPLACE_BLOCK.
     *
     * @return false if there is no such block of this size, or nothing would be left of it
     */
    static boolean resize(long address, long before, long bytes, long redZone) {
        Heap.lock();
        int c = Heap.find(address);
        boolean found = c != 0 && bytes != 0 && Ptr.getLong(Heap.chunk(c) + HeapTables.CHUNK_BYTES) == before;
        if (found) {
            Ptr.putLong(Heap.chunk(c) + HeapTables.CHUNK_BYTES, bytes);
        }
        Heap.unlock();
        if (found && bytes < before) {
            Shadow.setNoAccess(address + bytes, before - bytes + redZone);
        } else if (found && bytes > before) {
            Shadow.paint(address + before, bytes - before, Heap.undefinedContents == 0 ? Shadow.DEFINED : Shadow.UNDEFINED);
            Shadow.setNoAccess(address + bytes, redZone);
        }
        return found;
    }
}
