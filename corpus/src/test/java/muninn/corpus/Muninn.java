// SPDX-License-Identifier: MIT
package muninn.corpus;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The launcher under test, the project's folder, and what this machine has. */
final class Muninn {
    private static final int SECONDS = 120;

    private Muninn() {}

    /** Folder with the launcher: above the module this test runs in. */
    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.exists(at.resolve("muninn"))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException("no launcher above " + Path.of("").toAbsolutePath());
        }
        return at;
    }

    /** Path of the launcher: system property {@code muninn.launcher}, else {@code muninn} in the project's folder. */
    static String launcher() {
        return System.getProperty("muninn.launcher", root().resolve("muninn").toString());
    }

    static List<String> command(List<String> options, List<String> program) {
        List<String> out = new ArrayList<>();
        out.add(launcher());
        out.addAll(options);
        out.addAll(program);
        return out;
    }

    static Execution run(Path directory, String... words) {
        return Execution.of(command(List.of(words), List.of()), directory, null, SECONDS);
    }

    /** Tools of this build, asked once. */
    static List<String> tools() {
        List<String> out = new ArrayList<>();
        for (String tool : List.of("none", "memcheck")) {
            Execution e = run(root(), "--tool=" + tool, "-q", "/bin/true");
            if (e.err().contains("not part of this build") || e.err().contains("not supported by Muninn yet")) {
                System.err.println("SKIPPED: tool " + tool + " is not part of this build");
            } else {
                out.add(tool);
            }
        }
        return out;
    }

    /** Whether a program can be found: by path, or by name in PATH. */
    static boolean has(String program) {
        if (program.indexOf('/') >= 0) {
            return new File(program).canExecute();
        }
        for (String directory : System.getenv("PATH").split(":")) {
            if (new File(directory, program).canExecute()) {
                return true;
            }
        }
        return false;
    }

    /** Compiles a C or C++ program of corpus/clients; {@code null} if there is no compiler. */
    static Path compile(String name, Path into) {
        Path source = root().resolve("corpus/clients/" + name + ".c");
        boolean plain = source.toFile().exists();
        String compiler = plain ? "gcc" : "g++";
        if (!has(compiler)) {
            System.err.println("SKIPPED: no " + compiler + " for " + name);
            return null;
        }
        Path program = into.resolve(name);
        Execution e = Execution.of(List.of(compiler, "-O1", "-g", "-pthread", "-w", "-o", program.toString(),
                plain ? source.toString() : source.resolveSibling(name + ".cpp").toString(), "-lm"), into, null, SECONDS);
        if (e.status() != 0) {
            throw new IllegalStateException(name + ": " + e.err());
        }
        return program;
    }
}
