// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

import muninn.linux.Syscall;

/**
 * The program named on the command line: found as a shell finds it, and looked at before anything is started. The kernel decides
 * what runs; this only turns its short answers into sentences.
 *
 * @param path file to execute
 * @param kind what it is
 * @param what what to say about it when it is not {@code RUN}, else {@code null}
 */
record ProgramFile(String path, Kind kind, String what) {
    /** What can be done with a program. */
    enum Kind {
        /** An x86-64 program, or a script whose interpreter is one. */
        RUN,
        /** A program that takes another user's rights; the kernel drops them under ptrace, so it runs without us. */
        NATIVE
    }

    private static final int SCRIPT_DEPTH = 5;
    private static final int EM_386 = 3;
    private static final int EM_X86_64 = 62;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int STAT = 4;
    private static final int SET_ID_BITS = 0b110 << 9;

    /** Finds and classifies a program; exit status 127 and 126 mean what they mean to a shell. */
    static ProgramFile find(String name, String searchPath) throws UsageError {
        return classify(locate(name, searchPath), 0);
    }

    private static String locate(String name, String searchPath) throws UsageError {
        if (name.indexOf('/') >= 0) {
            return name;
        }
        if (!name.isEmpty()) {
            String denied = null;
            for (String directory : Words.split(searchPath == null ? "/usr/local/bin:/bin:/usr/bin" : searchPath, ':')) {
                String candidate = directory.isEmpty() ? "./" + name : directory + "/" + name;
                File f = new File(candidate);
                if (f.isFile()) {
                    if (f.canExecute()) {
                        return candidate;
                    }
                    denied = candidate;
                }
            }
            if (denied != null) {
                return denied;
            }
        }
        throw new UsageError(127, name + ": command not found");
    }

    private static ProgramFile classify(String path, int depth) throws UsageError {
        File file = new File(path);
        if (!file.exists()) {
            throw new UsageError(127, path + ": No such file or directory");
        }
        if (file.isDirectory()) {
            throw new UsageError(126, path + ": is a directory");
        }
        if (!file.canExecute()) {
            throw new UsageError(126, path + ": Permission denied");
        }
        byte[] head = new byte[256];
        int length = read(file, head);
        if (length < 0) {
            // Executable and not readable: the kernel can run it, we could not look into it.
            throw new UsageError(126, path + ": cannot be read");
        }
        if (length >= 2 && head[0] == '#' && head[1] == '!') {
            return script(path, head, length, depth);
        }
        String other = foreign(head, length);
        if (other != null) {
            throw new UsageError(126, path + ": " + other);
        }
        return takesRights(path) ? new ProgramFile(path, Kind.NATIVE, "is setuid or setgid") : new ProgramFile(path, Kind.RUN, null);
    }

    private static ProgramFile script(String path, byte[] head, int length, int depth) throws UsageError {
        int from = 2;
        while (from < length && (head[from] == ' ' || head[from] == '\t')) {
            from++;
        }
        int to = from;
        while (to < length && head[to] > ' ') {
            to++;
        }
        if (to == from || depth >= SCRIPT_DEPTH) {
            throw new UsageError(126, path + ": bad interpreter line");
        }
        String interpreter = new String(head, from, to - from, StandardCharsets.UTF_8);
        if (!new File(interpreter).exists()) {
            throw new UsageError(126, path + ": bad interpreter: " + interpreter + ": No such file or directory");
        }
        ProgramFile end = classify(interpreter, depth + 1);
        return new ProgramFile(path, end.kind, end.what);
    }

    /** What a file is that is no x86-64 program; {@code null} if it is one. */
    private static String foreign(byte[] h, int length) {
        if (length == 0) {
            return "is empty, not a program";
        }
        if (length < 20 || h[0] != 0x7f || h[1] != 'E' || h[2] != 'L' || h[3] != 'F') {
            return text(h, length) ? "is a text file without #! line, not a program" : "is not an ELF program";
        }
        if (h[5] != 1) {
            return "is a big-endian ELF file; Muninn runs x86-64 programs";
        }
        int type = h[16] & 0xff | (h[17] & 0xff) << 8;
        int machine = h[18] & 0xff | (h[19] & 0xff) << 8;
        if (machine != EM_X86_64 || h[4] != 2) {
            return "is " + machineName(machine) + "; Muninn runs x86-64 programs";
        }
        if (type != ET_EXEC && type != ET_DYN) {
            return "is an ELF file that cannot be executed (type " + type + ")";
        }
        return null;
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case EM_386 -> "a 32-bit x86 (i386) program";
            case EM_X86_64 -> "an x32 program (x86-64 with 32-bit addresses)";
            case 40 -> "a 32-bit ARM program";
            case 183 -> "an AArch64 program";
            case 8 -> "a MIPS program";
            case 20, 21 -> "a PowerPC program";
            case 22 -> "an S/390 program";
            case 243 -> "a RISC-V program";
            case 258 -> "a LoongArch program";
            default -> "a program for ELF machine " + machine;
        };
    }

    private static boolean text(byte[] h, int length) {
        for (int i = 0; i < length; i++) {
            if (h[i] >= 0 && h[i] < ' ' && h[i] != '\n' && h[i] != '\t' && h[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private static int read(File file, byte[] head) {
        try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
            int length = 0;
            while (length < head.length) {
                int n = in.read(head, length, head.length - length);
                if (n < 0) {
                    break;
                }
                length += n;
            }
            return length;
        } catch (IOException e) {
            return -1;
        }
    }

    private static boolean takesRights(String path) {
        // struct stat of x86-64: st_mode is the int at offset 24.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(144, 8);
            MemorySegment name = arena.allocateFrom(path, StandardCharsets.UTF_8);
            return Syscall.call(STAT, name.address(), stat.address(), 0) == 0
                    && (stat.get(ValueLayout.JAVA_INT, 24) & SET_ID_BITS) != 0;
        }
    }
}
