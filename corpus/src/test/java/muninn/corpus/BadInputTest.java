// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said in a line, with the exit status a shell would give; nothing is left behind. */
class BadInputTest {
    @TempDir
    Path folder;

    private void expect(int status, String err, String... words) {
        Execution e = Muninn.run(folder, words);
        assertThat(e.err()).isEqualTo(err);
        assertThat(e.status()).isEqualTo(status);
        assertThat(e.out()).isEmpty();
    }

    private Path executable(String name, byte[] bytes) throws Exception {
        Path p = Files.write(folder.resolve(name), bytes);
        return Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void commandLine() {
        expect(1, "muninn: Unknown option: --foo\nmuninn: Use --help for more information or consult the user manual.\n", "--foo",
                "true");
        expect(1, "muninn: no program specified\nmuninn: Use --help for more information.\n");
        expect(1, "muninn: Option not supported by Muninn yet: --track-fds=yes\n", "--track-fds=yes", "true");
    }

    @Test
    void programs() throws Exception {
        expect(127, "muninn: no-such-program: command not found\n", "no-such-program");
        expect(127, "muninn: ./none: No such file or directory\n", "./none");
        expect(126, "muninn: " + folder + ": is a directory\n", folder.toString());
        Path text = Files.writeString(folder.resolve("text"), "hello\n");
        expect(126, "muninn: " + text + ": Permission denied\n", text.toString());
        Path run = executable("run", "hello\n".getBytes());
        expect(126, "muninn: " + run + ": is a text file without #! line, not a program\n", run.toString());
        byte[] elf = Files.readAllBytes(Path.of("/bin/true").toRealPath());
        elf[4] = 1;
        elf[18] = 3;
        Path i386 = executable("i386", elf);
        expect(126, "muninn: " + i386 + ": is a 32-bit x86 (i386) program; Muninn runs x86-64 programs\n", i386.toString());
    }

    @Test
    void brokenElfEndsWithoutHanging() throws Exception {
        byte[] elf = Files.readAllBytes(Path.of("/bin/true").toRealPath());
        // Program headers far outside of the file: the kernel refuses it or kills it.
        elf[0x20 + 5] = 0x7f;
        Path broken = executable("broken", elf);
        Execution e = Muninn.run(folder, "--tool=none", "-q", broken.toString());
        assertThat(e.timedOut()).isFalse();
        assertThat(e.status()).isNotZero();
    }

    @Test
    void scriptsRun() throws Exception {
        Path script = executable("script", "#!/bin/sh\necho \"$1\"; exit 5\n".getBytes());
        Execution e = Muninn.run(folder, "--tool=none", "-q", script.toString(), "a b");
        assertThat(e.out()).isEqualTo("a b\n");
        assertThat(e.err()).isEmpty();
        assertThat(e.status()).isEqualTo(5);
    }

    @Test
    void logFileTakesAllMessages() throws Exception {
        Execution e = Muninn.run(folder, "--tool=none", "--log-file=log.%p", "/bin/echo", "x");
        assertThat(e.out()).isEqualTo("x\n");
        assertThat(e.err()).isEmpty();
        try (var files = Files.list(folder)) {
            Path log = files.filter(p -> p.getFileName().toString().startsWith("log.")).findFirst().orElseThrow();
            String pid = log.getFileName().toString().substring(4);
            assertThat(Files.readAllLines(log)).isNotEmpty().allMatch(l -> l.startsWith("==" + pid + "=="));
        }
    }

    @Test
    void environmentOfTheJvmIsTheClients() throws Exception {
        List<String> command = List.of("env", "JAVA_TOOL_OPTIONS=-Dx=y", Muninn.launcher(), "--tool=none", "-q", "printenv",
                "JAVA_TOOL_OPTIONS");
        Execution e = Execution.of(command, folder, null, 60);
        assertThat(e.out()).isEqualTo("-Dx=y\n");
        assertThat(e.err()).isEmpty();
    }

    @Test
    void clientDiesWithTheController() throws Exception {
        Process controller = new ProcessBuilder(Muninn.launcher(), "--tool=none", "-q", "sleep", "300").start();
        ProcessHandle client = null;
        try {
            for (int i = 0; i < 200 && client == null; i++) {
                Thread.sleep(50);
                client = controller.descendants().filter(p -> p.info().command().orElse("").endsWith("/sleep")).findFirst()
                        .orElse(null);
            }
            assertThat(client).as("the client").isNotNull();
            controller.toHandle().destroyForcibly();
            assertThat(controller.waitFor(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 100 && client.isAlive(); i++) {
                Thread.sleep(50);
            }
            assertThat(client.isAlive()).as("the client lives on").isFalse();
        } finally {
            controller.destroyForcibly();
            if (client != null) {
                client.destroyForcibly();
            }
        }
    }
}
