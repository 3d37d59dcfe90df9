// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

import muninn.engine.Engine;
import muninn.engine.NativeTwin;
import muninn.engine.RunOptions;
import muninn.linux.Syscall;

/**
 * {@code --diff-native=end}: the program runs natively first, then under the tool, both with the same input; output, status and the
 * first thread's list of system calls are compared. Standard input is read to its end beforehand, unless it is a device; output is
 * shown when both runs are over. What the program does to files it does twice.
 */
final class DiffNative {
    private static final int DUP2 = 33;
    private static final int FCNTL = 72;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int MFD_CLOEXEC = 1;
    private static final int O_RDONLY = 0;
    /** Above what programs look at. */
    private static final int HIGH = 200;
    /** brk, mmap, munmap, mremap, madvise, mprotect, getrandom: another malloc makes others of these. */
    private static final Set<Integer> MALLOC = Set.of(12, 9, 11, 25, 28, 10, 318);
    private static final String PREFIX = "muninn: --diff-native=end: ";

    private final boolean ownMalloc;
    private final int realError;
    private final int realOutput;
    private final int input;
    private final int[] nativeOutput = new int[3];
    private final int[] ourOutput = new int[3];
    private NativeTwin twin;

    /** @param ownMalloc the tool replaces the program's allocator */
    DiffNative(boolean ownMalloc) throws UsageError {
        this.ownMalloc = ownMalloc;
        realOutput = high(1);
        realError = high(2);
        input = readInput();
        for (int fd = 1; fd <= 2; fd++) {
            nativeOutput[fd] = memory();
            ourOutput[fd] = memory();
        }
    }

    /** Where messages go while the program's are caught. */
    int realError() {
        return realError;
    }

    private static int high(int fd) {
        return (int) Syscall.call(FCNTL, fd, F_DUPFD_CLOEXEC, HIGH);
    }

    private static int memory() {
        long fd = Syscall.call(Syscall.MEMFD_CREATE, Syscall.cString("muninn output").address(), MFD_CLOEXEC, 0);
        return high((int) fd);
    }

    /** A descriptor of all of standard input; -1 if that is a device, which both runs share. */
    private static int readInput() throws UsageError {
        Path source = Path.of("/proc/self/fd/0");
        try {
            if (Files.readSymbolicLink(source).startsWith("/dev")) {
                return -1;
            }
        } catch (IOException e) {
            // It is closed.
            return -1;
        }
        int fd = memory();
        try (InputStream in = Files.newInputStream(source)) {
            byte[] all = in.readAllBytes();
            Syscall.write(fd, all, 0, all.length);
        } catch (IOException e) {
            throw new UsageError(1, "--diff-native=end: standard input cannot be read: " + e.getMessage());
        }
        return fd;
    }

    /** The native run. Afterwards the program that is started next has input and output of its own. */
    void runNatively(RunOptions run) {
        redirect(nativeOutput);
        twin = NativeTwin.run(run);
        redirect(ourOutput);
    }

    private void redirect(int[] output) {
        if (input >= 0) {
            int fd = (int) Syscall.open("/proc/self/fd/" + input, O_RDONLY, 0);
            Syscall.call(DUP2, fd, 0, 0);
            Syscall.close(fd);
        }
        Syscall.call(DUP2, output[1], 1, 0);
        Syscall.call(DUP2, output[2], 2, 0);
    }

    /**
     * Shows the program's output and tells what differs, after {@link #restore}.
     *
     * @param status wait status of the run under the tool
     * @return whether anything does
     */
    boolean compare(Engine engine, int status, PrintStream messages) {
        boolean same = true;
        for (int fd = 1; fd <= 2; fd++) {
            byte[] ours = bytes(ourOutput[fd]);
            Syscall.write(fd, ours, 0, ours.length);
            same &= sameOutput(fd == 1 ? "standard output" : "standard error", bytes(nativeOutput[fd]), ours, messages);
        }
        if (twin.status() != status) {
            messages.println(PREFIX + "natively it ended with " + ending(twin.status()) + ", here with " + ending(status));
            same = false;
        }
        int[] natively = counted(twin.calls().numbers());
        int[] here = counted(engine.syscalls().numbers());
        int at = Arrays.mismatch(natively, here);
        if (at >= 0) {
            messages.println(PREFIX + "system call " + (at + 1) + " was number " + number(natively, at) + " natively, "
                    + number(here, at) + " here; before it: " + Arrays.toString(Arrays.copyOfRange(natively, Math.max(0, at - 5), at)));
            same = false;
        }
        if (same) {
            messages.println(PREFIX + "same output, " + ending(status) + ", same " + here.length + " system calls");
        }
        return !same;
    }

    /** Both runs are over, or cannot go on: whoever writes now is heard. */
    void restore() {
        Syscall.call(DUP2, realOutput, 1, 0);
        Syscall.call(DUP2, realError, 2, 0);
    }

    private static byte[] bytes(int fd) {
        byte[] all = Syscall.readFile("/proc/self/fd/" + fd);
        return all == null ? new byte[0] : all;
    }

    private static boolean sameOutput(String what, byte[] natively, byte[] here, PrintStream messages) {
        int at = Arrays.mismatch(natively, here);
        if (at >= 0) {
            messages.println(PREFIX + what + " differs from byte " + (at + 1) + " on; natively it has " + natively.length
                    + " bytes, here " + here.length);
        }
        return at < 0;
    }

    private static String ending(int status) {
        return (status & 0x7f) == 0 ? "status " + (status >> 8 & 0xff) : "signal " + (status & 0x7f);
    }

    private static String number(int[] calls, int at) {
        return at < calls.length ? Integer.toString(calls[at]) : "none";
    }

    /** The calls that a run under this tool must make as well. */
    private int[] counted(int[] calls) {
        return ownMalloc ? Arrays.stream(calls).filter(nr -> !MALLOC.contains(nr)).toArray() : calls;
    }
}
