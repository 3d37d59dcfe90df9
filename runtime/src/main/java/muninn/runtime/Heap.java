// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * The allocator that replaces the client's: red zones around every block, freed blocks kept out of use for a while, and all its
 * knowledge out of line ({@link HeapTables}), so that a client that overruns its blocks cannot confuse it.
 *
 * <p>Blocks up to 128 KiB come from size classes carved out of superblocks; a slot belongs to its chunk record for ever. Larger ones
 * are mappings of their own. One lock; it is never held across a message to the controller, nor while a large block is painted.
 *
 * <p>Freed blocks wait in two queues, big and small. As in Valgrind, the volume is brought back under its limit only by the next
 * allocation, big blocks leave first, each queue oldest first, and a block that alone exceeds the limit is the next to leave.
 */
@SystemCode("runs inside the client")
public final class Heap {
    private static final int SYS_MMAP = 9;
    private static final int SYS_MUNMAP = 11;
    private static final int SYS_SCHED_YIELD = 24;
    private static final long SUPERBLOCK = 1 << 20;
    private static final long LARGE = 128 << 10;
    /** Blocks from this size on are painted without the lock. */
    private static final long PAINT_UNLOCKED = 4096;
    private static final int CLASSES = 128;
    private static final int CLASS_LARGE = CLASSES;

    static long redZone = 16;
    /** --freelist-vol and --freelist-big-blocks, in bytes. */
    static long quarantineLimit = 20_000_000;
    static long bigBlock = 1_000_000;
    /** --malloc-fill and --free-fill: a byte value, or -1 to leave the contents alone. */
    static int mallocFill = -1;
    static int freeFill = -1;

    /** Non-zero: the contents of new blocks are undefined; else nobody asks for definedness. */
    static int undefinedContents;

    static int chunks;
    static long superblock;
    static long superblockEnd;
    static int quarantineHead;
    static int quarantineTail;
    static int bigHead;
    static int bigTail;
    static long quarantineBytes;
    /** What HEAP SUMMARY shows. */
    static long allocations;
    static long frees;
    static long allocatedBytes;
    /** Free lists: first chunk of each class, ints at the end of the hash region. */
    private static final long FREE_LISTS = HeapTables.CONTEXTS + 4L * HeapTables.CONTEXTS_SIZE;

    /** The lock word, behind the free lists: the controller clears it in the child of a fork. */
    public static final long LOCK_ADDRESS = FREE_LISTS + 4L * (CLASSES + 1);

    private Heap() {}

    static void lock() {
        int tries = 0;
        while (!Ptr.compareAndSwapInt(LOCK_ADDRESS, 0, 1)) {
            tries++;
            if (tries < 100) {
                Ptr.pause();
            } else {
                Kernel.call(SYS_SCHED_YIELD);
            }
        }
    }

    static void unlock() {
        Ptr.putIntRelease(LOCK_ADDRESS, 0);
    }

    static long chunk(int index) {
        return HeapTables.CHUNKS + (long) index * HeapTables.CHUNK_SIZE;
    }

    /** 16-byte steps up to 1 KiB, then four steps for each doubling. */
    static int sizeClass(long raw) {
        if (raw <= 1024) {
            return (int) (raw + 15 >>> 4) - 1;
        }
        int log = 63 - Long.numberOfLeadingZeros(raw - 1);
        int step = (int) (raw - 1 >>> log - 2) & 3;
        return 64 + (log - 10) * 4 + step;
    }

    static long classBytes(int sizeClass) {
        if (sizeClass < 64) {
            return (sizeClass + 1L) << 4;
        }
        int log = 10 + (sizeClass - 64 >>> 2);
        int step = sizeClass - 64 & 3;
        return (1L << log) + ((step + 1L) << log - 2);
    }

    private static long bucket(long address) {
        long h = (address >>> 4) * 0x9e3779b97f4a7c15L;
        return HeapTables.HASH + 4 * (h >>> 44);
    }

    /** The live block of no pool that starts at {@code address}; 0 if there is none. Needs the lock. */
    static int find(long address) {
        int c = Ptr.getInt(bucket(address));
        while (c != 0 && (Ptr.getLong(chunk(c) + HeapTables.CHUNK_ADDRESS) != address
                || Ptr.getInt(chunk(c) + HeapTables.CHUNK_KIND) >= HeapTables.KIND_POOL
                || Ptr.getInt(chunk(c) + HeapTables.CHUNK_STATE) != HeapTables.STATE_LIVE)) {
            c = Ptr.getInt(chunk(c) + HeapTables.CHUNK_NEXT);
        }
        return c;
    }

