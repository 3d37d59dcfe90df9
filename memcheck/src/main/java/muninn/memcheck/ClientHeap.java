// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import muninn.engine.RuntimeStubs;
import muninn.linux.RemoteMemory;
import muninn.runtime.HeapTables;
import muninn.sysjavac.SystemImage;

/** The allocator's tables of one client, read from outside ({@link HeapTables}). */
final class ClientHeap implements AddressSources, StackSource {
    private final RemoteMemory memory;
    private final SystemImage image;

    private final long redZone;

    /** Ranks of blocks that hold an address: live ones of inner allocators, live ones, freed ones, those that are handed out in pieces. */
    private static final int FREED = 3;
    private static final int META = 5;

    ClientHeap(RemoteMemory memory, SystemImage image, long redZone) {
        this.redZone = redZone;
        this.memory = memory;
        this.image = image;
    }

    private long field(String name) {
        int at = MemcheckImage.field(image, name);
        return at < 0 ? 0 : memory.getLong(RuntimeStubs.IMAGE + at);
    }

    /** All chunk records; record {@code i} (from 1) starts at {@code i * CHUNK_SIZE}. */
    private ByteBuffer chunks() {
        int n = (int) field("Heap.chunks");
        byte[] bytes = new byte[(n + 1) * HeapTables.CHUNK_SIZE];
        memory.read(HeapTables.CHUNKS, bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long[] stack(int id) {
        byte[] head = new byte[16];
        long at = HeapTables.CONTEXT_DATA + 8L * id;
        if (id == 0 || memory.read(at, head, 0, 16) != 16) {
            return new long[0];
        }
        int n = Math.min(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(8), 512);
        long[] out = new long[n];
        for (int i = 0; i < n; i++) {
            // The function itself, then return addresses.
            out[i] = memory.getLong(at + 16 + 8L * i) - (i == 0 ? 0 : 1);
        }
        return out;
    }

    @Override
    public HeapBlock block(long address) {
        ByteBuffer c = chunks();
        int best = -1;
        boolean anyFreed = false;
        int bestRank = META + 1;
        for (int i = 1; i * HeapTables.CHUNK_SIZE < c.capacity(); i++) {
            int at = i * HeapTables.CHUNK_SIZE;
            int state = c.getInt(at + HeapTables.CHUNK_STATE);
            long start = c.getLong(at + HeapTables.CHUNK_ADDRESS);
            long size = c.getLong(at + HeapTables.CHUNK_BYTES);
            int kind = c.getInt(at + HeapTables.CHUNK_KIND);
            long zone = kind >= HeapTables.KIND_CUSTOM ? c.getLong(at + HeapTables.CHUNK_BASE) : redZone;
            if (state == HeapTables.STATE_FREE || address < start - zone || address >= start + size + zone) {
                continue;
            }
            boolean inside = address >= start && address < start + size;
            int rank = kind == HeapTables.KIND_META ? META : state != HeapTables.STATE_LIVE ? inside ? FREED : FREED + 1
                    : kind >= HeapTables.KIND_CUSTOM && inside ? 0 : kind >= HeapTables.KIND_CUSTOM ? 1 : 2;
            anyFreed |= state == HeapTables.STATE_QUARANTINED;
            if (rank < bestRank) {
                bestRank = rank;
                best = at;
            }
        }
        if (best < 0) {
            return null;
        }
        boolean freed = c.getInt(best + HeapTables.CHUNK_STATE) != HeapTables.STATE_LIVE;
        boolean pool = c.getInt(best + HeapTables.CHUNK_KIND) >= HeapTables.KIND_POOL;
        return new HeapBlock(c.getLong(best + HeapTables.CHUNK_ADDRESS), c.getLong(best + HeapTables.CHUNK_BYTES),
                anyFreed && !freed && !pool ? "recently re-allocated block" : "block",
                freed ? "free'd" : pool ? "client-defined" : "alloc'd", freed,
                stack(c.getInt(best + HeapTables.CHUNK_ALLOCATED_BY)),
                freed ? stack(c.getInt(best + HeapTables.CHUNK_FREED_BY)) : null);
    }

    private static boolean isLive(ByteBuffer chunks, int at) {
        return chunks.getInt(at + HeapTables.CHUNK_STATE) == HeapTables.STATE_LIVE;
    }

    /** Blocks that may leak, those of pools among them. */
    LiveBlocks live() {
        ByteBuffer c = chunks();
        int n = c.capacity() / HeapTables.CHUNK_SIZE;
        long[] addresses = new long[n];
        long[] sizes = new long[n];
        int[] stacks = new int[n];
        int count = 0;
        for (int at = HeapTables.CHUNK_SIZE; at < c.capacity(); at += HeapTables.CHUNK_SIZE) {
            if (isLive(c, at) && c.getInt(at + HeapTables.CHUNK_KIND) != HeapTables.KIND_META) {
                addresses[count] = c.getLong(at + HeapTables.CHUNK_ADDRESS);
                sizes[count] = c.getLong(at + HeapTables.CHUNK_BYTES);
                stacks[count++] = c.getInt(at + HeapTables.CHUNK_ALLOCATED_BY);
            }
        }
        return new LiveBlocks(addresses, sizes, stacks, count);
    }

    /** Memory that belongs to blocks, live or not: {start, end} pairs, sorted. */
    long[][] extents() {
        ByteBuffer c = chunks();
        int n = c.capacity() / HeapTables.CHUNK_SIZE;
        long[][] out = new long[n][];
        int count = 0;
        for (int at = HeapTables.CHUNK_SIZE; at < c.capacity(); at += HeapTables.CHUNK_SIZE) {
            if (c.getInt(at + HeapTables.CHUNK_KIND) >= HeapTables.KIND_CUSTOM) {
                continue;
            }
            long base = c.getLong(at + HeapTables.CHUNK_BASE);
            out[count++] = new long[] {base, base + c.getLong(at + HeapTables.CHUNK_RAW)};
        }
        long[][] sorted = Arrays.copyOf(out, count);
        Arrays.sort(sorted, (a, b) -> Long.compare(a[0], b[0]));
        return sorted;
    }

    /** Counters, in which pools do not appear. */
    HeapTotals totals() {
        ByteBuffer c = chunks();
        long bytes = 0;
        long blocks = 0;
        for (int at = HeapTables.CHUNK_SIZE; at < c.capacity(); at += HeapTables.CHUNK_SIZE) {
            if (isLive(c, at) && c.getInt(at + HeapTables.CHUNK_KIND) < HeapTables.KIND_POOL) {
                bytes += c.getLong(at + HeapTables.CHUNK_BYTES);
                blocks++;
            }
        }
        return new HeapTotals(bytes, blocks, field("Heap.allocations"), field("Heap.frees"), field("Heap.allocatedBytes"));
    }
}
