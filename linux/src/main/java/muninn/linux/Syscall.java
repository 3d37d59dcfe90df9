// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * System calls of x86-64 Linux for the controller itself. Results are the kernel's: an error is a negative errno, never an
 * exception.
 *
 * <p>One downcall shape serves all of them: libc's {@code syscall(2)} with errno captured. A second, "critical" handle is for
 * calls that cannot block; it takes heap arrays.
 */
public final class Syscall {
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int OPEN = 2;
    public static final int CLOSE = 3;
    public static final int MMAP = 9;
    public static final int MPROTECT = 10;
    public static final int MUNMAP = 11;
    public static final int RT_SIGACTION = 13;
    public static final int RT_SIGPROCMASK = 14;
    public static final int PREAD64 = 17;
    public static final int PWRITE64 = 18;
    public static final int MREMAP = 25;
    public static final int MADVISE = 28;
    public static final int GETPID = 39;
    public static final int WAIT4 = 61;
    public static final int KILL = 62;
    public static final int FTRUNCATE = 77;
    public static final int PTRACE = 101;
    public static final int PRCTL = 157;
    public static final int GETTID = 186;
    public static final int FUTEX = 202;
    public static final int TGKILL = 234;
    public static final int PRLIMIT64 = 302;
    public static final int MEMFD_CREATE = 319;
    public static final int EXIT_GROUP = 231;

    public static final int PROT_NONE = 0;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int PROT_EXEC = 4;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;
    public static final int MAP_FIXED_NOREPLACE = 0x10_0000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> ERRNO_PLACE = ThreadLocal.withInitial(
            () -> Arena.global().allocate(Linker.Option.captureStateLayout()));
    private static final MethodHandle PLAIN = handle(Linker.Option.captureCallState("errno"));

    private Syscall() {}

    @SuppressWarnings("restricted")
    private static MethodHandle handle(Linker.Option... options) {
        ValueLayout w = ValueLayout.JAVA_LONG;
        return LINKER.downcallHandle(LINKER.defaultLookup().find("syscall").orElseThrow(),
                FunctionDescriptor.of(w, w, w, w, w, w, w, w), options);
    }

    public static long call(long nr, long a, long b, long c, long d, long e, long f) {
        MemorySegment errno = ERRNO_PLACE.get();
        try {
            long r = (long) PLAIN.invokeExact(errno, nr, a, b, c, d, e, f);
            return r == -1 ? -(int) ERRNO.get(errno, 0L) : r;
        } catch (Throwable t) {
            throw new IllegalStateException("system call " + nr, t);
        }
    }

    public static long call(long nr, long a, long b, long c, long d) {
        return call(nr, a, b, c, d, 0, 0);
    }

    public static long call(long nr, long a, long b, long c) {
        return call(nr, a, b, c, 0, 0, 0);
    }

    public static long call(long nr, long a) {
        return call(nr, a, 0, 0, 0, 0, 0);
    }

    /** Maps fresh private memory of this process; never fails for reasonable sizes. */
    @SuppressWarnings("restricted")
    public static MemorySegment map(long size, int protection, int flags, int fd, long offset) {
        long at = call(MMAP, 0, size, protection, flags, fd, offset);
        if (at < 0 && at > -4096) {
            throw new IllegalStateException("mmap of " + size + " bytes: errno " + -at);
        }
        return MemorySegment.ofAddress(at).reinterpret(size);
    }

    /** The bytes of {@code s} in UTF-8 with a terminating zero, in memory that stays. */
    public static MemorySegment cString(String s) {
        return Arena.global().allocateFrom(s, StandardCharsets.UTF_8);
    }

    public static long futexWait(long address, int value, long timeoutNanos, MemorySegment timespec) {
        timespec.set(ValueLayout.JAVA_LONG, 0, timeoutNanos / 1_000_000_000L);
        timespec.set(ValueLayout.JAVA_LONG, 8, timeoutNanos % 1_000_000_000L);
        return call(FUTEX, address, 0, value, timespec.address());
    }

    public static long futexWake(long address) {
        return call(FUTEX, address, 1, 1, 0);
    }
}
