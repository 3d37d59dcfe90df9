// SPDX-License-Identifier: MIT
package muninn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeHeapTest {
    @BeforeEach
    @AfterEach
    void freshHeap() {
        HostedRegions.map();
    }

    @Test
    void blocksNeverOverlapAndKeepTheirContents() {
        NativeHeap heap = new NativeHeap();
        heap.setField("Heap.quarantineLimit", 300_000);
        heap.setField("Heap.bigBlock", 100_000);
        new HeapModel(heap, () -> heap.field("Heap.quarantineBytes"), 300_000, 100_000).run(21, 20_000);
    }

    @Test
    void threadsShareTheHeap() throws InterruptedException {
        NativeHeap heap = new NativeHeap();
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            threads.add(Thread.ofPlatform().start(() -> {
                Random random = new Random(seed);
                for (int i = 0; i < 100_000; i++) {
                    long bytes = random.nextInt(100) == 0 ? random.nextInt(300_000) : random.nextInt(300);
                    long at = heap.allocate(bytes, 16);
                    if (at == 0 || heap.size(at) != bytes || Shadow.firstNotAccessible(at, bytes) != -1 || !heap.release(at)) {
                        wrong.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).hasValue(0);
        assertThat(heap.field("Heap.allocations")).isEqualTo(400_000);
        assertThat(heap.field("Heap.frees")).isEqualTo(400_000);
    }
}
