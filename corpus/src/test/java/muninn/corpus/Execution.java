// SPDX-License-Identifier: MIT
package muninn.corpus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What one run of a command gave. Output is kept as Latin-1 text, so that every byte counts.
 *
 * @param status exit status as a shell sees it: 128 + signal after a death by signal; -1 after a timeout
 */
record Execution(int status, String out, String err, long nanos) {
    private static final int TIMED_OUT = -1;

    /** Runs a command to its end or its timeout, after which its whole process tree is killed. */
    static Execution of(List<String> command, Path directory, Path input, int seconds) {
        try {
            Path out = Files.createTempFile("muninn-out", null);
            Path err = Files.createTempFile("muninn-err", null);
            try {
                return run(command, directory, input, seconds, out, err);
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Execution run(List<String> command, Path directory, Path input, int seconds, Path out, Path err)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        builder.environment().put("MUNINN_REBUILD", "no");
        builder.environment().remove("VALGRIND_OPTS");
        // Translations of the tests' own: nothing of theirs stays in the user's home.
        builder.environment().put("XDG_CACHE_HOME", Path.of("target/cache").toAbsolutePath().toString());
        builder.environment().remove("COLUMNS");
        long start = System.nanoTime();
        Process process = builder.start();
        int status;
        try {
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                status = process.exitValue();
            } else {
                status = TIMED_OUT;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = TIMED_OUT;
        }
        long nanos = System.nanoTime() - start;
        if (process.isAlive()) {
            List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
            tree.add(process.toHandle());
            tree.forEach(ProcessHandle::destroyForcibly);
        }
        return new Execution(status, Files.readString(out, StandardCharsets.ISO_8859_1),
                Files.readString(err, StandardCharsets.ISO_8859_1), nanos);
    }

    boolean timedOut() {
        return status == TIMED_OUT;
    }
}
