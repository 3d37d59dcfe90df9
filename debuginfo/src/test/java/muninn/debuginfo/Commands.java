// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs the tools that serve as second opinions; a test is skipped where one is not installed. */
final class Commands {
    private Commands() {}

    static Path tool(String name) {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            Path path = Path.of(directory, name);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        Assumptions.abort(name + " is not installed");
        return null;
    }

    static String run(Path directory, String... command) {
        try {
            tool(command[0]);
            Path out = Files.createTempFile("muninn", ".out");
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().put("LC_ALL", "C");
            Process process = builder.redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(new File("/dev/null")).start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(List.of(command) + " did not end");
            }
            String text = Files.readString(out, StandardCharsets.ISO_8859_1);
            Files.delete(out);
            return text;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
