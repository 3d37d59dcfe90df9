// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FatalSignalTest {
    private static final long[] HERE = {0x1001, 0x10AB};

    private static List<String> told(MemcheckOptions options, FatalSignal signal) {
        ReportFixture fixture = new ReportFixture();
        fixture.report(options).fatal(signal, 1);
        return fixture.lines();
    }

    private static List<String> told(int signal, int code, long address) {
        return told(MemcheckOptions.defaults(), new FatalSignal(HERE, signal, code, address, 8_388_608, false));
    }

    @Test
    void unmappedAccessHasTheHint() {
        assertThat(told(11, 1, 0xab0)).containsExactly(
                "",
                "Process terminating with default action of signal 11 (SIGSEGV)",
                " Access not within mapped region at address 0xAB0",
                "   at 0x1001: f1 (a.c:1)",
                "   by 0x10AB: main (a.c:171)",
                " If you believe this happened as a result of a stack",
                " overflow in your program's main thread (unlikely but",
                " possible), you can try to increase the size of the",
                " main thread stack using the --main-stacksize= flag.",
                " The main thread stack size used in this run was 8388608.");
    }

    @Test
    void otherFaultsHaveNone() {
        assertThat(told(11, 2, 0x10a008)).hasSize(5).contains(" Bad permissions for mapped region at address 0x10A008");
        assertThat(told(11, 0x80, 0)).hasSize(5).contains(" General Protection Fault");
        assertThat(told(8, 1, 0x1001)).contains(" Integer divide by zero at address 0x1001");
        assertThat(told(4, 2, 0x1001)).contains(" Illegal operand at address 0x1001");
        assertThat(told(7, 2, 0x1001)).contains(" Non-existent physical address at address 0x1001");
        assertThat(told(11, 99, 0)).hasSize(4);
    }

    @Test
    void sentSignals() {
        assertThat(told(6, -6, 0)).containsExactly("", "Process terminating with default action of signal 6 (SIGABRT)",
                "   at 0x1001: f1 (a.c:1)", "   by 0x10AB: main (a.c:171)");
        assertThat(told(11, 0, 0)).hasSize(4);
        assertThat(told(34, 0, 0).get(1)).endsWith("signal 34 (SIGRT2)");
        assertThat(told(MemcheckOptions.defaults(), new FatalSignal(HERE, 3, 0, 0, 0, true)).get(1)).endsWith("(SIGQUIT): dumping core");
    }

    @Test
    void quietTellsFaultsOnly() {
        MemcheckOptions quiet = MemcheckOptions.defaults().withVerbosity(0);
        assertThat(told(quiet, new FatalSignal(HERE, 15, 0, 0, 0, false))).isEmpty();
        assertThat(told(quiet, new FatalSignal(HERE, 11, 1, 0, 0, false))).hasSize(10);
    }

    @Test
    void afterAJumpIntoNothingItIsAMatterOfPermissions() {
        ReportFixture fixture = new ReportFixture();
        MemcheckReport report = fixture.report();
        report.error(new MemoryError.InvalidJump(1, HERE, 0));
        fixture.lines();
        report.fatal(new FatalSignal(HERE, 11, 1, 0, 0, false), 1);
        assertThat(fixture.lines()).hasSize(5).contains(" Bad permissions for mapped region at address 0x0");
    }
}
