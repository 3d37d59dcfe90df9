// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeakReportTest {
    private static final long HEAP = 0x10_0000L;
    private static final long ROOT = 0x2000L;
    private static final MemcheckOptions FULL = MemcheckOptions.defaults().withLeakCheck(MemcheckOptions.LeakCheck.FULL);
    private static final HeapTotals TOTALS = new HeapTotals(1_296, 5, 1_005, 1_000, 20_000_000);

    private final ReportFixture fixture = new ReportFixture();

    /** Blocks 1 (lost, 48) -> 2 (144), 3 and 4 (reachable, 52 each, from one line), 5 (possibly lost, 1000). */
    private static LeakSearch search() {
        SimulatedMemory memory = new SimulatedMemory();
        memory.map(HEAP, HEAP + 0x2000);
        memory.map(ROOT, ROOT + 4096);
        memory.putLong(HEAP, HEAP + 0x100);
        memory.putLong(ROOT, HEAP + 0x200);
        memory.putLong(ROOT + 8, HEAP + 0x300);
        memory.putLong(ROOT + 16, HEAP + 0x401);
        LeakSearch search = new LeakSearch(new LiveBlocks(new long[] {HEAP, HEAP + 0x100, HEAP + 0x200, HEAP + 0x300, HEAP + 0x400},
                new long[] {48, 144, 52, 52, 1000}, new int[] {1, 2, 3, 3, 4}, 5), memory, null, 0);
        search.root(ROOT, ROOT + 4096);
        search.run();
        return search;
    }

    private static long[] stack(int id) {
        return new long[] {0x9000, 0x1000 + id, 0x10AB};
    }

    private List<String> told(MemcheckOptions options) {
        MemcheckReport report = fixture.report(options);
        boolean wanted = report.wantsLeakSearch(TOTALS);
        report.finish(TOTALS, wanted ? search() : null, LeakReportTest::stack);
        return fixture.lines();
    }

    @Test
    void everythingShown() {
        assertThat(told(FULL.withLeakKinds(LeakKind.all(), LeakKind.parse("definite,possible")))).containsExactly(
                "", "HEAP SUMMARY:",
                "    in use at exit: 1,296 bytes in 5 blocks",
                "  total heap usage: 1,005 allocs, 1,000 frees, 20,000,000 bytes allocated", "",
                "104 bytes in 2 blocks are still reachable in loss record 1 of 4",
                "   at 0x9000: malloc (in muninn-heap)", "   by 0x1003: f3 (a.c:3)", "   by 0x10AB: main (a.c:171)", "",
                "144 bytes in 1 blocks are indirectly lost in loss record 2 of 4",
                "   at 0x9000: malloc (in muninn-heap)", "   by 0x1002: f2 (a.c:2)", "   by 0x10AB: main (a.c:171)", "",
                "192 (48 direct, 144 indirect) bytes in 1 blocks are definitely lost in loss record 3 of 4",
                "   at 0x9000: malloc (in muninn-heap)", "   by 0x1001: f1 (a.c:1)", "   by 0x10AB: main (a.c:171)", "",
                "1,000 bytes in 1 blocks are possibly lost in loss record 4 of 4",
                "   at 0x9000: malloc (in muninn-heap)", "   by 0x1004: f4 (a.c:4)", "   by 0x10AB: main (a.c:171)", "",
                "LEAK SUMMARY:",
                "   definitely lost: 48 bytes in 1 blocks",
                "   indirectly lost: 144 bytes in 1 blocks",
                "     possibly lost: 1,000 bytes in 1 blocks",
                "   still reachable: 104 bytes in 2 blocks",
                "        suppressed: 0 bytes in 0 blocks", "",
                "For lists of detected and suppressed errors, rerun with: -s",
                "ERROR SUMMARY: 2 errors from 2 contexts (suppressed: 0 from 0)");
    }

    @Test
    void fullHidesReachableAndSaysSo() {
        assertThat(told(FULL)).doesNotContain("104 bytes in 2 blocks are still reachable in loss record 1 of 4")
                .containsSequence("        suppressed: 0 bytes in 0 blocks",
                        "Reachable blocks (those to which a pointer was found) are not shown.",
                        "To see them, rerun with: --leak-check=full --show-leak-kinds=all", "");
    }

    @Test
    void shownAndCountedAreIndependent() {
        List<String> lines = told(FULL.withLeakKinds(LeakKind.REACHABLE.bit(), LeakKind.all()));
        assertThat(lines).filteredOn(line -> line.contains(" in loss record ")).hasSize(1);
        assertThat(lines).last().isEqualTo("ERROR SUMMARY: 4 errors from 4 contexts (suppressed: 0 from 0)");
    }

    @Test
    void summaryOnly() {
        assertThat(told(MemcheckOptions.defaults())).containsSequence("", "LEAK SUMMARY:", "   definitely lost: 48 bytes in 1 blocks")
                .containsSequence("        suppressed: 0 bytes in 0 blocks", "Rerun with --leak-check=full to see details of leaked memory", "")
                .last().isEqualTo("ERROR SUMMARY: 0 errors from 0 contexts (suppressed: 0 from 0)");
    }

    @Test
    void noCheck() {
        assertThat(told(FULL.withLeakCheck(MemcheckOptions.LeakCheck.NO))).doesNotContain("LEAK SUMMARY:")
                .contains("For a detailed leak analysis, rerun with: --leak-check=full");
    }

    @Test
    void quiet() {
        assertThat(told(FULL.withVerbosity(0))).hasSize(10).first()
                .isEqualTo("192 (48 direct, 144 indirect) bytes in 1 blocks are definitely lost in loss record 3 of 4");
        assertThat(told(MemcheckOptions.defaults().withVerbosity(0))).isEmpty();
    }

    @Test
    void verbose() {
        assertThat(told(FULL.withVerbosity(2))).containsSequence("Searching for pointers to 5 not-freed blocks")
                .anyMatch(line -> line.startsWith("Checked ") && line.endsWith(" bytes"))
                .doesNotContain("For lists of detected and suppressed errors, rerun with: -s");
    }

    @Test
    void resolutionMergesContexts() {
        List<String> lines = told(FULL.withLeakKinds(LeakKind.all(), 0).withLeakFrames(1));
        assertThat(lines).filteredOn(line -> line.contains(" in loss record ")).hasSize(4);
        SimulatedMemory memory = new SimulatedMemory();
        LeakSearch lost = new LeakSearch(new LiveBlocks(new long[] {HEAP, HEAP + 0x100}, new long[] {40, 40}, new int[] {7, 9}, 2), memory, null, 0);
        lost.run();
        assertThat(LossRecord.merge(lost, LeakReportTest::stack, MemcheckOptions.ALL_FRAMES)).hasSize(2);
        assertThat(LossRecord.merge(lost, LeakReportTest::stack, 1))
                .containsExactly(new LossRecord(LeakKind.DEFINITE, 7, 80, 0, 2));
    }

    @Test
    void nothingLeft() {
        MemcheckReport report = fixture.report(FULL);
        HeapTotals totals = new HeapTotals(0, 0, 3, 3, 12);
        assertThat(report.wantsLeakSearch(totals)).isFalse();
        report.finish(totals, null, null);
        assertThat(fixture.lines()).contains("All heap blocks were freed -- no leaks are possible");
    }

    @Test
    void kindsByName() {
        assertThat(LeakKind.parse("all")).isEqualTo(15);
        assertThat(LeakKind.parse("none")).isZero();
        assertThat(LeakKind.parse("definite,indirect")).isEqualTo(LeakKind.DEFINITE.bit() | LeakKind.INDIRECT.bit());
        assertThat(LeakKind.parse("definite,")).isEqualTo(-1);
        assertThat(LeakKind.parse("lost")).isEqualTo(-1);
    }

    @Test
    void preambleNamesUs() {
        fixture.report().preamble(List.of("./a", "b c"));
        assertThat(fixture.lines()).hasSize(5).startsWith("Memcheck, a memory error detector").endsWith("Command: ./a b c", "");
        fixture.report(FULL.withVerbosity(0)).preamble(List.of("./a"));
        assertThat(fixture.lines()).isEmpty();
    }
}
