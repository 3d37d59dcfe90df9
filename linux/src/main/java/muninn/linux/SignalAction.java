// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Dispositions of this process, changed below the JVM by {@code rt_sigaction}. */
final class SignalAction {
    static final long DEFAULT = 0;
    static final long IGNORE = 1;

    private static final long SA_SIGINFO = 4;
    private static final long SA_RESTORER = 0x400_0000;
    private static final long SA_ONSTACK = 0x800_0000;
    private static final long SA_RESTART = 0x1000_0000;
    /** struct kernel_sigaction: handler, flags, restorer, mask. */
    private static final int SIZE = 32;
    private static final int SIG_UNBLOCK = 1;

    private SignalAction() {}

    /** @param handler {@link #DEFAULT}, {@link #IGNORE} or the address of native code that takes (signal, info, context) */
    static long set(int signal, long handler) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIZE, 8);
            action.set(ValueLayout.JAVA_LONG, 0, handler);
            if (handler != DEFAULT && handler != IGNORE) {
                action.set(ValueLayout.JAVA_LONG, 8, SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_RESTART);
                action.set(ValueLayout.JAVA_LONG, 16, NativeCode.address(NativeCode.RESTORE));
            }
            return Syscall.call(Syscall.RT_SIGACTION, signal, action.address(), 0, 8);
        }
    }

    /** Makes the calling thread receive the signal. */
    static void unblock(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(8, 8);
            mask.set(ValueLayout.JAVA_LONG, 0, 1L << signal - 1);
            Syscall.call(Syscall.RT_SIGPROCMASK, SIG_UNBLOCK, mask.address(), 0, 8);
        }
    }
}
