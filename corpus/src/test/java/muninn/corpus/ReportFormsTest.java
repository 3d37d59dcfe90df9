// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The forms a report can have, from the command line: XML, suppressions, markers, paths, files of each process, sockets. */
class ReportFormsTest {
    private static final int SECONDS = 60;

    @TempDir
    Path folder;
    private Path program;

    @BeforeEach
    void compile() {
        program = Muninn.compile("report", folder);
        Assumptions.assumeTrue(program != null, "no gcc");
    }

    private Execution run(String... words) {
        List<String> line = new ArrayList<>(Arrays.asList(words));
        int end = line.indexOf("--");
        List<String> arguments = end < 0 ? List.of() : line.subList(end + 1, line.size());
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return Execution.of(Muninn.command(end < 0 ? line : line.subList(0, end), command), folder, null, SECONDS);
    }

    private static Document parse(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static List<String> texts(Document d, String name) {
        List<String> out = new ArrayList<>();
        NodeList all = d.getElementsByTagName(name);
        for (int i = 0; i < all.getLength(); i++) {
            out.add(((Element) all.item(i)).getTextContent());
        }
        return out;
    }

    @Test
    void xmlGoesToItsFileAndTheLogStaysEmpty() throws Exception {
        Execution e = run("--xml=yes", "--xml-file=report.xml", "--xml-user-comment=<x>y</x>");

        assertThat(e.status()).isEqualTo(7);
        assertThat(e.err()).isEmpty();
        Document d = parse(folder.resolve("report.xml"));
        assertThat(texts(d, "kind")).containsExactly("InvalidWrite", "UninitCondition", "InvalidFree", "Leak_DefinitelyLost");
        assertThat(texts(d, "state")).containsExactly("RUNNING", "FINISHED");
        assertThat(texts(d, "x")).containsExactly("y");
        assertThat(texts(d, "leakedbytes")).containsExactly("54");
        assertThat(texts(d, "dir")).isNotEmpty().allMatch(dir -> dir.endsWith("corpus/clients"));
    }

    @Test
    void eachProcessHasADocumentOfItsOwn() throws Exception {
        run("--xml=yes", "--xml-file=report-%p.xml", "--", "fork");

        try (Stream<Path> files = Files.list(folder)) {
            List<Path> reports = files.filter(f -> f.toString().endsWith(".xml")).toList();
            assertThat(reports).hasSize(2);
            for (Path report : reports) {
                assertThat(texts(parse(report), "kind")).contains("InvalidWrite", "InvalidFree");
            }
        }
    }

    @Test
    void childrenCanBeSilent() {
        Execution loud = run("--", "fork");
        Execution silent = run("--child-silent-after-fork=yes", "--", "fork");

        assertThat(loud.err().split("Invalid free", -1)).hasSize(3);
        assertThat(silent.err().split("Invalid free", -1)).hasSize(2);
    }

    @Test
    void whatIsGeneratedSuppresses() throws IOException {
        Execution first = run("--leak-check=full", "--gen-suppressions=all");
        StringBuilder file = new StringBuilder();
        boolean inside = false;
        for (String line : first.err().lines().toList()) {
            inside |= line.equals("{");
            if (inside) {
                file.append(line).append('\n');
            }
            inside &= !line.equals("}");
        }
        Files.writeString(folder.resolve("all.supp"), file.toString());
        Execution second = run("--leak-check=full", "--error-exitcode=9", "-s", "--suppressions=all.supp");

        assertThat(first.err()).contains("ERROR SUMMARY: 4 errors from 4 contexts (suppressed: 0 from 0)");
        assertThat(second.status()).as(second.err()).isEqualTo(7);
        assertThat(second.err()).contains("ERROR SUMMARY: 0 errors from 0 contexts (suppressed: 4 from 4)")
                .contains("        suppressed: 24 bytes in 1 blocks").contains("used_suppression:      1 <insert_a_suppression_name_here> all.supp:");
    }

    @Test
    void aBadSuppressionFileIsNamedWithItsLine() throws IOException {
        Files.writeString(folder.resolve("bad.supp"), "{\n  x\n  Memcheck:Foo\n  fun:f\n}\n");
        Execution bad = run("--suppressions=bad.supp");
        Execution missing = run("--suppressions=missing.supp");

        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.err()).isEqualTo("muninn: FATAL: in suppressions file \"bad.supp\" near line 3: unknown tool suppression type 'Foo'\n");
        assertThat(missing.err()).isEqualTo("muninn: FATAL: can't open suppressions file \"missing.supp\"\n");
    }

    @Test
    void theFirstErrorCanBeTheLast() {
        Execution e = run("--exit-on-first-error=yes", "--error-exitcode=33");

        assertThat(e.status()).isEqualTo(33);
        assertThat(e.err()).contains("Invalid write of size 1", "Exit program on first error (--exit-on-first-error=yes)")
                .doesNotContain("Conditional jump");
    }

