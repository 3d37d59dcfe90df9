// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --diff-native=end} and {@code --verify}: what a developer turns to when a program behaves differently under us. */
class SelfCheckTest {
    private static final int SECONDS = 60;

    @TempDir
    Path folder;

    private Execution run(Path input, List<String> options, String... program) {
        return Execution.of(Muninn.command(options, List.of(program)), folder, input, SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "memcheck"})
    void outputStatusAndSystemCallsAreThoseOfTheNativeRun(String tool) throws IOException {
        Path input = Files.writeString(folder.resolve("in"), "b\na\n");
        Execution e = run(input, List.of("--tool=" + tool, "-q", "--diff-native=end"), "sh", "-c", "read first; read second; echo $second $first; echo error >&2; exit 3");

        assertThat(e.status()).as(e.err()).isEqualTo(3);
        assertThat(e.out()).isEqualTo("a b\n");
        assertThat(e.err()).startsWith("error\n").containsPattern("same output, status 3, same [0-9]{2,} system calls");
    }

    @Test
    void deathBySignalIsCompared() {
        Execution e = run(null, List.of("--tool=none", "-q", "--diff-native=end"), "sh", "-c", "kill -9 $$");

        assertThat(e.err()).contains("same output, signal 9, same ");
    }

    @Test
    void differentOutputIsToldAndFails() {
        Execution e = run(null, List.of("--tool=none", "-q", "--diff-native=end"), "sh", "-c", "echo $$");

        assertThat(e.status()).isEqualTo(125);
        assertThat(e.err()).contains("standard output differs from byte ");
    }

    @Test
    void differentSystemCallsAreToldAndFail() {
        // The file is there only the second time.
        Execution e = run(null, List.of("--tool=none", "-q", "--diff-native=end"), "sh", "-c", "test -f mark && cd /; : >mark");

        assertThat(e.status()).isEqualTo(125);
        assertThat(e.err()).containsPattern("system call [0-9]+ was number [0-9]+ natively, 80 here");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void verificationLooksAtEveryChain(int level) {
        Execution e = run(null, List.of("--verify=" + level, "--translation-cache=no"), "sh", "-c", "ls / >/dev/null");

        assertThat(e.status()).as(e.err()).isZero();
        assertThat(e.err()).containsPattern("-- verified: [0-9]{3,} chains of fragments, 0 findings");
    }

    /** Natively the program maps code 200 times; with 64 MiB for translations, all of it has to be given up several times. */
    @ParameterizedTest
    @ValueSource(strings = {"none 0", "none 1", "memcheck 0", "memcheck 1"})
    void codeMemoryIsUsedAgain(String how) {
        Path program = Muninn.compile("codechurn", folder);
        Assumptions.assumeTrue(program != null, "no gcc");
        String[] words = how.split(" ");
        Execution natively = Execution.of(List.of(program.toString(), "200", words[1]), folder, null, SECONDS);
        Execution e = run(null, List.of("--tool=" + words[0], "-q", "--stats=yes", "--verify=3", "--code-memory=64"), program.toString(), "200", words[1]);

        assertThat(e.status()).as(e.err()).isZero();
        assertThat(e.out()).isEqualTo(natively.out());
        assertThat(e.err()).as("ten MiB for each of them").containsPattern("code memory reserved").doesNotContain("internal check failed");
    }

    /** Each killed child leaves code behind that it was just making, and libraries at places of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "memcheck"})
    void codeMemoryOfKilledProcessesIsUsedAgain(String tool) {
        Path program = Muninn.compile("killer", folder);
        Assumptions.assumeTrue(program != null, "no gcc");
        Execution e = run(null, List.of("--tool=" + tool, "-q", "--code-memory=64"), program.toString(), "60");

        assertThat(e.status()).as(e.err()).isZero();
        assertThat(e.out()).isEqualTo("60\n");
    }
}