    /** The live chunk of a pool that starts at {@code address}; 0 if there is none. Needs the lock. */
    static int findInPool(long address, int pool) {
        int c = Ptr.getInt(bucket(address));
        while (c != 0 && (Ptr.getLong(chunk(c) + HeapTables.CHUNK_ADDRESS) != address
                || Ptr.getInt(chunk(c) + HeapTables.CHUNK_KIND) < HeapTables.KIND_POOL
                || Ptr.getInt(chunk(c) + HeapTables.CHUNK_STATE) != HeapTables.STATE_LIVE
                || Ptr.getInt(chunk(c) + HeapTables.CHUNK_POOL) != pool)) {
            c = Ptr.getInt(chunk(c) + HeapTables.CHUNK_NEXT);
        }
        return c;
    }

    private static void insert(int c, long address) {
        long b = bucket(address);
        Ptr.putInt(chunk(c) + HeapTables.CHUNK_NEXT, Ptr.getInt(b));
        Ptr.putInt(b, c);
    }

    private static void remove(int c) {
        long at = bucket(Ptr.getLong(chunk(c) + HeapTables.CHUNK_ADDRESS));
        while (Ptr.getInt(at) != c) {
            at = chunk(Ptr.getInt(at)) + HeapTables.CHUNK_NEXT;
        }
        Ptr.putInt(at, Ptr.getInt(chunk(c) + HeapTables.CHUNK_NEXT));
    }

    /** Memory from the kernel, zeroed; 0 if there is none. */
    private static long map(long bytes) {
        long at = Kernel.call(SYS_MMAP, 0, bytes, 3, 0x22, -1, 0);
        return at < 0 ? 0 : at;
    }

    /** A slot of the class, with its chunk record; 0 if memory is exhausted. Needs the lock. */
    private static int slot(int sizeClass, long raw) {
        int c;
        if (sizeClass < CLASS_LARGE) {
            long list = FREE_LISTS + 4L * sizeClass;
            c = Ptr.getInt(list);
            if (c != 0) {
                Ptr.putInt(list, Ptr.getInt(chunk(c) + HeapTables.CHUNK_QUEUE));
                return c;
            }
            if (superblock + raw > superblockEnd) {
                long at = map(SUPERBLOCK);
                if (at == 0) {
                    return 0;
                }
                Shadow.setNoAccess(at, SUPERBLOCK);
                superblock = at;
                superblockEnd = at + SUPERBLOCK;
            }
            c = newChunk();
            Ptr.putLong(chunk(c) + HeapTables.CHUNK_BASE, superblock);
            superblock += raw;
        } else {
            long at = map(raw);
            if (at == 0) {
                return 0;
            }
            c = newChunk();
            Ptr.putLong(chunk(c) + HeapTables.CHUNK_BASE, at);
        }
        Ptr.putLong(chunk(c) + HeapTables.CHUNK_RAW, raw);
        Ptr.putInt(chunk(c) + HeapTables.CHUNK_CLASS, sizeClass);
        return c;
    }

    private static int newChunk() {
        long list = FREE_LISTS + 4L * CLASS_LARGE;
        int c = Ptr.getInt(list);
        if (c != 0) {
            Ptr.putInt(list, Ptr.getInt(chunk(c) + HeapTables.CHUNK_QUEUE));
            return c;
        }
        chunks++;
        return chunks;
    }

