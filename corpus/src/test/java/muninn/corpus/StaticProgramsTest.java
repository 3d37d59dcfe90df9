// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that bring their own C library: its allocator and string functions are found by its symbols, without any option. */
class StaticProgramsTest {
    private static final int SECONDS = 60;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-static", "-static-pie"})
    void heapErrorsAreFound(String kind) {
        Assumptions.assumeTrue(Muninn.has("g++"), "no g++");
        Path program = folder.resolve("static");
        Execution compiled = Execution.of(List.of("g++", "-g", kind, "-o", program.toString(),
                Muninn.root().resolve("corpus/clients/static.cpp").toString()), folder, null, SECONDS);
        Assumptions.assumeTrue(compiled.status() == 0, "no static libraries");
        Execution e = Muninn.run(folder, "--leak-check=full", program.toString());

        assertThat(e.status()).isZero();
        assertThat(e.out()).isEqualTo("abc 3\n");
        assertThat(e.err()).containsSubsequence(
                "Invalid write of size 1", "main (static.cpp:10)", "0 bytes after a block of size 10 alloc'd", "malloc", "main (static.cpp:8)",
                "Conditional jump or move depends on uninitialised value(s)", "main (static.cpp:12)",
                "Invalid write of size 4", "main (static.cpp:16)", "4 bytes inside a block of size 40 free'd", "operator delete[](void*)",
                "Mismatched free() / delete / delete []", "main (static.cpp:19)",
                "10 bytes in 1 blocks are definitely lost", "main (static.cpp:8)",
                "definitely lost: 10 bytes in 1 blocks", "ERROR SUMMARY: 5 errors from 5 contexts");
    }
}
