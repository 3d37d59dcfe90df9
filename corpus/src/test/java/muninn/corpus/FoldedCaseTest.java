// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comparisons of strings without regard to case follow the client's locale, and read no byte behind a string. */
class FoldedCaseTest {
    private static final int SECONDS = 60;

    @TempDir
    Path folder;

    private Execution run(String locale, String... command) {
        List<String> words = new ArrayList<>(List.of("env", "LC_ALL=" + locale, "LOCPATH=" + folder));
        words.addAll(List.of(command));
        return Execution.of(words, folder, null, SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"-pie, C", "-static, C", "-pie, latin1", "-static, latin1"})
    void resultsAreThoseOfTheNativeRun(String kind, String locale) {
        Assumptions.assumeTrue(Muninn.has("gcc"), "no gcc");
        String program = folder.resolve("foldcase").toString();
        Execution compiled = Execution.of(List.of("gcc", "-O1", "-w", kind, "-o", program,
                Muninn.root().resolve("corpus/clients/foldcase.c").toString()), folder, null, SECONDS);
        Assumptions.assumeTrue(compiled.status() == 0, "no static libraries");
        if (!locale.equals("C")) {
            Execution made = Muninn.has("localedef")
                    ? Execution.of(List.of("localedef", "-i", "de_DE", "-f", "ISO-8859-1", folder.resolve(locale).toString()), folder, null, SECONDS) : null;
            Assumptions.assumeTrue(made != null && made.status() == 0, "no definition of a locale with letters outside of ASCII");
        }
        Execution natively = run(locale, program);
        Execution e = run(locale, Muninn.launcher(), "-q", program);

        assertThat(natively.out()).as("the umlauts are equal in that locale only").endsWith(locale.equals("C") ? " 0\n" : " 1\n");
        assertThat(e.err()).isEmpty();
        assertThat(e.out()).isEqualTo(natively.out());
    }
}
