// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.Arrays;

/**
 * Finds out which live blocks can still be reached.
 *
 * <p>The search is conservative: every aligned word of the roots that is addressable is a pointer if it points into a block. A
 * block is reachable when a chain of pointers to block starts leads to it, possibly lost when the only chains use a
 * pointer into the middle of some block, else lost. Of the lost blocks, taken in the order of their addresses, each one that is
 * not yet claimed becomes a leader and claims what can be reached from it; a leader that is claimed later hands over what it has.
 * Leaders are definitely lost, claimed blocks indirectly.
 *
 * <p>Time is linear in the bytes looked at (with a binary search for the words that fall between the first and the last block).
 */
public final class LeakSearch {
    private static final byte UNREACHED = (byte) LeakKind.DEFINITE.ordinal();
    private static final byte REACHABLE = (byte) LeakKind.REACHABLE.ordinal();
    private static final byte POSSIBLE = (byte) LeakKind.POSSIBLE.ordinal();
    private static final byte INDIRECT = (byte) LeakKind.INDIRECT.ordinal();

    private final LiveBlocks blocks;
    private final WordReader words;
    private final int heuristics;
    private final FunctionTables tables;
    /** Ordinal of the {@link LeakKind} of each block. */
    private final byte[] state;
    /** One more than the ordinal of the heuristic that made a block reachable, or 0. */
    private final byte[] heuristic;
    private final boolean[] pending;
    /** Bytes that hang on a leader. */
    private final long[] indirect;
    private int[] stack = new int[64];
    private int depth;
    private final long first;
    private final long span;
    private long checked;

    /**
     * @param memory the client's memory
     * @param shadow reader of the shadow, or {@code null} to believe every word
     * @param shadowBase client address of the shadow of address 0
     */
    public LeakSearch(LiveBlocks blocks, ClientMemory memory, ClientMemory shadow, long shadowBase) {
        this(blocks, memory, shadow, shadowBase, Heuristic.ALL, null);
    }

    /**
     * @param heuristics set of those that are tried
     * @param tables {@code null} if nothing is known of functions
     */
    LeakSearch(LiveBlocks blocks, ClientMemory memory, ClientMemory shadow, long shadowBase, int heuristics, FunctionTables tables) {
        this.heuristics = heuristics;
        this.tables = tables;
        this.blocks = blocks;
        this.words = new WordReader(memory, shadow, shadowBase);
        int n = blocks.count;
        state = new byte[n];
        Arrays.fill(state, UNREACHED);
        heuristic = new byte[n];
        pending = new boolean[n];
        indirect = new long[n];
        first = n == 0 ? 0 : blocks.start[0];
        span = n == 0 ? 0 : blocks.start[n - 1] + Math.max(1, blocks.size[n - 1]) - first;
    }

    /** A register or another single value that may be a pointer. */
    public void root(long value) {
        visit(value, true);
    }

    /** A range of the client's memory that is a root: writable mappings other than the heap itself. */
    public void root(long start, long end) {
        scan(start, end, true, -1);
    }

    /** Follows all pointers; call once, after all roots are given. */
    public void run() {
        while (depth > 0) {
            int block = pop();
            scanBlock(block, state[block] == REACHABLE, -1);
        }
        for (int leader = 0; leader < blocks.count; leader++) {
            if (state[leader] != UNREACHED) {
                continue;
            }
            push(leader);
            while (depth > 0) {
                scanBlock(pop(), false, leader);
            }
        }
    }

    /** Bytes of roots and blocks that were looked at. */
    public long checkedBytes() {
        return checked;
    }

    public LeakKind kind(int block) {
        return switch (state[block]) {
            case 0 -> LeakKind.REACHABLE;
            case 1 -> LeakKind.POSSIBLE;
            case 2 -> LeakKind.INDIRECT;
            default -> LeakKind.DEFINITE;
        };
    }

    LiveBlocks blocks() {
        return blocks;
    }

    /** Bytes of the blocks that are lost only because this definitely lost block is. */
    long indirectBytes(int block) {
        return state[block] == UNREACHED ? indirect[block] : 0;
    }

    /** One more than the ordinal of the heuristic by which a block counts as reachable, or 0. */
    int heuristicOf(int block) {
        return heuristic[block];
    }

    private void scanBlock(int block, boolean definite, int leader) {
        scan(blocks.start[block], blocks.start[block] + blocks.size[block], definite, leader);
    }

    private void scan(long start, long end, boolean definite, int leader) {
        long address = (start + 7) & -8;
        long stop = end & -8;
        while (address < stop) {
            if (words.select(address)) {
                checked += 8;
                long value = words.get(address);
                if (Long.compareUnsigned(value - first, span) < 0) {
                    if (leader < 0) {
                        visit(value, definite);
                    } else {
                        claim(value, leader);
                    }
                    words.select(address);
                }
                address += 8;
            } else {
                address = words.next(address);
            }
        }
    }

    private void visit(long value, boolean definite) {
        int block = blocks.find(value);
        if (block < 0) {
            return;
        }
        long offset = value - blocks.start[block];
        if (state[block] == REACHABLE) {
            if (offset == 0) {
                heuristic[block] = 0;
            }
            return;
        }
        Heuristic explained = offset == 0 || !definite ? null : Heuristic.explain(heuristics, words, tables, blocks.start[block], blocks.size[block], offset);
        if (definite && (offset == 0 || explained != null)) {
            state[block] = REACHABLE;
            heuristic[block] = (byte) (explained == null ? 0 : explained.ordinal() + 1);
            push(block);
        } else if (state[block] == UNREACHED) {
            state[block] = POSSIBLE;
            push(block);
        }
    }

    private void claim(long value, int leader) {
        int block = blocks.find(value);
        if (block < 0 || block == leader || state[block] != UNREACHED) {
            return;
        }
        state[block] = INDIRECT;
        indirect[leader] += blocks.size[block] + indirect[block];
        indirect[block] = 0;
        push(block);
    }

    private void push(int block) {
        if (pending[block]) {
            return;
        }
        pending[block] = true;
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, 2 * depth);
        }
        stack[depth++] = block;
    }

    private int pop() {
        int block = stack[--depth];
        pending[block] = false;
        return block;
    }
}
