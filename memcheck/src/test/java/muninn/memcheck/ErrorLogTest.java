// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorLogTest {
    private final ReportFixture fixture = new ReportFixture();

    private static MemoryError write(int tid, int size, long... stack) {
        return new MemoryError.InvalidWrite(tid, stack, 0x10, size);
    }

    private static long reports(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("Invalid")).count();
    }

    @Test
    void fourFramesDecide() {
        MemcheckReport report = fixture.report();
        report.error(write(1, 1, 0x1001, 0x1002, 0x1003, 0x1004, 0x1005));
        report.error(write(1, 1, 0x1001, 0x1002, 0x1003, 0x1004, 0x1006));
        assertThat(reports(fixture.lines())).isEqualTo(1);
        report.error(write(1, 1, 0x1001, 0x1002, 0x1003, 0x1005));
        report.error(write(1, 2, 0x1001, 0x1002, 0x1003, 0x1004));
        report.error(write(1, 2, 0x1001, 0x1002, 0x1003));
        assertThat(reports(fixture.lines())).isEqualTo(3);
        assertThat(report.errorsFound()).isEqualTo(5);
    }

    /** As in Valgrind: an instruction that reads and writes is one context with two errors (case rmw). */
    @Test
    void readAndWriteOfOneInstructionAreOneContext() {
        MemcheckReport report = fixture.report();
        report.error(new MemoryError.InvalidRead(1, new long[] {0x1001}, 0x10, 4));
        report.error(write(1, 4, 0x1001));
        assertThat(fixture.lines()).contains("Invalid read of size 4").doesNotContain("Invalid write of size 4");
        report.finish(new HeapTotals(0, 0, 0, 0, 0), null, null);
        assertThat(fixture.lines()).last().isEqualTo("ERROR SUMMARY: 2 errors from 1 contexts (suppressed: 0 from 0)");
    }

    @Test
    void threadIsNamedWhenItChanges() {
        MemcheckReport report = fixture.report();
        report.error(write(1, 1, 0x1001));
        assertThat(fixture.lines()).noneMatch(line -> line.startsWith("Thread"));
        report.error(write(2, 1, 0x1002));
        assertThat(fixture.lines()).first().isEqualTo("Thread 2:");
        report.error(write(2, 1, 0x1003));
        assertThat(fixture.lines()).first().isEqualTo("Invalid write of size 1");
        report.error(write(1, 1, 0x1004));
        assertThat(fixture.lines()).first().isEqualTo("Thread 1:");
    }

    @Test
    void lessDetailAfterAHundred() {
        MemcheckReport report = fixture.report();
        for (int i = 0; i < 100; i++) {
            report.error(write(1, 1, 0x1001, 0x1002, 0x2000 + i));
        }
        assertThat(fixture.lines()).noneMatch(line -> line.startsWith("More than"));
        report.error(write(1, 1, 0x1001, 0x1003));
        assertThat(fixture.lines()).startsWith("", "More than 100 errors detected.  Subsequent errors",
                "will still be recorded, but in less detail than before.", "Invalid write of size 1");
        report.error(write(1, 1, 0x1001, 0x1003, 0x3000));
        report.error(write(1, 1, 0x1001, 0x1002, 0x3000));
        assertThat(fixture.lines()).isEmpty();
        assertThat(report.errorsFound()).isEqualTo(103);
    }

    @Test
    void endsAfterAThousand() {
        MemcheckReport report = fixture.report();
        for (int i = 0; i < 1000; i++) {
            report.error(write(1, 1, 0x2000 + i));
        }
        fixture.lines();
        report.error(write(1, 1, 0x2000));
        assertThat(fixture.lines()).startsWith("", "More than 1000 different errors detected.  I'm not reporting any more.",
                "Final error counts will be inaccurate.  Go fix your program!").hasSize(7).endsWith("");
        report.error(write(1, 1, 0x1));
        assertThat(fixture.lines()).isEmpty();
        assertThat(report.errorsFound()).isEqualTo(1000);

        MemcheckReport unlimited = new ReportFixture().report(MemcheckOptions.defaults().withErrorLimit(false));
        for (int i = 0; i < 1100; i++) {
            unlimited.error(write(1, 1, 0x2000 + i));
        }
        assertThat(unlimited.errorsFound()).isEqualTo(1100);
    }

    @Test
    void tenMillionInAll() {
        MemcheckReport report = fixture.report();
        MemoryError same = write(1, 1, 0x1001);
        for (int i = 0; i < 10_000_001; i++) {
            report.error(same);
        }
        assertThat(fixture.lines()).contains("More than 10000000 total errors detected.  I'm not reporting any more.");
        assertThat(report.errorsFound()).isEqualTo(10_000_000);
    }

    @Test
    void listIsRareFirstAndLatestFirst() {
        MemcheckReport report = fixture.report(MemcheckOptions.defaults().withShowErrorList(true));
        report.error(write(1, 1, 0x1001));
        report.error(write(1, 1, 0x1001));
        report.error(write(1, 2, 0x1002));
        report.error(write(1, 4, 0x1003));
        fixture.lines();
        report.finish(new HeapTotals(0, 0, 1, 1, 4), null, null);
        assertThat(fixture.lines()).containsExactly(
                "", "HEAP SUMMARY:", "    in use at exit: 0 bytes in 0 blocks",
                "  total heap usage: 1 allocs, 1 frees, 4 bytes allocated", "",
                "All heap blocks were freed -- no leaks are possible", "",
                "ERROR SUMMARY: 4 errors from 3 contexts (suppressed: 0 from 0)",
                "", "1 errors in context 1 of 3:", "Invalid write of size 4", "   at 0x1003: f3 (a.c:3)",
                " Address 0x10 is not stack'd, malloc'd or (recently) free'd", "",
                "", "1 errors in context 2 of 3:", "Invalid write of size 2", "   at 0x1002: f2 (a.c:2)",
                " Address 0x10 is not stack'd, malloc'd or (recently) free'd", "",
                "", "2 errors in context 3 of 3:", "Invalid write of size 1", "   at 0x1001: f1 (a.c:1)",
                " Address 0x10 is not stack'd, malloc'd or (recently) free'd", "",
                "ERROR SUMMARY: 4 errors from 3 contexts (suppressed: 0 from 0)");
    }

    @Test
    void exitStatus() {
        MemcheckReport report = fixture.report(MemcheckOptions.defaults().withErrorExitcode(42));
        assertThat(report.exitStatus(5)).isEqualTo(5);
        report.error(write(1, 1, 0x1001));
        assertThat(report.exitStatus(5)).isEqualTo(42);
        MemcheckReport plain = new ReportFixture().report();
        plain.error(write(1, 1, 0x1001));
        assertThat(plain.exitStatus(5)).isEqualTo(5);
    }

    @Test
    void aClientRequestThatIsNotServedIsToldOnce() {
        ReportFixture fixture = new ReportFixture();
        MemcheckReport report = fixture.report();
        report.unknownRequest(0x1403);
        report.unknownRequest(0x1403);
        assertThat(fixture.lines()).containsExactly("Warning: client request 0x1403 is not supported by Muninn yet; it gets its default answer");
        report.unknownRequest(0x1201);
        assertThat(fixture.lines()).hasSize(1);
    }
}
