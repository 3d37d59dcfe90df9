// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakSearchTest {
    private static final long HEAP = 0x10_0000L;
    private static final long ROOTS = 0x2000L;
    private static final long SHADOW = 0x4000_0000L;

    private final SimulatedMemory memory = new SimulatedMemory();

    private LeakSearch search(long[] addresses, long[] sizes) {
        memory.map(HEAP, HEAP + 0x20_0000);
        memory.map(ROOTS, ROOTS + 4096);
        return new LeakSearch(new LiveBlocks(addresses, sizes, new int[addresses.length], addresses.length), memory, null, 0);
    }

    private static void run(LeakSearch search) {
        search.root(ROOTS, ROOTS + 4096);
        search.run();
    }

    @Test
    void theFourKinds() {
        LeakSearch search = search(new long[] {HEAP, HEAP + 0x100, HEAP + 0x200, HEAP + 0x300, HEAP + 0x400}, new long[] {32, 32, 64, 32, 48});
        memory.putLong(ROOTS, HEAP);
        memory.putLong(HEAP + 8, HEAP + 0x100);
        memory.putLong(ROOTS + 8, HEAP + 0x200 + 17);
        memory.putLong(HEAP + 0x300, HEAP + 0x400 + 5);
        run(search);
        assertThat(search.kind(0)).isEqualTo(LeakKind.REACHABLE);
        assertThat(search.kind(1)).isEqualTo(LeakKind.REACHABLE);
        assertThat(search.kind(2)).isEqualTo(LeakKind.POSSIBLE);
        assertThat(search.kind(3)).isEqualTo(LeakKind.DEFINITE);
        assertThat(search.kind(4)).isEqualTo(LeakKind.INDIRECT);
        assertThat(search.indirectBytes(3)).isEqualTo(48);
    }

    @Test
    void aLaterLeaderTakesOverAnEarlierOne() {
        LeakSearch search = search(new long[] {HEAP, HEAP + 0x100, HEAP + 0x200}, new long[] {16, 32, 64});
        memory.putLong(HEAP, HEAP + 0x100);
        memory.putLong(HEAP + 0x200, HEAP);
        run(search);
        assertThat(search.kind(0)).isEqualTo(LeakKind.INDIRECT);
        assertThat(search.kind(1)).isEqualTo(LeakKind.INDIRECT);
        assertThat(search.kind(2)).isEqualTo(LeakKind.DEFINITE);
        assertThat(search.indirectBytes(2)).isEqualTo(48);
    }

    @Test
    void cyclesHaveOneLeader() {
        LeakSearch search = search(new long[] {HEAP, HEAP + 0x100}, new long[] {16, 32});
        memory.putLong(HEAP, HEAP + 0x100);
        memory.putLong(HEAP + 0x100, HEAP);
        run(search);
        assertThat(search.kind(0)).isEqualTo(LeakKind.DEFINITE);
        assertThat(search.kind(1)).isEqualTo(LeakKind.INDIRECT);
    }

    @Test
    void edgesOfBlocks() {
        LeakSearch search = search(new long[] {HEAP, HEAP + 0x100, HEAP + 0x200}, new long[] {0, 16, 16});
        memory.putLong(ROOTS, HEAP);
        memory.putLong(ROOTS + 8, HEAP + 0x110);
        memory.putLong(ROOTS + 17, HEAP + 0x200);
        run(search);
        assertThat(search.kind(0)).as("a block of size 0 holds its own address").isEqualTo(LeakKind.REACHABLE);
        assertThat(search.kind(1)).as("the byte behind a block is not in it").isEqualTo(LeakKind.DEFINITE);
        assertThat(search.kind(2)).as("only aligned words are pointers").isEqualTo(LeakKind.DEFINITE);
    }

    @Test
    void registersAreRoots() {
        LeakSearch search = search(new long[] {HEAP, HEAP + 0x100}, new long[] {16, 16});
        search.root(HEAP);
        search.root(HEAP + 0x101);
        search.run();
        assertThat(search.kind(0)).isEqualTo(LeakKind.REACHABLE);
        assertThat(search.kind(1)).isEqualTo(LeakKind.POSSIBLE);
    }

    @Test
    void unreadablePagesAreSkipped() {
        LeakSearch search = search(new long[] {HEAP}, new long[] {16});
        memory.map(0x9000, 0xa000);
        memory.putLong(0x9ff8, HEAP);
        search.root(0x3000, 0x4_0000);
        search.run();
        assertThat(search.kind(0)).isEqualTo(LeakKind.REACHABLE);
    }

    @Test
    void wordsWithBadShadowAreSkipped() {
        memory.map(HEAP, HEAP + 0x1000);
        memory.map(ROOTS & -0x1_0000, 0x1_0000);
        memory.map(SHADOW, SHADOW + 0x10_0000);
        memory.putLong(ROOTS, HEAP);
        memory.putLong(ROOTS + 8, HEAP + 0x100);
        memory.putByte(SHADOW + ((ROOTS + 8) >>> 2) + 1, 0xc0);
        LeakSearch search = new LeakSearch(new LiveBlocks(new long[] {HEAP, HEAP + 0x100}, new long[] {16, 16}, new int[2], 2), memory,
                memory, SHADOW);
        search.root(ROOTS, ROOTS + 64);
        search.run();
        assertThat(search.kind(0)).isEqualTo(LeakKind.REACHABLE);
        assertThat(search.kind(1)).isEqualTo(LeakKind.DEFINITE);
    }

    @Test
    void heuristics() {
        LeakSearch search = search(new long[] {HEAP, HEAP + 0x100, HEAP + 0x200, HEAP + 0x300}, new long[] {20, 35, 48, 80});
        memory.putLong(HEAP, 3);
        memory.putLong(HEAP + 0x100, 5);
        memory.putLong(HEAP + 0x108, 10);
        memory.putLong(HEAP + 0x200, 40);
        memory.putLong(ROOTS, HEAP + 8);
        memory.putLong(ROOTS + 8, HEAP + 0x118);
        memory.putLong(ROOTS + 16, HEAP + 0x208);
        memory.putLong(ROOTS + 24, HEAP + 0x308);
        run(search);
        assertThat(search.heuristicOf(0)).isEqualTo(Heuristic.NEWARRAY.ordinal() + 1);
        assertThat(search.heuristicOf(1)).isEqualTo(Heuristic.STDSTRING.ordinal() + 1);
        assertThat(search.heuristicOf(2)).isEqualTo(Heuristic.LENGTH64.ordinal() + 1);
        assertThat(search.kind(3)).isEqualTo(LeakKind.POSSIBLE);
    }

    @Test
    void brokenTablesDoNoHarm() {
        LiveBlocks blocks = new LiveBlocks(new long[] {HEAP, HEAP, HEAP + 8, Long.MAX_VALUE - 4, HEAP + 0x100}, new long[] {16, 16, 100, 50, -5},
                new int[5], 5);
        assertThat(blocks.count()).isEqualTo(1);
        LeakSearch none = search(new long[0], new long[0]);
        memory.putLong(ROOTS, HEAP);
        run(none);
        assertThat(none.blocks().count()).isZero();
    }

    @Test
    void aBlockThatHoldsOthersIsNoneItself() {
        LiveBlocks blocks = new LiveBlocks(new long[] {HEAP + 32, HEAP, HEAP + 64, HEAP, HEAP + 0x200}, new long[] {32, 16, 36, 100, 8},
                new int[] {1, 2, 3, 4, 5}, 5);
        assertThat(java.util.Arrays.copyOf(blocks.start, blocks.count)).containsExactly(HEAP, HEAP + 32, HEAP + 64, HEAP + 0x200);
        assertThat(java.util.Arrays.copyOf(blocks.stack, blocks.count)).containsExactly(2, 1, 3, 5);
    }

    /** Random graphs against the definition of the kinds. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithTheDefinition(long seed) {
        Random random = new Random(seed);
        int n = 200;
        long[] addresses = new long[n];
        long[] sizes = new long[n];
        int[] order = new int[n];
        long at = HEAP;
        for (int i = 0; i < n; i++) {
            addresses[i] = at;
            sizes[i] = 16 * (2 + random.nextInt(20)) + 5;
            order[i] = i;
            at += sizes[i] + 11 + 16 * random.nextInt(3);
        }
        // The first words are large numbers, so that no heuristic applies.
        LeakSearch search = search(addresses, sizes);
        boolean[][] exact = new boolean[n + 1][n];
        boolean[][] inner = new boolean[n + 1][n];
        for (int edge = 0; edge < 160; edge++) {
            int from = random.nextInt(n + 1);
            int to = random.nextInt(n);
            long base = from == n ? ROOTS : (addresses[from] + 7) & -8;
            long word = base + 8 * random.nextInt(from == n ? 500 : 3);
            byte[] old = new byte[8];
            memory.read(word, old, 0, 8);
            if (!Arrays.equals(old, new byte[8])) {
                continue;
            }
            boolean start = random.nextBoolean();
            memory.putLong(word, addresses[to] + (start ? 0 : 1 + random.nextInt(7)));
            (start ? exact : inner)[from][to] = true;
        }
        run(search);
        boolean[] reachable = closure(n, exact, null);
        boolean[] any = closure(n, exact, inner);
        for (int i = 0; i < n; i++) {
            LeakKind expected = reachable[i] ? LeakKind.REACHABLE : any[i] ? LeakKind.POSSIBLE : null;
            if (expected != null) {
                assertThat(search.kind(i)).isEqualTo(expected);
            } else {
                assertThat(search.kind(i)).isIn(LeakKind.DEFINITE, LeakKind.INDIRECT);
            }
        }
        checkLost(n, search, any, exact, inner, sizes);
    }

    /** Every claimed block hangs on some lost block, and all lost bytes are told once. */
    private static void checkLost(int n, LeakSearch search, boolean[] found, boolean[][] exact, boolean[][] inner, long[] sizes) {
        long direct = 0;
        long claimed = 0;
        long told = 0;
        for (int i = 0; i < n; i++) {
            if (found[i]) {
                continue;
            }
            boolean pointedAt = false;
            for (int j = 0; j < n; j++) {
                pointedAt |= j != i && !found[j] && (exact[j][i] || inner[j][i]);
            }
            if (search.kind(i) == LeakKind.INDIRECT) {
                assertThat(pointedAt).isTrue();
                claimed += sizes[i];
            } else {
                direct += sizes[i];
                told += search.indirectBytes(i);
            }
            if (!pointedAt) {
                assertThat(search.kind(i)).isEqualTo(LeakKind.DEFINITE);
            }
        }
        assertThat(told).isEqualTo(claimed);
        assertThat(direct).isPositive();
    }

    private static boolean[] closure(int n, boolean[][] exact, boolean[][] inner) {
        boolean[] seen = new boolean[n];
        ArrayDeque<Integer> work = new ArrayDeque<>();
        work.add(n);
        while (!work.isEmpty()) {
            int from = work.remove();
            for (int to = 0; to < n; to++) {
                if (!seen[to] && (exact[from][to] || (inner != null && inner[from][to]))) {
                    seen[to] = true;
                    work.add(to);
                }
            }
        }
        return seen;
    }

    @Test
    void smallBlocksShareReads() {
        int n = 20_000;
        long[] addresses = new long[n];
        long[] sizes = new long[n];
        for (int i = 0; i < n; i++) {
            addresses[i] = HEAP + 64L * i;
            sizes[i] = 32;
        }
        LeakSearch search = search(addresses, sizes);
        memory.putLong(ROOTS, HEAP);
        for (int i = 0; i + 1 < n; i++) {
            memory.putLong(HEAP + 64L * i, HEAP + 64L * (i + 1));
        }
        run(search);
        assertThat(search.kind(n - 1)).isEqualTo(LeakKind.REACHABLE);
        assertThat(memory.reads).isLessThan(300);
    }
}
