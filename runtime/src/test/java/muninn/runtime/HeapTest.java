// SPDX-License-Identifier: MIT
package muninn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import muninn.sysjava.Ptr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeapTest {
    private static final int MALLOC = HeapTables.KIND_MALLOC;

    private record Block(long address, long bytes, byte stamp) {}

    @BeforeEach
    @AfterEach
    void freshHeap() {
        HostedRegions.map();
        Heap.bigBlock = 1_000_000;
        Heap.quarantineLimit = 20_000_000;
        Heap.mallocFill = -1;
        Heap.freeFill = -1;
    }

    @Test
    void everySizeHasAClassThatHoldsIt() {
        for (int raw = 1; raw <= 128 << 10; raw++) {
            int sizeClass = Heap.sizeClass(raw);
            assertThat(sizeClass).isBetween(0, 127);
            assertThat(Heap.classBytes(sizeClass)).isGreaterThanOrEqualTo(raw).isLessThanOrEqualTo(raw + Math.max(15, raw / 4));
            assertThat(Heap.classBytes(sizeClass) & 15).isZero();
        }
    }

    @Test
    void blocksNeverOverlapAndKeepTheirContents() {
        Heap.quarantineLimit = 300_000;
        Heap.bigBlock = 100_000;
        HeapModel.Allocator hosted = new HeapModel.Allocator() {
            @Override
            public long allocate(long bytes, long alignment) {
                return Heap.allocate(bytes, alignment, MALLOC, 7);
            }

            @Override
            public boolean release(long address) {
                return Heap.release(address, 8);
            }

            @Override
            public long size(long address) {
                return Heap.size(address);
            }
        };
        new HeapModel(hosted, () -> Heap.quarantineBytes, Heap.quarantineLimit, Heap.bigBlock).run(20, 20_000);
    }

    @Test
    void freedBlocksAreReusedInOrderOnceTheVolumeIsExceeded() {
        Heap.quarantineLimit = 3 * 48;
        List<Long> freed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            freed.add(Heap.allocate(48, 16, MALLOC, 1));
        }
        for (long address : freed) {
            Heap.release(address, 1);
        }
        assertThat(Heap.quarantineBytes).as("nothing leaves before the next allocation").isEqualTo(5 * 48);
        // The two oldest are back; the free list is a stack.
        assertThat(Heap.allocate(48, 16, MALLOC, 1)).isEqualTo(freed.get(1));
        assertThat(Heap.allocate(48, 16, MALLOC, 1)).isEqualTo(freed.get(0));
        assertThat(freed).doesNotContain(Heap.allocate(48, 16, MALLOC, 1));
        assertThat(Heap.quarantineBytes).isEqualTo(3 * 48);
    }

    @Test
    void bigBlocksLeaveQuarantineFirst() {
        Heap.quarantineLimit = 10_000;
        Heap.bigBlock = 4_000;
        long small = Heap.allocate(3_000, 16, MALLOC, 1);
        long big = Heap.allocate(5_000, 16, MALLOC, 1);
        long other = Heap.allocate(3_500, 16, MALLOC, 1);
        Heap.release(small, 1);
        Heap.release(big, 1);
        Heap.release(other, 1);
        assertThat(Heap.allocate(5_000, 16, MALLOC, 1)).isEqualTo(big);
        assertThat(Heap.quarantineBytes).isEqualTo(6_500);
        assertThat(Heap.release(small, 1)).isFalse();
    }

    @Test
    void wrongFreesAreTold() {
        long at = Heap.allocate(100, 16, HeapTables.KIND_NEW, 1);
        assertThat(Heap.release(at + 16, 1)).isFalse();
        assertThat(Heap.release(0x1234, 1)).isFalse();
        assertThat(Heap.family(at)).isEqualTo(HeapTables.KIND_NEW);
        assertThat(Heap.release(at, 1)).isTrue();
        assertThat(Heap.family(at)).isEqualTo(-1);
        assertThat(Heap.release(at, 1)).isFalse();
    }

    @Test
    void impossibleSizesAreRefused() {
        for (long bytes : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 47, 1L << 62, 1L << 48}) {
            assertThat(Heap.allocate(bytes, 16, MALLOC, 1)).isZero();
            assertThat(Heap.allocate(bytes, 4096, MALLOC, 1)).isZero();
        }
        assertThat(Heap.allocate(1, 1L << 62, MALLOC, 1)).isZero();
    }

    @Test
    void aHugeBlockCostsNoShadow() {
        long bytes = 40L << 30;
        long start = System.nanoTime();
        long at = Heap.allocate(bytes, 1 << 21, MALLOC, 1);
        if (at == 0) {
            return; // this machine's overcommit policy says no: an answer as good
        }
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        assertThat(at & (1 << 21) - 1).isZero();
        assertThat(Shadow.state(at - 1)).isEqualTo(3);
        assertThat(Shadow.state(at)).isZero();
        assertThat(Shadow.state(at + bytes - 1)).isZero();
        assertThat(Shadow.state(at + bytes)).isEqualTo(3);
    }

    @Test
    void contentsAreFilledWhenAsked() {
        Heap.mallocFill = 0xaa;
        Heap.freeFill = 0xdd;
        long at = Heap.allocate(37, 16, MALLOC, 1);
        assertThat(Ptr.getUnsignedByte(at)).isEqualTo(0xaa);
        assertThat(Ptr.getUnsignedByte(at + 36)).isEqualTo(0xaa);
        Heap.release(at, 1);
        assertThat(Ptr.getUnsignedByte(at + 36)).isEqualTo(0xdd);
    }

    @Test
    void threadsShareTheHeap() throws InterruptedException {
        Heap.quarantineLimit = 100_000;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            threads.add(Thread.ofPlatform().start(() -> hammer(seed, failure)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
    }

    private static void hammer(int seed, AtomicReference<Throwable> failure) {
        try {
            Random random = new Random(seed);
            Block[] mine = new Block[64];
            for (int step = 0; step < 60_000; step++) {
                int slot = random.nextInt(mine.length);
                if (mine[slot] != null) {
                    Block block = mine[slot];
                    for (long i = 0; i < block.bytes; i += 97) {
                        assertThat(Ptr.getByte(block.address + i)).isEqualTo(block.stamp);
                    }
                    assertThat(Heap.release(block.address, seed)).isTrue();
                    mine[slot] = null;
                } else {
                    long bytes = random.nextInt(50) == 0 ? random.nextInt(200_000) : random.nextInt(300);
                    Block block = new Block(Heap.allocate(bytes, 16, MALLOC, seed), bytes, (byte) (seed * 50 + step % 50));
                    assertThat(Shadow.firstNotAccessible(block.address, bytes)).isEqualTo(-1);
                    Ptr.fill(block.address, block.stamp, bytes);
                    mine[slot] = block;
                }
            }
            for (Block block : mine) {
                if (block != null) {
                    Heap.release(block.address, seed);
                }
            }
        } catch (Throwable e) {
            failure.set(e);
        }
    }
}
