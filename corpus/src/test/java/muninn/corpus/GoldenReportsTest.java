// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole reports of memcheck on the programs of clients/memcheck, against those recorded in cases/memcheck and, where Valgrind is
 * installed, against Valgrind's of today. {@code -Dbless=true} records again with the installed Valgrind; read the diff.
 *
 * <p>Properties: {@code muninn.launcher} (default: muninn in the root of the project).
 */
class GoldenReportsTest {
    private static final Path ROOT = root();
    private static final String VALGRIND = "valgrind";

    @TempDir
    static Path scratch;

    @TestFactory
    Stream<DynamicTest> recordedReportsAreValgrinds() throws Exception {
        if (!isThere(VALGRIND)) {
            System.err.println("SKIPPED: no valgrind here, the recorded reports are not compared with it");
            return Stream.empty();
        }
        return programs().stream().map(program -> DynamicTest.dynamicTest(program.name(), () -> {
            program.build(scratch);
            List<String> now = record(program, program.run(scratch, VALGRIND));
            if (Boolean.getBoolean("bless")) {
                Files.createDirectories(expectation(program).getParent());
                Files.write(expectation(program), now);
            }
            assertThat(now).isEqualTo(Files.readAllLines(expectation(program)));
        }));
    }

    @TestFactory
    Stream<DynamicTest> ourReportsAreTheRecordedOnes() throws Exception {
        String launcher = launcher();
        return programs().stream().map(program -> DynamicTest.dynamicTest(program.name(), () -> {
            assumeTrue(launcher != null, "SKIPPED: no launcher that runs memcheck");
            skipKnownDifference(program);
            program.build(scratch);
            assertThat(record(program, program.run(scratch, launcher))).isEqualTo(Files.readAllLines(expectation(program)));
        }));
    }

    /** Stricter than the recorded form: names of library frames, stack size and heap totals are equal too. */
    @TestFactory
    Stream<DynamicTest> ourReportsAreValgrinds() throws Exception {
        String launcher = launcher();
        boolean both = launcher != null && isThere(VALGRIND);
        return programs().stream().map(program -> DynamicTest.dynamicTest(program.name(), () -> {
            assumeTrue(both, "SKIPPED: needs a launcher that runs memcheck, and valgrind");
            skipKnownDifference(program);
            program.build(scratch);
            GoldenReportsProgram.Outcome ours = program.run(scratch, launcher);
            GoldenReportsProgram.Outcome theirs = program.run(scratch, VALGRIND);
            assertThat(GoldenReportsNormaliser.strict(ours.stderr(), scratch.toString(), program))
                    .isEqualTo(GoldenReportsNormaliser.strict(theirs.stderr(), scratch.toString(), program));
            assertThat(ours.stdout()).isEqualTo(theirs.stdout());
            assertThat(ours.status()).isEqualTo(theirs.status());
        }));
    }

    private static List<String> record(GoldenReportsProgram program, GoldenReportsProgram.Outcome outcome) {
        List<String> lines = new ArrayList<>();
        lines.add(("options: " + String.join(" ", program.options())).strip());
        lines.add("exit status: " + outcome.status());
        lines.add("standard output:");
        outcome.stdout().lines().forEach(lines::add);
        lines.add("standard error:");
        lines.addAll(GoldenReportsNormaliser.portable(outcome.stderr(), scratch.toString(), program));
        return lines;
    }

    private static List<GoldenReportsProgram> programs() throws IOException {
        boolean avx = Files.readString(Path.of("/proc/cpuinfo")).contains(" avx ");
        List<GoldenReportsProgram> programs = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("clients/memcheck"))) {
            for (Path file : files.sorted().toList()) {
                GoldenReportsProgram program = GoldenReportsProgram.of(file);
                if (!program.flags().contains("-mavx") || avx) {
                    programs.add(program);
                }
            }
        }
        return programs;
    }

    private static Path expectation(GoldenReportsProgram program) {
        return ROOT.resolve("cases/memcheck").resolve(program.name() + ".expected");
    }

    /** The launcher, or {@code null} (said loudly) when there is none or it cannot run memcheck yet. */
    private static String launcher() throws Exception {
        Path launcher = Path.of(System.getProperty("muninn.launcher", ROOT.resolve("muninn").toString()));
        if (!Files.isExecutable(launcher)) {
            System.err.println("SKIPPED: golden reports, " + launcher + " cannot be executed");
            return null;
        }
        GoldenReportsProgram.Outcome probe = GoldenReportsProgram.execute(scratch, List.of(launcher.toString(), "/bin/true"));
        if (!probe.stderr().contains("ERROR SUMMARY: ")) {
            System.err.println("SKIPPED: golden reports, memcheck gives no report: " + probe.stderr());
            return null;
        }
        return launcher.toString();
    }

    private static void skipKnownDifference(GoldenReportsProgram program) {
        if (program.differs() != null) {
            System.err.println("SKIPPED: " + program.name() + " differs from Valgrind: " + program.differs());
        }
        assumeTrue(program.differs() == null, "SKIPPED: " + program.differs());
    }

    private static boolean isThere(String command) throws Exception {
        return GoldenReportsProgram.execute(scratch, List.of("sh", "-c", "command -v " + command)).status() == 0;
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isDirectory(directory.resolve("clients/memcheck"))) {
            directory = directory.getParent();
        }
        return directory == null ? Path.of("") : directory;
    }
}
