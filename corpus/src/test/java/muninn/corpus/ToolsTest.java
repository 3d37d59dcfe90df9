// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools on the tool interface: what they count is what was executed, and what the user puts in is used or refused. */
class ToolsTest {
    private static final int SECONDS = 60;
    /** Of corpus/clients/counted.c, instruction by instruction. */
    private static final String INSTRUCTIONS = "22,069";
    private static final String JUMPS = "11,010";
    private static final String TAKEN = "10,498";

    @TempDir
    Path folder;
    private Path counted;

    @BeforeEach
    void compile() throws IOException {
        Assumptions.assumeTrue(Muninn.has("gcc"), "no gcc");
        counted = folder.resolve("counted");
        Execution e = Execution.of(List.of("gcc", "-O1", "-g", "-nostdlib", "-static", "-fno-stack-protector", "-fcf-protection=none", "-o",
                counted.toString(), Muninn.root().resolve("corpus/clients/counted.c").toString()), folder, null, SECONDS);
        assertThat(e.status()).as(e.err()).isZero();
    }

    private static String number(String text, String label) {
        Matcher m = Pattern.compile(Pattern.quote(label) + "\\s*([0-9,]+)").matcher(text);
        return m.find() ? m.group(1) : null;
    }

    @Test
    void lackeyCountsWhatIsExecuted() {
        Execution e = Muninn.run(folder, "--tool=lackey", "--fnname=loop", counted.toString());
        assertThat(e.status()).isEqualTo(7);
        assertThat(number(e.err(), "guest instrs:")).isEqualTo(INSTRUCTIONS);
        assertThat(number(e.err(), "total:")).isEqualTo(JUMPS);
        assertThat(number(e.err(), "taken:")).isEqualTo(TAKEN);
        assertThat(e.err()).contains("Counted 10 calls to loop()").contains("Exit code:       7");
    }

    @Test
    void lackeyCountsWhatValgrindsCounts() {
        Assumptions.assumeTrue(Muninn.has("valgrind"), "no valgrind");
        Execution e = Execution.of(List.of("valgrind", "--tool=lackey", counted.toString()), folder, null, SECONDS);
        assertThat(number(e.err(), "guest instrs:")).isEqualTo(INSTRUCTIONS);
        assertThat(number(e.err(), "total:")).isEqualTo(JUMPS);
        assertThat(number(e.err(), "taken:")).isEqualTo(TAKEN);
    }

    @Test
    void cachegrindsFileHasEachLine() throws IOException {
        Execution e = Muninn.run(folder, "--tool=cachegrind", "--cachegrind-out-file=" + folder + "/out", counted.toString());
        assertThat(number(e.err(), "I   refs:")).isEqualTo(INSTRUCTIONS);
        List<String> lines = Files.readAllLines(folder.resolve("out"));
        assertThat(lines).contains("events: Ir", "fn=loop", "fn=never", "fn=_start", "summary: " + INSTRUCTIONS.replace(",", ""));
        assertThat(lines).as("the loop: nop and two thousand, ten times").contains("5 20010");
        long sum = lines.stream().filter(l -> l.matches("\\d+ \\d+")).mapToLong(l -> Long.parseLong(l.split(" ")[1])).sum();
        assertThat(sum).isEqualTo(Long.parseLong(INSTRUCTIONS.replace(",", "")));
    }

    @Test
    void annotateReadsTheFile() {
        Assumptions.assumeTrue(Muninn.has("cg_annotate"), "no cg_annotate");
        Muninn.run(folder, "--tool=cachegrind", "--cachegrind-out-file=" + folder + "/out", counted.toString());
        Execution e = Execution.of(List.of("cg_annotate", folder + "/out"), folder, null, SECONDS);
        assertThat(e.status()).as(e.err()).isZero();
        assertThat(e.out()).contains(INSTRUCTIONS).contains("counted.c:loop");
    }