    @Test
    void markersEncloseEachError() {
        Execution e = run("--error-markers=BEGIN,END");

        assertThat(e.err()).containsSubsequence("== BEGIN\n", "Invalid write", "== END\n", "== BEGIN\n", "Conditional jump", "== END\n");
    }

    @Test
    void pathsAreShownBehindThePrefix() {
        assertThat(run("--fullpath-after=").err()).containsPattern("wrong \\(/.*/corpus/clients/report.c:20\\)");
        assertThat(run("--fullpath-after=/corpus/").err()).contains("wrong (clients/report.c:20)");
    }

    @Test
    void anOlderSpellingShowsAllLeaks() {
        assertThat(run("--leak-check=full", "--show-reachable=yes").err()).contains("54 (24 direct, 30 indirect) bytes in 1 blocks are definitely lost", "30 bytes in 1 blocks are indirectly lost in loss record");
    }

    @Test
    void aListenerGetsTheLog() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            CompletableFuture<String> got = CompletableFuture.supplyAsync(() -> {
                try (Socket s = server.accept()) {
                    return new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            Execution e = run("--log-socket=127.0.0.1:" + server.getLocalPort());
            assertThat(e.err()).isEmpty();
            assertThat(got.get()).contains("Invalid write of size 1", "ERROR SUMMARY: 3 errors");
        }
    }

    @Test
    void aLogThatCannotBeWrittenGoesToStandardError() {
        Execution file = run("--log-file=/nonexistent/log");
        Execution socket = run("--log-socket=127.0.0.1:1");

        assertThat(file.status()).isEqualTo(7);
        assertThat(file.err()).contains("Cannot create file '/nonexistent/log': No such file or directory", "ERROR SUMMARY: 3 errors");
        assertThat(socket.err()).contains("Cannot connect to '127.0.0.1:1'", "ERROR SUMMARY: 3 errors");
    }

    @Test
    void programsCanBeSkippedAmongChildren() {
        Path shell = Path.of("/bin/sh");
        Execution all = Execution.of(Muninn.command(List.of("--trace-children=yes"), List.of(shell.toString(), "-c", program + "; true")),
                folder, null, SECONDS);
        Execution skipped = Execution.of(Muninn.command(List.of("--trace-children=yes", "--trace-children-skip=*/report,x"),
                List.of(shell.toString(), "-c", program + "; true")), folder, null, SECONDS);
        Execution byArgument = Execution.of(Muninn.command(List.of("--trace-children=yes", "--trace-children-skip-by-arg=unw?tched"),
                List.of(shell.toString(), "-c", program + " unwatched; true")), folder, null, SECONDS);

        assertThat(all.err()).contains("Invalid write");
        assertThat(skipped.err()).doesNotContain("Invalid write");
        assertThat(byArgument.err()).doesNotContain("Invalid write");
    }

    @Test
    void aLinkNamedValgrindAnswersAsValgrindDoes() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("valgrind"), Path.of(Muninn.launcher()));
        Execution version = Execution.of(List.of(link.toString(), "--version"), folder, null, SECONDS);
        Execution checked = Execution.of(List.of(link.toString(), "-q", "--error-exitcode=5", program.toString()), folder, null, SECONDS);

        assertThat(version.out()).matches("valgrind-[0-9]+\\.[0-9]+\\.[0-9]+\n");
        assertThat(checked.status()).isEqualTo(5);
    }

    @Test
    void findingsForOtherPrograms() throws Exception {
        Execution e = run("-q", "--leak-check=full", "--report=json=out.json", "--report=sarif=out.sarif", "--report=junit=out.xml",
                "--report=github=-", "--", "fork");
        String json = Files.readString(folder.resolve("out.json"));
        assertThat(json).contains("\"kind\":\"InvalidWrite\"", "report.c\"", "\"kind\":\"Leak_DefinitelyLost\"");
        assertThat(json.split("\"kind\":", -1)).as("three errors and a leak with what hangs on it, in both processes").hasSize(1 + 2 * 4);
        assertThat(Files.readString(folder.resolve("out.sarif"))).contains("\"version\":\"2.1.0\"", "\"ruleId\":\"UninitCondition\"");
        Document junit = parse(folder.resolve("out.xml"));
        assertThat(junit.getElementsByTagName("failure").getLength()).isEqualTo(8);
        assertThat(e.err().lines().filter(l -> l.startsWith("::error file="))).hasSize(8);
    }

    @Test
    void aBaselineLetsWhatIsKnownPass() {
        assertThat(run("-q", "--error-exitcode=9", "--report=json=known.json").status()).isEqualTo(9);
        assertThat(run("-q", "--error-exitcode=9", "--fail-on=new", "--baseline=known.json").status()).isEqualTo(7);
        assertThat(run("-q", "--error-exitcode=9", "--fail-on=none").status()).isEqualTo(7);
        assertThat(run("-q", "--leak-check=full", "--error-exitcode=9", "--fail-on=new", "--baseline=known.json").status())
                .as("the leak was not looked for before").isEqualTo(9);
        assertThat(run("-q", "--fail-on=new", "--baseline=nothing.json").err()).contains("can't read the baseline \"nothing.json\"");
    }
}
