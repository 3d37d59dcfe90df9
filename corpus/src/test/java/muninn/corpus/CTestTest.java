// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ctest -T memcheck} with our launcher under Valgrind's name: the defects that CTest reads from the log, by its own words. */
class CTestTest {
    private static final int SECONDS = 120;

    @TempDir
    Path folder;

    @Test
    void countsAreThoseOfValgrind() throws IOException {
        if (!Muninn.has("cmake") || !Muninn.has("ctest") || !Muninn.has("gcc") || !Muninn.has("make")) {
            System.err.println("SKIPPED: no cmake, ctest, make or gcc");
            Assumptions.abort("no cmake, ctest, make or gcc");
        }
        Files.copy(Muninn.root().resolve("corpus/clients/report.c"), folder.resolve("report.c"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("CMakeLists.txt"), """
                cmake_minimum_required(VERSION 3.10)
                project(defects C)
                include(CTest)
                add_executable(report report.c)
                target_compile_options(report PRIVATE -g -O0)
                add_test(NAME bad COMMAND report)
                add_test(NAME good COMMAND ${CMAKE_COMMAND} -E true)
                """);
        assertThat(defects(Files.createSymbolicLink(folder.resolve("valgrind"), Path.of(Muninn.launcher())), "ours"))
                .containsExactly("FIM - 1", "IPW - 1", "Memory Leak - 1", "Uninitialized Memory Conditional - 1");
        if (Muninn.has("valgrind")) {
            assertThat(defects(Path.of("valgrind"), "peer")).isEqualTo(defects(folder.resolve("valgrind"), "again"));
        } else {
            System.err.println("SKIPPED: no valgrind to compare CTest's counts with");
        }
    }

    /** What CTest tells below its heading. */
    private List<String> defects(Path checker, String build) {
        Path into = folder.resolve(build);
        run(folder, "cmake", "-B", into.toString(), "-DMEMORYCHECK_COMMAND=" + command(checker));
        run(folder, "cmake", "--build", into.toString());
        Execution e = Execution.of(List.of("ctest", "-T", "memcheck"), into, null, SECONDS);
        return e.out().lines().dropWhile(line -> !line.equals("Memory checking results:")).skip(1)
                .takeWhile(line -> line.matches(".* - [0-9]+")).toList();
    }

    private static String command(Path checker) {
        if (checker.isAbsolute()) {
            return checker.toString();
        }
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory).resolve(checker))) {
                return directory + "/" + checker;
            }
        }
        return checker.toString();
    }

    private static void run(Path directory, String... words) {
        Execution e = Execution.of(List.of(words), directory, null, SECONDS);
        assertThat(e.status()).as(e.out() + e.err()).isZero();
    }
}
