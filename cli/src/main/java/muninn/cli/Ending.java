// SPDX-License-Identifier: MIT
package muninn.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import muninn.linux.Exit;
import muninn.linux.Syscall;

/** Ways for the controller to end: as the client did, or by becoming the client. */
final class Ending {
    private static final int SIGNALS = 65;

    private Ending() {}

    /**
     * Ends this process as the client ended.
     *
     * @param waitStatus as wait(2) gives it
     */
    static void as(int waitStatus) {
        System.out.flush();
        System.err.flush();
        int signal = waitStatus & 0x7f;
        if (signal == 0) {
            exit(waitStatus >> 8 & 0xff);
        }
        Exit.signal(signal);
    }

    /**
     * Ends at once; the JVM's own shutdown takes milliseconds and has nothing to do, except when dist/build records what a start
     * needs: the JVM writes that down while it shuts down.
     */
    static void exit(int status) {
        if (System.getProperty("muninn.training") != null) {
            System.exit(status);
        }
        Syscall.call(Syscall.EXIT_GROUP, status);
    }

    /**
     * Replaces this process by a program, as if it had been started without us. Returns only if that fails.
     *
     * @return the negative errno
     */
    static long become(String path, List<byte[]> arguments, List<byte[]> environment) {
        MemorySegment zero = Arena.global().allocate(32, 8);
        for (int signal = 1; signal < SIGNALS; signal++) {
            // Handlers are reset by the kernel, but what the JVM ignores would stay ignored.
            Syscall.call(Syscall.RT_SIGACTION, signal, zero.address(), 0, 8);
        }
        return Syscall.call(Syscall.EXECVE, Syscall.cString(path).address(), vector(arguments).address(),
                vector(environment).address());
    }

    private static MemorySegment vector(List<byte[]> strings) {
        Arena arena = Arena.global();
        MemorySegment out = arena.allocate(8L * (strings.size() + 1), 8);
        for (int i = 0; i < strings.size(); i++) {
            byte[] s = strings.get(i);
            MemorySegment copy = arena.allocate(s.length + 1);
            MemorySegment.copy(s, 0, copy, ValueLayout.JAVA_BYTE, 0, s.length);
            out.setAtIndex(ValueLayout.JAVA_LONG, i, copy.address());
        }
        return out;
    }
}
