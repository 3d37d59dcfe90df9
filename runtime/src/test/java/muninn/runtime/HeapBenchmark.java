// SPDX-License-Identifier: MIT
package muninn.runtime;

/** Prints nanoseconds for a pair of allocation and release, without stack capture: on HotSpot, and compiled (with a call from Java). */
final class HeapBenchmark {
    private HeapBenchmark() {}

    public static void main(String[] args) {
        HostedRegions.map();
        NativeHeap compiled = new NativeHeap();
        for (int bytes : new int[] {16, 100, 1000, 10_000, 1_000_000}) {
            int pairs = bytes > 100_000 ? 10_000 : 2_000_000;
            HostedRegions.map();
            long hosted = Long.MAX_VALUE;
            for (int round = 0; round < 3; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < pairs; i++) {
                    Heap.release(Heap.allocate(bytes, 16, HeapTables.KIND_MALLOC, 1), 1);
                }
                hosted = Math.min(hosted, System.nanoTime() - start);
            }
            System.out.println(bytes + " bytes: " + hosted / pairs + " ns a pair on HotSpot");
        }
        HostedRegions.map();
        for (int bytes : new int[] {16, 100, 1000, 10_000, 1_000_000}) {
            int pairs = bytes > 100_000 ? 10_000 : 2_000_000;
            long best = Long.MAX_VALUE;
            for (int round = 0; round < 3; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < pairs; i++) {
                    compiled.release(compiled.allocate(bytes, 16));
                }
                best = Math.min(best, System.nanoTime() - start);
            }
            System.out.println(bytes + " bytes: " + best / pairs + " ns a pair compiled");
        }
    }
}