    @Test
    void threadsAndChildrenAreCountedExactly() throws IOException {
        Path program = Muninn.compile("countedthreads", folder);
        Execution e = Muninn.run(folder, "--tool=lackey", "--fnname=counted", "--log-file=" + folder + "/log", program.toString());
        assertThat(e.status()).isZero();
        String log = Files.readString(folder.resolve("log"));
        assertThat(log).contains("Counted 400,000 calls to counted()").as("the child has its parent's counts of before")
                .contains("Counted 401,000 calls to counted()");
        e = Muninn.run(folder, "-q", "--tool=cachegrind", "--cachegrind-out-file=" + folder + "/of.%p", program.toString());
        assertThat(e.status()).isZero();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("of.")).count()).isEqualTo(2);
        }
    }

    @Test
    void aPipeIsWrittenToAndNotReplaced() throws IOException {
        Path pipe = folder.resolve("pipe");
        assertThat(Execution.of(List.of("mkfifo", pipe.toString()), folder, null, SECONDS).status()).isZero();
        Execution e = Execution.of(List.of("sh", "-c", "cat pipe > copy & " + Muninn.root().resolve("muninn")
                + " -q --tool=cachegrind --cachegrind-out-file=pipe ./counted; s=$?; wait; exit $s"), folder, null, SECONDS);
        assertThat(e.status()).as(e.err()).isEqualTo(7);
        assertThat(Files.readString(folder.resolve("copy"))).endsWith("summary: " + INSTRUCTIONS.replace(",", "") + "\n");
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }

    /** Compiles a tool against the jar that comes with Muninn, and packs it. */
    private Path jar(Path source, Path services) throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        Path root = Muninn.root();
        Muninn.run(folder, "--version");
        Path lib = root.resolve(".dist").resolve(Files.readString(root.resolve(".dist/current")).strip()).resolve("lib/muninn.tool.jar");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path jars = Files.createDirectories(folder.resolve("jars"));
        Execution e = Execution.of(List.of(home.resolve("bin/javac").toString(), "-d", classes.toString(), "-cp", lib.toString(), source.toString()),
                folder, null, SECONDS);
        assertThat(e.status()).as(e.err()).isZero();
        e = Execution.of(new ArrayList<>(List.of(home.resolve("bin/jar").toString(), "--create", "--file", jars.resolve("tool.jar").toString(), "-C",
                classes.toString(), ".", "-C", services.toString(), ".")), folder, null, SECONDS);
        assertThat(e.status()).as(e.err()).isZero();
        return jars;
    }

    @Test
    void theExampleIsAToolOfItsOwn() throws IOException {
        Path example = Muninn.root().resolve("examples/hotblocks/src/main");
        Path jars = jar(example.resolve("java/hotblocks/HotBlocks.java"), example.resolve("resources"));
        Execution e = Muninn.run(folder, "--tool-path=" + jars, "--tool=hotblocks", "--top=1", counted.toString());
        assertThat(e.status()).isEqualTo(7);
        assertThat(e.err()).contains("9990 times: loop (counted.c:5)");
        assertThat(Files.readAllLines(example.resolve("java/hotblocks/HotBlocks.java"))).hasSizeLessThanOrEqualTo(65);
    }

    @Test
    void aToolThatFailsIsNamed() throws IOException {
        Path source = folder.resolve("Broken.java");
        Files.writeString(source, """
                public final class Broken implements muninn.tool.AnalysisTool {
                    public int apiVersion() { return API; }
                    public String name() { return "broken"; }
                    public String title() { return "broken"; }
                    public muninn.tool.Analysis start(muninn.tool.ToolRun run) {
                        return new muninn.tool.Analysis() {
                            public void block(muninn.tool.Block b, muninn.tool.Counting c) { c.add(b.instructions().size(), c.counter(), 1); }
                            public void ended(muninn.tool.EndedProcess p) {}
                        };
                    }
                }
                """);
        Path services = folder.resolve("services");
        Files.createDirectories(services.resolve("META-INF/services"));
        Files.writeString(services.resolve("META-INF/services/muninn.tool.AnalysisTool"), "Broken\n");
        Execution e = Muninn.run(folder, "--tool-path=" + jar(source, services), "--tool=broken", counted.toString());
        assertThat(e.status()).isEqualTo(125);
        assertThat(e.err()).contains("muninn: the tool broken failed in Analysis.block: the block has no instruction").contains("Broken.java:7")
                .doesNotContain("internal failure");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(Muninn.run(folder, "--tool=cachegrind", "--cache-sim=yes", counted.toString()).err()).contains("--cache-sim=yes is not supported");
        assertThat(Muninn.run(folder, "--tool=cachegrind", "--cachegrind-out-file=%q{NOT_SET_AT_ALL}", counted.toString()).err())
                .contains("NOT_SET_AT_ALL is not set");
        assertThat(Muninn.run(folder, "--tool-path=" + folder, "--tool=other", counted.toString()).err()).contains("there is no jar in that folder");
        assertThat(Muninn.run(folder, "--tool=lackey", "--basic-counts=maybe", counted.toString()).err()).contains("Invalid value 'maybe'");
        assertThat(Muninn.run(folder, "--tool=lackey", "--trace-mem=yes", counted.toString()).err()).contains("Unknown option: --trace-mem=yes");
    }
}
