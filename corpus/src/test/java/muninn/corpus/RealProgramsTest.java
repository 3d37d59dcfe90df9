// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Real programs behave under every tool as they do natively: same output, same exit status, same messages. */
class RealProgramsTest {
    private static final int SECONDS = 120;
    private static final String CLIENTS = "$CLIENTS/";
    private static final int OPEN_SECONDS = 15;

    @TempDir
    static Path folder;
    @TempDir
    static Path clients;

    @TestFactory
    List<DynamicTest> sameAsNative() throws IOException {
        ProgramsFolder.fill(folder);
        String only = System.getProperty("muninn.only", "");
        List<String> tools = Muninn.tools();
        Set<String> missing = new HashSet<>();
        List<DynamicTest> out = new ArrayList<>();
        for (String line : Files.readAllLines(Muninn.root().resolve("cases/corpus/programs.txt"))) {
            if (line.isBlank() || line.startsWith("#") || !line.contains(only)) {
                continue;
            }
            Invocation invocation = Invocation.parse(line);
            String program = invocation.words().getFirst();
            if (program.startsWith(CLIENTS) && !Files.exists(clients.resolve(program.substring(CLIENTS.length())))) {
                Muninn.compile(program.substring(CLIENTS.length()), clients);
            }
            if (!Muninn.has(invocation.command(clients).getFirst())) {
                missing.add(program);
            }
            for (String tool : tools) {
                out.add(DynamicTest.dynamicTest(tool + ": " + line, () -> check(invocation, tool)));
            }
        }
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED: " + missing.size() + " programs are not on this machine: " + missing);
        }
        return out;
    }

    private static void check(Invocation invocation, String tool) {
        if (!invocation.open()) {
            compare(invocation, tool, SECONDS);
            return;
        }
        try {
            compare(invocation, tool, OPEN_SECONDS);
        } catch (AssertionError e) {
            System.err.println("SKIPPED: known fault: " + tool + ": " + invocation.line());
            Assumptions.abort("known fault");
        }
        System.err.println("REPAIRED: take away its mark: " + tool + ": " + invocation.line());
    }

    /** The compilers proper do (their sparse sets), as Valgrind finds too. */
    private static boolean readsUndefinedValues(Invocation invocation) {
        return invocation.children() && (invocation.words().contains("gcc") || invocation.words().contains("g++"));
    }

    private static void compare(Invocation invocation, String tool, int seconds) {
        List<String> command = invocation.command(clients);
        Assumptions.assumeTrue(Muninn.has(command.getFirst()), command.getFirst() + " is not on this machine");
        Path input = invocation.input() == null ? null : folder.resolve(invocation.input());
        Execution natively = Execution.of(command, folder, input, SECONDS);
        List<String> options = new ArrayList<>(List.of("--tool=" + tool, "-q", "--verify=3"));
        if (invocation.children()) {
            options.add("--trace-children=yes");
        }
        Execution watched = Execution.of(Muninn.command(options, command), folder, input, seconds);
        assertThat(watched.timedOut()).as("timed out; stderr: %s", watched.err()).isFalse();
        assertThat(watched.status()).as("exit status; stderr: %s", watched.err()).isEqualTo(natively.status());
        assertThat(watched.out()).as("output").isEqualTo(natively.out());
        if (!readsUndefinedValues(invocation)) {
            assertThat(watched.err()).as("false alarm").doesNotContain("uninitialised value");
        }
        if (tool.equals("none")) {
            assertThat(watched.err()).as("standard error").isEqualTo(natively.err());
        }
    }
}
