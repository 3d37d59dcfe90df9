// SPDX-License-Identifier: MIT
package muninn.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of clients/memcheck. Comments at its head say how it is built and run: {@code cc:} more compiler flags,
 * {@code options:} options of memcheck (default {@code --leak-check=full}), {@code library-heap: yes} when libraries allocate
 * memory of their own, so that the totals depend on their version, {@code differs:} why our report is not Valgrind's.
 */
record GoldenReportsProgram(Path source, String name, List<String> flags, List<String> options, boolean libraryHeap,
        String differs) {

    record Outcome(int status, String stdout, String stderr) {}

    static GoldenReportsProgram of(Path source) throws IOException {
        List<String> flags = List.of();
        List<String> options = List.of("--leak-check=full");
        boolean libraryHeap = false;
        String differs = null;
        for (String line : Files.readAllLines(source)) {
            String text = line.startsWith("/* ") && line.endsWith("*/") ? line.substring(3, line.length() - 2)
                    : line.startsWith("// ") ? line.substring(3) : "";
            if (text.startsWith("cc:")) {
                flags = words(text.substring(3));
            } else if (text.startsWith("options:")) {
                options = words(text.substring(8));
            } else if (text.startsWith("library-heap: yes")) {
                libraryHeap = true;
            } else if (text.startsWith("differs: ")) {
                differs = text.substring(9).strip();
            }
        }
        String file = source.getFileName().toString();
        return new GoldenReportsProgram(source, file.substring(0, file.lastIndexOf('.')), flags, options, libraryHeap, differs);
    }

    String fileName() {
        return source.getFileName().toString();
    }

    /** Compiles into {@code directory}; the compiler's messages on failure. */
    void build(Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(fileName().endsWith(".cpp") ? "g++" : "gcc");
        command.addAll(List.of("-g", "-O0", "-w"));
        command.addAll(flags);
        command.addAll(List.of("-o", name, source.toString()));
        Outcome outcome = execute(directory, command);
        if (outcome.status() != 0) {
            throw new IOException(fileName() + " does not compile: " + outcome.stderr());
        }
    }

    /** Runs the built program under {@code tool} (a command that takes Valgrind's options). */
    Outcome run(Path directory, String tool) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -c 0; exec \"$@\"", "sh", tool));
        command.addAll(options);
        command.add("./" + name);
        return execute(directory, command);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
    }

    static Outcome execute(Path directory, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectOutput(out.toFile())
                .redirectError(err.toFile()).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        Outcome outcome = new Outcome(ended ? process.exitValue() : -1, Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return outcome;
    }
}
