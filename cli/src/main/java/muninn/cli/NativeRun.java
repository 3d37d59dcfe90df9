// SPDX-License-Identifier: MIT
package muninn.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

import muninn.linux.InheritedSignals;
import muninn.linux.Syscall;

/** Becoming the program instead of watching it. */
final class NativeRun {
    private static final int SIGNALS = 65;
    private static final int SIGSET_SIZE = 8;

    private NativeRun() {}

    /**
     * Replaces this process by a program, as if it had been started without us. Returns only if that fails.
     *
     * @return the negative errno
     */
    static long become(String path, List<byte[]> arguments, List<byte[]> environment) {
        MemorySegment standard = Arena.global().allocate(32, 8);
        long ignored = InheritedSignals.get().ignored();
        for (int signal = 1; signal < SIGNALS; signal++) {
            // Handlers are reset by the kernel, but what only the JVM ignores would stay ignored.
            if ((ignored >> (signal - 1) & 1) == 0) {
                Syscall.call(Syscall.RT_SIGACTION, signal, standard.address(), 0, SIGSET_SIZE);
            }
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
