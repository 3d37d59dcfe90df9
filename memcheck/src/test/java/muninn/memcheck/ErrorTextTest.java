// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every error and every kind of place, word for word. */
class ErrorTextTest {
    private static final long[] HERE = {0x1003, 0x10AB, 0x8000};
    private static final long[] ALLOCATED = {0x9000, 0x1001, 0x10AB};
    private static final long[] FREED = {0x9001, 0x1002, 0x10AB};

    private final ReportFixture fixture = new ReportFixture();
    private final MemcheckReport report = fixture.report();

    @Test
    void writeAfterLiveBlock() {
        fixture.block = new HeapBlock(0x4a4_0040L, 10, "block", "alloc'd", false, ALLOCATED, null);
        report.error(new MemoryError.InvalidWrite(1, HERE, 0x4a4_004aL, 1));
        assertThat(fixture.lines()).containsExactly(
                "Invalid write of size 1",
                "   at 0x1003: f3 (a.c:3)",
                "   by 0x10AB: main (a.c:171)",
                " Address 0x4a4004a is 0 bytes after a block of size 10 alloc'd",
                "   at 0x9000: malloc (in muninn-heap)",
                "   by 0x1001: f1 (a.c:1)",
                "   by 0x10AB: main (a.c:171)",
                "");
        assertThat(fixture.writes).isEqualTo(1);
    }

    @Test
    void readInsideFreedBlock() {
        fixture.block = new HeapBlock(0x5000, 12_345, "block", "free'd", true, ALLOCATED, FREED);
        report.error(new MemoryError.InvalidRead(1, HERE, 0x5000 + 2_222, 8));
        assertThat(fixture.lines()).containsExactly(
                "Invalid read of size 8",
                "   at 0x1003: f3 (a.c:3)",
                "   by 0x10AB: main (a.c:171)",
                " Address 0x58ae is 2,222 bytes inside a block of size 12,345 free'd",
                "   at 0x9001: free (in muninn-heap)",
                "   by 0x1002: f2 (a.c:2)",
                "   by 0x10AB: main (a.c:171)",
                " Block was alloc'd at",
                "   at 0x9000: malloc (in muninn-heap)",
                "   by 0x1001: f1 (a.c:1)",
                "   by 0x10AB: main (a.c:171)",
                "");
    }

    @Test
    void beforeBlock() {
        fixture.block = new HeapBlock(0x5000, 4, "block", "alloc'd", false, ALLOCATED, null);
        report.error(new MemoryError.InvalidRead(1, HERE, 0x5000 - 16, 8));
        assertThat(fixture.lines()).contains(" Address 0x4ff0 is 16 bytes before a block of size 4 alloc'd");
    }

    @Test
    void stacks() {
        fixture.stack = new AddressDescription.OnStack(2, 1, new FrameText(0x10AB, "main", "a.c", 7, null), 0);
        report.error(new MemoryError.InvalidFree(1, HERE, 0x1ffe));
        assertThat(fixture.lines()).containsSequence("Invalid free() / delete / delete[] / realloc()")
                .containsSequence(" Address 0x1ffe is on thread 2's stack", " in frame #1, created by main (a.c:7)", "");
        fixture.stack = new AddressDescription.OnStack(1, -1, null, 3009);
        report.error(new MemoryError.InvalidRead(1, HERE, 0x1ffe, 1));
        assertThat(fixture.lines()).containsSequence(" Address 0x1ffe is on thread 1's stack", " 3009 bytes below stack pointer", "");
    }

    @Test
    void otherPlaces() {
        fixture.mapping = new AddressDescription.InMapping("rw-", "/dev/zero");
        report.error(new MemoryError.InvalidRead(1, HERE, 0x7000, 1));
        assertThat(fixture.lines()).contains(" Address 0x7000 is in a rw- mapped file /dev/zero segment");
        fixture.mapping = new AddressDescription.InMapping("rw-", null);
        report.error(new MemoryError.InvalidRead(1, HERE, 0x7000, 2));
        assertThat(fixture.lines()).contains(" Address 0x7000 is in a rw- anonymous segment");
        fixture.section = new AddressDescription.InSection("Text", "/tmp/a");
        report.error(new MemoryError.InvalidRead(1, HERE, 0x7000, 4));
        assertThat(fixture.lines()).contains(" Address 0x7000 is in the Text segment of /tmp/a");
        fixture.symbol = new AddressDescription.InDataSymbol("zeroed", 8);
        report.error(new MemoryError.InvalidFree(1, HERE, 0x7000));
        assertThat(fixture.lines()).contains(" Address 0x7000 is 8 bytes inside data symbol \"zeroed\"");
    }

