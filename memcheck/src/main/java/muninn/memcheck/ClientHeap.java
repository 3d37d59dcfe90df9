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
        int bestRank = 3;
        for (int i = 1; i * HeapTables.CHUNK_SIZE < c.capacity(); i++) {
            int at = i * HeapTables.CHUNK_SIZE;
            int state = c.getInt(at + HeapTables.CHUNK_STATE);
            long start = c.getLong(at + HeapTables.CHUNK_ADDRESS);
            long size = c.getLong(at + HeapTables.CHUNK_BYTES);
            if (state == HeapTables.STATE_FREE || address < start - redZone || address >= start + size + redZone) {
                continue;
            }
            boolean inside = address >= start && address < start + size;
            int rank = state == HeapTables.STATE_LIVE ? 0 : inside ? 1 : 2;
            if (rank < bestRank) {
                bestRank = rank;
                best = at;
            }
        }
        if (best < 0) {
            return null;
        }
        boolean freed = bestRank > 0;
        return new HeapBlock(c.getLong(best + HeapTables.CHUNK_ADDRESS), c.getLong(best + HeapTables.CHUNK_BYTES), freed,
                stack(c.getInt(best + HeapTables.CHUNK_ALLOCATED_BY)),
                freed ? stack(c.getInt(best + HeapTables.CHUNK_FREED_BY)) : null);
    }

    LiveBlocks live() {
        ByteBuffer c = chunks();
        int n = c.capacity() / HeapTables.CHUNK_SIZE;
        long[] addresses = new long[n];
        long[] sizes = new long[n];
        int[] stacks = new int[n];
        int count = 0;
        for (int at = HeapTables.CHUNK_SIZE; at < c.capacity(); at += HeapTables.CHUNK_SIZE) {
            if (c.getInt(at + HeapTables.CHUNK_STATE) == HeapTables.STATE_LIVE) {
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
            long base = c.getLong(at + HeapTables.CHUNK_BASE);
            out[count++] = new long[] {base, base + c.getLong(at + HeapTables.CHUNK_RAW)};
        }
        long[][] sorted = Arrays.copyOf(out, count);
        Arrays.sort(sorted, (a, b) -> Long.compare(a[0], b[0]));
        return sorted;
    }

    HeapTotals totals(LiveBlocks live) {
        return new HeapTotals(live.bytes(), live.count(), field("Heap.allocations"), field("Heap.frees"), field("Heap.allocatedBytes"));
    }
}