    /** Allocates; 0 if there is no memory. {@code alignment} is a power of two. */
    public static long allocate(long bytes, long alignment, int kind, int context) {
        long slack = alignment > 16 ? alignment : 0;
        long raw = redZone + slack + bytes + redZone + 15 & -16;
        if (bytes < 0 || raw < bytes) {
            return 0;
        }
        int sizeClass = CLASS_LARGE;
        if (raw <= LARGE) {
            sizeClass = sizeClass(raw);
            raw = classBytes(sizeClass);
        } else {
            raw = raw + 4095 & -4096;
        }
        lock();
        while (quarantineBytes > quarantineLimit) {
            reuse();
        }
        int c = slot(sizeClass, raw);
        if (c == 0) {
            unlock();
            return 0;
        }
        long record = chunk(c);
        long slotBase = Ptr.getLong(record + HeapTables.CHUNK_BASE);
        long address = slotBase + redZone;
        if (slack != 0) {
            address = address + alignment - 1 & -alignment;
        }
        begin(c, address, bytes, kind, context);
        unlock();
        if (sizeClass == CLASS_LARGE) {
            // A slot of a superblock is inaccessible as a whole already; of a large mapping only the ends are painted.
            Shadow.setNoAccess(slotBase, address - slotBase);
            Shadow.setNoAccess(address + bytes, slotBase + raw - address - bytes);
        }
        Shadow.paint(address, bytes, undefinedContents == 0 ? Shadow.DEFINED : Shadow.UNDEFINED);
        if (mallocFill >= 0) {
            Ptr.fill(address, mallocFill, bytes);
        }
        return address;
    }

    /** Enters a block of another allocator; returns its chunk. Needs the lock. */
    static int adopt(long address, long bytes, long redZoneBytes, int kind, int context) {
        int c = newChunk();
        long record = chunk(c);
        Ptr.putLong(record + HeapTables.CHUNK_BASE, redZoneBytes);
        Ptr.putLong(record + HeapTables.CHUNK_RAW, 0);
        Ptr.putInt(record + HeapTables.CHUNK_CLASS, CLASS_LARGE);
        begin(c, address, bytes, kind, context);
        return c;
    }

    /** A block's life begins. Needs the lock. */
    private static void begin(int c, long address, long bytes, int kind, int context) {
        long record = chunk(c);
        Ptr.putLong(record + HeapTables.CHUNK_ADDRESS, address);
        Ptr.putLong(record + HeapTables.CHUNK_BYTES, bytes);
        Ptr.putInt(record + HeapTables.CHUNK_KIND, kind);
        Ptr.putInt(record + HeapTables.CHUNK_ALLOCATED_BY, context);
        Ptr.putInt(record + HeapTables.CHUNK_FREED_BY, 0);
        Ptr.putInt(record + HeapTables.CHUNK_STATE, HeapTables.STATE_LIVE);
        insert(c, address);
        allocations++;
        allocatedBytes += bytes;
    }

    /** An adopted block has moved or has another size. Needs the lock. */
    static void place(int c, long address, long bytes) {
        remove(c);
        Ptr.putLong(chunk(c) + HeapTables.CHUNK_ADDRESS, address);
        Ptr.putLong(chunk(c) + HeapTables.CHUNK_BYTES, bytes);
        insert(c, address);
    }

    /** An adopted block is freed, and remembered for a while. Needs the lock. */
    static void quarantine(int c, int context) {
        end(c, context);
        enqueue(c, Ptr.getLong(chunk(c) + HeapTables.CHUNK_BYTES));
    }

    private static void end(int c, int context) {
        Ptr.putInt(chunk(c) + HeapTables.CHUNK_STATE, HeapTables.STATE_QUARANTINED);
        Ptr.putInt(chunk(c) + HeapTables.CHUNK_FREED_BY, context);
    }

    /** An adopted block is not known any more. Needs the lock. */
    static void forget(int c) {
        remove(c);
        putFree(c, CLASS_LARGE);
    }

    /** The record, and its slot if it has one, may be used again. */
    private static void putFree(int c, int sizeClass) {
        long list = FREE_LISTS + 4L * sizeClass;
        Ptr.putInt(chunk(c) + HeapTables.CHUNK_STATE, HeapTables.STATE_FREE);
        Ptr.putInt(chunk(c) + HeapTables.CHUNK_QUEUE, Ptr.getInt(list));
        Ptr.putInt(list, c);
    }

    /** Frees the single blocks of other allocators inside the range. Needs the lock. */
    static void releaseInside(long address, long bytes, int context) {
        for (int c = 1; c <= chunks; c++) {
            long at = Ptr.getLong(chunk(c) + HeapTables.CHUNK_ADDRESS);
            if (Ptr.getInt(chunk(c) + HeapTables.CHUNK_KIND) == HeapTables.KIND_CUSTOM
                    && Ptr.getInt(chunk(c) + HeapTables.CHUNK_STATE) == HeapTables.STATE_LIVE && at >= address && at < address + bytes) {
                frees++;
                quarantine(c, context);
            }
        }
    }

