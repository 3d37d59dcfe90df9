// SPDX-License-Identifier: MIT
package muninn.runtime;

/**
 * Where the allocator keeps what it knows, out of line and out of the client's reach. The controller reads the same tables
 * when it reports. All offsets are bytes; indexes start at 1, 0 ends a list.
 *
 * <pre>
 * HASH      int[2^20]      first chunk by address
 * CHUNKS    64 bytes each  see CHUNK_
 * CONTEXTS  int[2^18]      first context by hash, as offset / 8 in CONTEXT_DATA
 * POOLS     int[2^14]      first pool by handle, then pools, see Pools
 * CONTEXT_DATA             {int next, int hash, int count, int 0, long pc[count]}...
 * </pre>
 */
public final class HeapTables {
    public static final long HASH = AddressMap.TABLES_BASE;
    public static final int HASH_SIZE = 1 << 20;
    public static final long CONTEXTS = HASH + 4L * HASH_SIZE;
    public static final int CONTEXTS_SIZE = 1 << 18;
    static final long POOLS = AddressMap.TABLES_BASE + 0x800_0000L;
    public static final long CONTEXT_DATA = AddressMap.TABLES_BASE + 0x1_0000_0000L;
    public static final long CONTEXT_DATA_SIZE = 0x1_0000_0000L;
    public static final long CHUNKS = AddressMap.TABLES_BASE + 0x10_0000_0000L;
    public static final int CHUNK_SIZE = 64;

    /** Client address of the payload, its size. */
    public static final int CHUNK_ADDRESS = 0;
    public static final int CHUNK_BYTES = 8;
    /** int: STATE_ value; int: kind of allocation. */
    public static final int CHUNK_STATE = 16;
    public static final int CHUNK_KIND = 20;
    /** ints: contexts of allocation and of release. */
    public static final int CHUNK_ALLOCATED_BY = 24;
    public static final int CHUNK_FREED_BY = 28;
    /**
     * First byte and length of the memory it lies in; for blocks of the program's own allocators the red zone, and two ints, the pool and
     * the previous chunk of the pool.
     */
    public static final int CHUNK_BASE = 32;
    public static final int CHUNK_RAW = 40;
    public static final int CHUNK_POOL = 40;
    public static final int CHUNK_PREVIOUS = 44;
    /** ints: next in the hash chain, next in the free list, quarantine or pool, size class. */
    public static final int CHUNK_NEXT = 48;
    public static final int CHUNK_QUEUE = 52;
    public static final int CHUNK_CLASS = 56;

    public static final int STATE_FREE = 0;
    public static final int STATE_LIVE = 1;
    public static final int STATE_QUARANTINED = 2;

    public static final int KIND_MALLOC = 0;
    public static final int KIND_NEW = 1;
    public static final int KIND_NEW_ARRAY = 2;
    /** Blocks of the program's own allocators: single ones, those of pools, those of pools whose pieces are handed out once more. */
    public static final int KIND_CUSTOM = 3;
    public static final int KIND_POOL = 4;
    public static final int KIND_META = 5;

    private HeapTables() {}
}
