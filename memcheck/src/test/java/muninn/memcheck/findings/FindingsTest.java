// SPDX-License-Identifier: MIT
package muninn.memcheck.findings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
    private static Finding finding(String function, int line, boolean error) {
        Finding.Frame library = new Finding.Frame(0x10, "memcpy", "memcpy.S", "/src", 3, "/lib/libc.so");
        Finding.Frame own = new Finding.Frame(0x20, function, "a \"b\".c", "/home/x y", line, "/bin/p");
        return new Finding("InvalidRead", "Invalid read of size 4, 50% & <more>", 7, 1, 2,
                List.of(new Finding.Stack(List.of("Invalid read of size 4"), List.of(library, own)), new Finding.Stack(List.of("Nothing\nis known"), List.of())),
                error);
    }

    private static Findings findings(Set<String> baseline) {
        Findings f = new Findings(List.of(), List.of("./p", "an \u0001 argument"), baseline);
        f.program("/bin/p");
        f.add(List.of(finding("f", 5, true), finding("f", 9, true), finding("g", 12, false)));
        return f;
    }

    @Test
    void linesDoNotChangeAFingerprintFunctionsDo() {
        assertThat(finding("f", 1, true).fingerprint()).isEqualTo(finding("f", 2, true).fingerprint()).hasSize(16);
        assertThat(finding("f", 1, true).fingerprint()).isNotEqualTo(finding("g", 1, true).fingerprint());
        List<String> prints = findings(null).fingerprints();
        assertThat(prints.get(1)).isEqualTo(prints.get(0) + "-2");
    }

    @Test
    void aPlaceIsInTheProgramIfItCanBe() {
        assertThat(finding("f", 5, true).place("/bin/p").line()).isEqualTo(5);
        assertThat(finding("f", 5, true).place("/bin/q").function()).isEqualTo("memcpy");
    }

    @Test
    void jsonAndSarifEscapeWhatTheyMust() {
        String json = FindingForm.JSON.text(findings(null));
        assertThat(json).contains("\"an \\u0001 argument\"").contains("/home/x y/a \\\"b\\\".c").contains("\"Nothing\\u000ais known\"")
                .doesNotContain("\"new\"");
        String sarif = FindingForm.SARIF.text(findings(null));
        assertThat(sarif).contains("\"version\":\"2.1.0\"").contains("\"uri\":\"file:///home/x%20y/a%20%22b%22.c\"").contains("\"level\":\"note\"");
    }

    @Test
    void junitAndGithubEscapeWhatTheyMust() {
        assertThat(FindingForm.JUNIT.text(findings(null))).contains("tests=\"3\" failures=\"2\"").contains("50% &amp; &lt;more&gt;")
                .contains("./p an ? argument");
        assertThat(FindingForm.JUNIT.text(new Findings(List.of(), List.of("p"), null))).contains("no findings");
        String github = FindingForm.GITHUB.text(findings(null));
        assertThat(github.lines()).hasSize(3);
        assertThat(github).contains("::error file=/home/x y/a \"b\".c,line=5,title=InvalidRead::Invalid read of size 4%0A   at memcpy (memcpy.S:3)%0A")
                .contains("::warning file=");
    }

    @Test
    void aBaselineSaysWhatIsNew() {
        String before = FindingForm.JSON.text(findings(null));
        Set<String> known = Findings.fingerprintsIn(before);
        assertThat(known).hasSize(3).isEqualTo(Findings.fingerprintsIn(FindingForm.SARIF.text(findings(null))));
        Findings again = findings(known);
        assertThat(again.newErrors()).isZero();
        again.add(List.of(finding("h", 1, true), finding("f", 77, true), finding("k", 3, false)));
        assertThat(again.newErrors()).as("h, and one more in f").isEqualTo(2);
        assertThat(FindingForm.SARIF.text(again)).contains("\"baselineState\":\"new\"").contains("\"baselineState\":\"unchanged\"");
    }

    @Test
    void filesAreReplacedAsAWhole(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("r");
        Findings f = new Findings(List.of(new Findings.Target(FindingForm.GITHUB, file.toString())), List.of("p"), null);
        f.add(List.of(finding("f", 5, true)));
        assertThat(Files.readAllLines(file)).hasSize(1);
        f.add(List.of(finding("g", 5, true)));
        f.finish();
        assertThat(Files.readAllLines(file)).hasSize(2);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}
