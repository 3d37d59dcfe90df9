// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads run in parallel: two busy threads need little more time than one, where the machine itself can do that. */
class ThreadsScaleTest {
    private static final int SECONDS = 120;
    private static final int ATTEMPTS = 3;

    @TempDir
    static Path folder;

    @Test
    void twoThreadsTakeTheTimeOfOne() {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "one processor");
        Path program = Muninn.compile("busy", folder);
        Assumptions.assumeTrue(program != null, "no compiler");
        double best = Double.MAX_VALUE;
        double natively = Double.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS; i++) {
            natively = Math.min(natively, ratio(List.of(program.toString())));
            best = Math.min(best, ratio(Muninn.command(List.of("--tool=none", "-q"), List.of(program.toString()))));
        }
        System.err.printf("time of two threads over one: natively %.2f, muninn %.2f%n", natively, best);
        Assumptions.assumeTrue(natively < 1.3, "the machine is busy");
        assertThat(best).isLessThan(natively * 1.25 + 0.1);
    }

    private static double ratio(List<String> command) {
        return (double) time(command, "2") / time(command, "1");
    }

    private static long time(List<String> command, String threads) {
        List<String> words = new java.util.ArrayList<>(command);
        words.add(threads);
        Execution e = Execution.of(words, folder, null, SECONDS);
        assertThat(e.status()).as(e.err()).isZero();
        return e.nanos();
    }
}
