// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Blocks of one kind that were allocated from one place.
 *
 * @param kind how they were lost
 * @param stackId allocation context of the first of them
 * @param bytes bytes of the blocks themselves
 * @param indirectBytes bytes that are lost with them
 * @param blocks number of blocks
 */
record LossRecord(LeakKind kind, int stackId, long bytes, long indirectBytes, long blocks) {
    long total() {
        return bytes + indirectBytes;
    }

    /** The same without any block. */
    LossRecord empty() {
        return new LossRecord(kind, stackId, 0, 0, 0);
    }

    /** Small ones first; equal ones by kind, then by age of the context. */
    static final Comparator<LossRecord> ORDER =
            Comparator.comparingLong(LossRecord::total).thenComparing(LossRecord::kind).thenComparingInt(LossRecord::stackId);

    /** Bytes by ordinal of the kind, without those that are lost with others. */
    static long[] bytes(List<LossRecord> records) {
        long[] out = new long[LeakKind.values().length];
        records.forEach(r -> out[r.kind.ordinal()] += r.bytes);
        return out;
    }

    /** Blocks by ordinal of the kind. */
    static long[] blocks(List<LossRecord> records) {
        long[] out = new long[LeakKind.values().length];
        records.forEach(r -> out[r.kind.ordinal()] += r.blocks);
        return out;
    }

    /** Merges the blocks of a finished search into records, in their order. */
    static List<LossRecord> merge(LeakSearch search, StackSource stacks, int frames) {
        LiveBlocks blocks = search.blocks();
        int n = blocks.count;
        // One sort of (context, kind, block) brings together what belongs together, without a map of a million boxes.
        int[] context = contexts(blocks, stacks, frames);
        long[] order = new long[n];
        for (int i = 0; i < n; i++) {
            order[i] = (long) context[i] << 34 | (long) search.kind(i).ordinal() << 32 | i;
        }
        Arrays.sort(order);
        List<LossRecord> records = new ArrayList<>();
        int from = 0;
        while (from < n) {
            long group = order[from] >>> 32;
            int first = (int) order[from];
            long bytes = 0;
            long indirect = 0;
            int to = from;
            for (; to < n && order[to] >>> 32 == group; to++) {
                int block = (int) order[to];
                bytes += blocks.size[block];
                indirect += search.indirectBytes(block);
            }
            records.add(new LossRecord(search.kind(first), context[first], bytes, indirect, to - from));
            from = to;
        }
        records.sort(ORDER);
        return records;
    }

    /** Context of each block; with a limited resolution the smallest id whose innermost frames are the same. */
    private static int[] contexts(LiveBlocks blocks, StackSource stacks, int frames) {
        int[] context = Arrays.copyOf(blocks.stack, blocks.count);
        if (frames == MemcheckOptions.ALL_FRAMES) {
            return context;
        }
        int[] ids = Arrays.copyOf(context, context.length);
        Arrays.sort(ids);
        Map<List<Long>, Integer> smallest = new HashMap<>();
        Map<Integer, Integer> merged = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (i > 0 && ids[i] == ids[i - 1]) {
                continue;
            }
            long[] pcs = stacks.stack(ids[i]);
            List<Long> key = new ArrayList<>();
            for (int f = 0; f < Math.min(frames, pcs.length); f++) {
                key.add(pcs[f]);
            }
            Integer earlier = smallest.putIfAbsent(key, ids[i]);
            merged.put(ids[i], earlier == null ? ids[i] : earlier);
        }
        for (int i = 0; i < context.length; i++) {
            context[i] = merged.get(context[i]);
        }
        return context;
    }
}
