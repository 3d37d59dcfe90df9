// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.Arrays;

/**
 * Live heap blocks in the order of their addresses, as parallel arrays. Every address belongs to one block at most: a block that holds
 * others, which an allocator of the program's own hands out, is dropped, and so is one that overlaps an earlier one (a corrupt table).
 */
public final class LiveBlocks {
    final long[] start;
    final long[] size;
    final int[] stack;
    final int count;

    /**
     * @param addresses first payload bytes, in any order; the arrays are not kept
     * @param sizes payload bytes
     * @param stackIds allocation contexts, ids of the caller's choice
     * @param n how many elements count
     */
    public LiveBlocks(long[] addresses, long[] sizes, int[] stackIds, int n) {
        long[] sorted = Arrays.copyOf(addresses, n);
        Arrays.sort(sorted);
        long[] sizeAt = new long[n];
        int[] stackAt = new int[n];
        Arrays.fill(sizeAt, -1);
        for (int i = 0; i < n; i++) {
            int place = place(sorted, sizeAt, addresses[i]);
            // Of several that start at one address the largest comes first.
            while (place > 0 && sorted[place - 1] == addresses[i] && sizeAt[place - 1] < sizes[i]) {
                sizeAt[place] = sizeAt[place - 1];
                stackAt[place] = stackAt[place - 1];
                place--;
            }
            sizeAt[place] = sizes[i];
            stackAt[place] = stackIds[i];
        }
        int kept = 0;
        for (int i = 0; i < n; i++) {
            long end = sorted[i] + Math.max(1, sizeAt[i]);
            if (sizeAt[i] < 0 || end < sorted[i]) {
                continue;
            }
            if (kept > 0 && sorted[i] < sorted[kept - 1] + Math.max(1, sizeAt[kept - 1])) {
                if (end > sorted[kept - 1] + Math.max(1, sizeAt[kept - 1])) {
                    continue;
                }
                kept--;
            }
            sorted[kept] = sorted[i];
            sizeAt[kept] = sizeAt[i];
            stackAt[kept] = stackAt[i];
            kept++;
        }
        start = sorted;
        size = sizeAt;
        stack = stackAt;
        count = kept;
    }

    /** The first place of an address that is not taken. */
    private static int place(long[] sorted, long[] sizeAt, long address) {
        int place = Arrays.binarySearch(sorted, address);
        while (place > 0 && sorted[place - 1] == address) {
            place--;
        }
        while (sizeAt[place] >= 0) {
            place++;
        }
        return place;
    }

    public int count() {
        return count;
    }

    /** Sum of all sizes. */
    public long bytes() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += size[i];
        }
        return sum;
    }

    /** Index of the block that holds {@code address}, or -1. A block of size 0 holds its own address. */
    int find(long address) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (start[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && address - start[high] < Math.max(1, size[high]) ? high : -1;
    }
}
