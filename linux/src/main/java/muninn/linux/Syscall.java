// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * System calls of x86-64 Linux for the controller itself. Results are the kernel's: an error is a negative errno, never an
 * exception.
 *
 * <p>One downcall serves all of them (see {@code NativeCode}), and it may block: a thread inside it does not hold up the garbage
 * collector. Buffers are native memory; the methods that take arrays copy.
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
    public static final int RENAME = 82;
    public static final int MKDIR = 83;
    public static final int UNLINK = 87;
    public static final int GETEUID = 107;
    public static final int PTRACE = 101;
    public static final int PRCTL = 157;
    public static final int GETTID = 186;
    public static final int FUTEX = 202;
    public static final int TGKILL = 234;
    public static final int RT_TGSIGQUEUEINFO = 297;
    public static final int PRLIMIT64 = 302;
    public static final int MEMFD_CREATE = 319;
    public static final int EXIT_GROUP = 231;
    public static final int PERSONALITY = 135;
    public static final int EXECVE = 59;

    public static final int O_RDWR = 2;
    public static final int O_CLOEXEC = 0x8_0000;

    public static final int RLIMIT_DATA = 2;
    public static final int RLIMIT_STACK = 3;
    public static final int RLIMIT_CORE = 4;
    public static final int RLIMIT_NOFILE = 7;
    public static final int RLIMIT_AS = 9;
    public static final long RLIM_INFINITY = -1;

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

    private static final int READ_PIECE = 16 * 1024;
    private static final long FUTEX_WAIT = 0;
    private static final long FUTEX_WAKE = 1;

    private Syscall() {}

    /** Any system call. Returns its result, or the negative errno. */
    public static long call(long nr, long a, long b, long c, long d, long e, long f) {
        return NativeCode.call(nr, a, b, c, d, e, f);
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

    /**
     * Sleeps while the int at {@code address} is {@code value}; the word may lie in memory shared with another process.
     *
     * @param timespec 16 bytes of native memory for the call's use
     * @return 0 when woken, else -EAGAIN, -EINTR or -ETIMEDOUT
     */
    public static long futexWait(long address, int value, long timeoutNanos, MemorySegment timespec) {
        timespec.set(ValueLayout.JAVA_LONG, 0, timeoutNanos / 1_000_000_000L);
        timespec.set(ValueLayout.JAVA_LONG, 8, timeoutNanos % 1_000_000_000L);
        return call(FUTEX, address, FUTEX_WAIT, value, timespec.address());
    }

    /** Wakes one sleeper; returns how many were woken. */
    public static long futexWake(long address) {
        return futexWake(address, 1);
    }

    public static long futexWake(long address, int count) {
        return call(FUTEX, address, FUTEX_WAKE, count, 0);
    }

    public static int pid() {
        return (int) call(GETPID, 0);
    }

    public static int tid() {
        return (int) call(GETTID, 0);
    }

    public static long kill(int pid, int signal) {
        return call(KILL, pid, signal, 0);
    }

    public static long tgkill(int pid, int tid, int signal) {
        return call(TGKILL, pid, tid, signal);
    }

    /** Opens a path, given without terminating zero; the descriptor is always close-on-exec. */
    public static long open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return call(OPEN, arena.allocateFrom(path, StandardCharsets.UTF_8).address(), flags | O_CLOEXEC, mode);
        }
    }

    public static long close(int fd) {
        return call(CLOSE, fd);
    }

    /** One write(2), so that concurrent writers do not mix within a line; may write less than asked. */
    public static long write(int fd, byte[] bytes, int offset, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(length, 1));
            MemorySegment.copy(bytes, offset, copy, ValueLayout.JAVA_BYTE, 0, length);
            return call(WRITE, fd, copy.address(), length);
        }
    }

    /** The whole content of a file whose size is not known beforehand (/proc); {@code null} if it cannot be read. */
    public static byte[] readFile(String path) {
        long fd = open(path, 0, 0);
        if (fd < 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] all = new byte[0];
            MemorySegment piece = arena.allocate(READ_PIECE);
            while (true) {
                long n = call(READ, fd, piece.address(), READ_PIECE);
                if (n <= 0) {
                    return n < 0 ? null : all;
                }
                int had = all.length;
                all = Arrays.copyOf(all, had + (int) n);
                MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, all, had, (int) n);
            }
        } finally {
            close((int) fd);
        }
    }

    /** {@code prlimit64} of another process or, with pid 0, of this one: {soft, hard}, or {@code null} if it is refused. */
    public static long[] limit(int pid, int resource) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(16, 8);
            if (call(PRLIMIT64, pid, resource, 0, old.address()) < 0) {
                return null;
            }
            return new long[] {old.get(ValueLayout.JAVA_LONG, 0), old.get(ValueLayout.JAVA_LONG, 8)};
        }
    }

    public static long setLimit(int pid, int resource, long soft, long hard) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(16, 8);
            value.set(ValueLayout.JAVA_LONG, 0, soft);
            value.set(ValueLayout.JAVA_LONG, 8, hard);
            return call(PRLIMIT64, pid, resource, value.address(), 0);
        }
    }
}
