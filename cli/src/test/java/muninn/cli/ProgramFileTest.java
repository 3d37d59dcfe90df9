// SPDX-License-Identifier: MIT
package muninn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFileTest {
    private static final int ELF32 = 1;
    private static final int ELF64 = 2;

    @TempDir
    Path directory;

    private Path program(String name, byte[] bytes) throws Exception {
        Path p = directory.resolve(name);
        Files.write(p, bytes);
        Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
        return p;
    }

    private static byte[] elf(int bits, int type, int machine) {
        byte[] b = new byte[64];
        b[0] = 0x7f;
        b[1] = 'E';
        b[2] = 'L';
        b[3] = 'F';
        b[4] = (byte) bits;
        b[5] = 1;
        b[16] = (byte) type;
        b[18] = (byte) machine;
        return b;
    }

    private static void refused(Path p, int status, String text) {
        UsageError e = catchThrowableOfType(UsageError.class, () -> ProgramFile.find(p.toString(), ""));
        assertThat(e).isNotNull();
        assertThat(e.status()).isEqualTo(status);
        assertThat(e.text()).contains(text);
    }

    @Test
    void foundInPath() throws Exception {
        Path p = program("tool", elf(ELF64, 3, 62));
        assertThat(ProgramFile.find("tool", "/nonexistent:" + directory)).isEqualTo(
                new ProgramFile(p.toString(), ProgramFile.Kind.RUN, null));
        UsageError e = catchThrowableOfType(UsageError.class, () -> ProgramFile.find("tool", "/nonexistent"));
        assertThat(e.text()).isEqualTo("muninn: tool: command not found\n");
        assertThat(e.status()).isEqualTo(127);
    }

    @Test
    void whatTheShellRefuses() throws Exception {
        refused(directory.resolve("none"), 127, "No such file or directory");
        refused(directory, 126, "is a directory");
        Path plain = Files.writeString(directory.resolve("plain"), "x");
        refused(plain, 126, "Permission denied");
    }

    @Test
    void otherMachinesAreNamed() throws Exception {
        refused(program("i386", elf(ELF32, 2, 3)), 126, "32-bit x86 (i386)");
        refused(program("x32", elf(ELF32, 2, 62)), 126, "x32");
        refused(program("arm64", elf(ELF64, 2, 183)), 126, "AArch64");
        refused(program("object", elf(ELF64, 1, 62)), 126, "cannot be executed (type 1)");
        refused(program("text", "echo hi\n".getBytes(StandardCharsets.UTF_8)), 126, "text file without #! line");
        refused(program("noise", new byte[] {1, 2, 3}), 126, "is not an ELF program");
        refused(program("empty", new byte[0]), 126, "is empty");
    }

    @Test
    void scriptsAreFollowedToTheirInterpreter() throws Exception {
        Path interpreter = program("interp", elf(ELF64, 2, 62));
        Path script = program("script", ("#! " + interpreter + " -x\nbody").getBytes(StandardCharsets.UTF_8));
        assertThat(ProgramFile.find(script.toString(), "").kind()).isEqualTo(ProgramFile.Kind.RUN);
        refused(program("lost", "#!/nonexistent/x\n".getBytes(StandardCharsets.UTF_8)), 126, "bad interpreter");
        refused(program("loop", ("#!" + directory.resolve("loop")).getBytes(StandardCharsets.UTF_8)), 126, "bad interpreter");
        Path foreign = program("foreign", elf(ELF32, 2, 3));
        refused(program("chain", ("#!" + foreign + "\n").getBytes(StandardCharsets.UTF_8)), 126, "i386");
    }

    @Test
    void setuidProgramsRunNatively() throws Exception {
        Path p = program("setuid", elf(ELF64, 2, 62));
        Process chmod = new ProcessBuilder("chmod", "u+s", p.toString()).start();
        assertThat(chmod.waitFor()).isZero();
        assertThat(ProgramFile.find(p.toString(), "").kind()).isEqualTo(ProgramFile.Kind.NATIVE);
    }
}