    @Test
    void jumpIntoNothing() {
        report.error(new MemoryError.InvalidJump(1, new long[] {0, 0x8000}, 0));
        assertThat(fixture.lines()).containsExactly(
                "Jump to the invalid address stated on the next line",
                "   at 0x0: ???",
                "   by 0x8000: (below main) (libc_start_call_main.h:58)",
                " Address 0x0 is not stack'd, malloc'd or (recently) free'd",
                "");
    }

    @Test
    void mismatchFishyParamOverlap() {
        report.error(new MemoryError.MismatchedFree(1, HERE, 0x10));
        assertThat(fixture.lines()).first().isEqualTo("Mismatched free() / delete / delete []");
        report.error(new MemoryError.FishyValue(1, HERE, "malloc", "size", -3));
        assertThat(fixture.lines()).containsExactly("Argument 'size' of function malloc has a fishy (possibly negative) value: -3",
                "   at 0x1003: f3 (a.c:3)", "   by 0x10AB: main (a.c:171)", "");
        report.error(new MemoryError.SyscallParam(1, HERE, "write(buf)", 0x10, true, false));
        assertThat(fixture.lines()).first().isEqualTo("Syscall param write(buf) points to unaddressable byte(s)");
        report.error(new MemoryError.SyscallParam(1, HERE, "write(buf)", 0x10, true, true));
        assertThat(fixture.lines()).first().isEqualTo("Syscall param write(buf) points to uninitialised byte(s)");
        report.error(new MemoryError.SyscallParam(1, HERE, "write(count)", 0, false, true));
        assertThat(fixture.lines()).containsExactly("Syscall param write(count) contains uninitialised byte(s)",
                "   at 0x1003: f3 (a.c:3)", "   by 0x10AB: main (a.c:171)", "");
        report.error(new MemoryError.Overlap(1, HERE, "memcpy", 0x11, 0x10, 10));
        assertThat(fixture.lines()).first().isEqualTo("Source and destination overlap in memcpy(0x11, 0x10, 10)");
        report.error(new MemoryError.Overlap(1, new long[] {0x1009}, "strcpy", 0x11, 0x10, -1));
        assertThat(fixture.lines()).first().isEqualTo("Source and destination overlap in strcpy(0x11, 0x10)");
    }

    @Test
    void framesWithoutNames() {
        report.error(new MemoryError.InvalidJump(1, new long[] {0x8001, 0x20}, 0));
        assertThat(fixture.lines()).containsSequence("   at 0x8001: ??? (in /lib/libx.so)", "   by 0x20: ???");
    }

    @Test
    void aNameWithLineBreaksStaysInsideTheReport() {
        fixture.section = new AddressDescription.InSection("Data", "/tmp/a\n==1== forged");
        report.error(new MemoryError.InvalidFree(1, HERE, 0x7000));
        assertThat(fixture.lines()).containsSequence(" Address 0x7000 is in the Data segment of /tmp/a", "==1== forged");
    }

    @Test
    void depthAndBelowMain() {
        ReportFixture other = new ReportFixture();
        other.report(MemcheckOptions.defaults().withNumCallers(2)).error(new MemoryError.InvalidJump(1, new long[] {0x1001, 0x1002, 0x1003}, 0));
        assertThat(other.lines()).noneMatch(line -> line.contains("f3")).anyMatch(line -> line.contains("f2"));
        other.report(MemcheckOptions.defaults().withShowBelowMain(true)).error(new MemoryError.InvalidJump(1, HERE, 0));
        assertThat(other.lines()).contains("   by 0x8000: __libc_start_call_main (libc_start_call_main.h:58)");
    }
}