    /** Size of the live block at {@code address}, or -1. */
    public static long size(long address) {
        lock();
        int c = find(address);
        long bytes = -1;
        if (c != 0) {
            bytes = Ptr.getLong(chunk(c) + HeapTables.CHUNK_BYTES);
        }
        unlock();
        return bytes;
    }

    /** KIND_ value of the live block that starts at {@code address}, or -1. */
    public static int family(long address) {
        lock();
        int c = find(address);
        int kind = -1;
        if (c != 0) {
            kind = Ptr.getInt(chunk(c) + HeapTables.CHUNK_KIND);
        }
        unlock();
        return kind;
    }

    /** Frees the block at {@code address}; false if no live block starts there. The attempt counts as a free either way. */
    public static boolean release(long address, int context) {
        lock();
        frees++;
        int c = find(address);
        if (c == 0) {
            unlock();
            return false;
        }
        long record = chunk(c);
        long bytes = Ptr.getLong(record + HeapTables.CHUNK_BYTES);
        end(c, context);
        if (Ptr.getInt(record + HeapTables.CHUNK_KIND) == HeapTables.KIND_CUSTOM) {
            long zone = Ptr.getLong(record + HeapTables.CHUNK_BASE);
            Shadow.setNoAccess(address - zone, bytes + 2 * zone);
        } else if (bytes < PAINT_UNLOCKED && freeFill < 0) {
            Shadow.setNoAccess(address, bytes);
        } else {
            // Ours alone now: no longer live, and not in a queue yet.
            unlock();
            Shadow.setNoAccess(address, bytes);
            if (freeFill >= 0) {
                Ptr.fill(address, freeFill, bytes);
            }
            lock();
        }
        enqueue(c, bytes);
        unlock();
        return true;
    }

    /** Counts a reallocation of something that is no block as Valgrind does: one allocation and one free. */
    static void countRefusedReallocation(long bytes) {
        lock();
        allocations++;
        frees++;
        allocatedBytes += bytes;
        unlock();
    }

    /** Puts a freed block into quarantine. Needs the lock. */
    private static void enqueue(int c, long bytes) {
        quarantineBytes += bytes;
        if (bytes < bigBlock) {
            Ptr.putInt(chunk(c) + HeapTables.CHUNK_QUEUE, 0);
            if (quarantineHead == 0) {
                quarantineHead = c;
            } else {
                Ptr.putInt(chunk(quarantineTail) + HeapTables.CHUNK_QUEUE, c);
            }
            quarantineTail = c;
        } else if (bigHead == 0 || bytes >= quarantineLimit) {
            Ptr.putInt(chunk(c) + HeapTables.CHUNK_QUEUE, bigHead);
            if (bigHead == 0) {
                bigTail = c;
            }
            bigHead = c;
        } else {
            Ptr.putInt(chunk(c) + HeapTables.CHUNK_QUEUE, 0);
            Ptr.putInt(chunk(bigTail) + HeapTables.CHUNK_QUEUE, c);
            bigTail = c;
        }
    }

    /** Lets the next block out of quarantine, which is not empty. Needs the lock. */
    private static void reuse() {
        int c = bigHead;
        if (c != 0) {
            bigHead = Ptr.getInt(chunk(c) + HeapTables.CHUNK_QUEUE);
        } else {
            c = quarantineHead;
            quarantineHead = Ptr.getInt(chunk(c) + HeapTables.CHUNK_QUEUE);
        }
        long record = chunk(c);
        quarantineBytes -= Ptr.getLong(record + HeapTables.CHUNK_BYTES);
        remove(c);
        int sizeClass = Ptr.getInt(record + HeapTables.CHUNK_CLASS);
        if (sizeClass == CLASS_LARGE && Ptr.getInt(record + HeapTables.CHUNK_KIND) < HeapTables.KIND_CUSTOM) {
            long base = Ptr.getLong(record + HeapTables.CHUNK_BASE);
            long raw = Ptr.getLong(record + HeapTables.CHUNK_RAW);
            Shadow.setDefined(base, raw);
            Kernel.call(SYS_MUNMAP, base, raw);
        }
        putFree(c, sizeClass);
    }
}
