// SPDX-License-Identifier: MIT
package muninn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import muninn.sysjava.Ptr;

/** A naive model of the heap, against which random operations of an allocator are checked, byte by byte where it counts. */
final class HeapModel {
    interface Allocator {
        long allocate(long bytes, long alignment);

        boolean release(long address);

        long size(long address);
    }

    private record Block(long address, long bytes, byte stamp) {}

    private final Allocator heap;
    private final LongSupplier quarantined;
    private final long limit;
    private final long bigBlock;
    private final TreeMap<Long, Block> live = new TreeMap<>();
    private final ArrayDeque<Block> small = new ArrayDeque<>();
    private final ArrayDeque<Block> big = new ArrayDeque<>();
    private long volume;

    HeapModel(Allocator heap, LongSupplier quarantined, long limit, long bigBlock) {
        this.heap = heap;
        this.quarantined = quarantined;
        this.limit = limit;
        this.bigBlock = bigBlock;
    }

    void run(long seed, int steps) {
        Random random = new Random(seed);
        for (int step = 0; step < steps; step++) {
            if (live.size() < 150 && random.nextInt(100) < 55) {
                allocate(size(random), random.nextInt(5) == 0 ? 16L << random.nextInt(10) : 16, (byte) step);
            } else if (!live.isEmpty()) {
                long from = live.firstKey();
                release(live.floorEntry(from + (random.nextLong() >>> 1) % (live.lastKey() - from + 1)).getValue());
            }
            assertThat(quarantined.getAsLong()).as("seed %d, step %d", seed, step).isEqualTo(volume);
        }
        for (Block block : live.values()) {
            assertThat(heap.release(block.address)).isTrue();
        }
    }

    private static long size(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> random.nextInt(1_000_000);
            case 1, 2, 3 -> random.nextInt(20_000);
            default -> random.nextInt(200);
        };
    }

    private void allocate(long bytes, long alignment, byte stamp) {
        while (volume > limit) {
            volume -= (big.isEmpty() ? small : big).removeFirst().bytes;
        }
        Block block = new Block(heap.allocate(bytes, alignment), bytes, stamp);
        assertThat(block.address).isNotZero();
        assertThat(block.address & alignment - 1).isZero();
        Map.Entry<Long, Block> before = live.floorEntry(block.address);
        Map.Entry<Long, Block> after = live.ceilingEntry(block.address);
        if (before != null) {
            assertApart(block, before.getValue());
        }
        if (after != null) {
            assertApart(block, after.getValue());
        }
        for (Block freed : small) {
            assertApart(block, freed);
        }
        for (Block freed : big) {
            assertApart(block, freed);
        }
        for (long i = -16; i < bytes + 16; i++) {
            if (Shadow.state(block.address + i) != (i >= 0 && i < bytes ? 0 : 3)) {
                throw new AssertionError("shadow of byte " + i + " of " + bytes);
            }
        }
        Ptr.fill(block.address, stamp, bytes);
        live.put(block.address, block);
    }

    private void release(Block block) {
        live.remove(block.address);
        for (long i = 0; i < block.bytes; i++) {
            if (Ptr.getByte(block.address + i) != block.stamp) {
                throw new AssertionError("contents of byte " + i + " of " + block.bytes);
            }
        }
        assertThat(heap.size(block.address)).isEqualTo(block.bytes);
        assertThat(heap.release(block.address)).isTrue();
        assertThat(heap.size(block.address)).isEqualTo(-1);
        for (long i = -16; i < block.bytes + 16; i++) {
            if (Shadow.state(block.address + i) != 3) {
                throw new AssertionError("shadow of freed byte " + i + " of " + block.bytes);
            }
        }
        volume += block.bytes;
        if (block.bytes < bigBlock) {
            small.addLast(block);
        } else if (block.bytes >= limit) {
            big.addFirst(block);
        } else {
            big.addLast(block);
        }
    }

    /** Two red zones lie between any two blocks. */
    private static void assertApart(Block a, Block b) {
        assertThat(a.address + a.bytes + 32 <= b.address || b.address + b.bytes + 32 <= a.address).isTrue();
    }
}
