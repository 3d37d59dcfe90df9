// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Starts a program under ptrace, as its user's shell would have started it.
 *
 * <p>The child is made by {@code clone(CLONE_VM)}: no page table of the JVM is copied, and no JVM code can ever run in it, because
 * all signals are blocked from before the clone until every handler is reset. It executes nothing but a list of system calls that
 * is prepared here as data:
 *
 * <pre>
 * prctl(PR_SET_PDEATHSIG, SIGKILL)       the JVM may die before we trace
 * rt_sigaction(1..64, default or ignored as inherited)
 * futex(gate, WAIT)                      until it is seized: no stop signal is needed for that
 * prctl(PR_SET_PDEATHSIG, 0), personality, prlimit64
 * rt_sigprocmask(as inherited)
 * execve
 * exit_group                             the result of execve is read from the list, the memory being shared
 * </pre>
 *
 * <p>The layout of the address space is decided in execve: ADDR_COMPAT_LAYOUT would put libraries where the shadow lies and is
 * cleared, an unlimited stack is bounded for the moment of execve (dbi-facts 1.100-1.102). All methods belong to the tracer thread.
 */
public final class Launch {
    /** What could not be done. */
    public enum Step { CLONE, TRACE, EXECUTE }

    public sealed interface Result permits Started, Failed {}

    /** The process is stopped at its exec event, seized with {@link Ptrace#OPTIONS}. */
    public record Started(int pid) implements Result {}

    /** Nothing is left running. {@code errno} is positive. */
    public record Failed(int errno, Step step) implements Result {}

    private static final int PRCTL_PDEATHSIG = 1;
    private static final int ADDR_COMPAT_LAYOUT = 0x20_0000;
    private static final int SIGKILL = 9;
    private static final int SIGTRAP = 5;
    private static final int SIGSTOP = 19;
    private static final int SIG_SETMASK = 2;
    /** Stack limit during execve where there is none: the kernel then lays libraries out this far below the stack. */
    private static final long LAYOUT_STACK = 64L << 30;

    /** Layout of the shared page: two masks, then entries of nine longs; behind them what the entries point to. */
    private static final int ENTRIES = 16;
    private static final int ENTRY = 72;
    private static final int ENTRY_MODE = 56;
    private static final int ENTRY_RESULT = 64;
    private static final int MAX_ENTRIES = 96;
    private static final int GATE = 0x1c00;
    private static final int INHERITED_MASK = 0x1c08;
    private static final int IGNORE = 0x1c10;
    private static final int DEFAULT = 0x1c30;
    private static final int LIMITS = 0x1c50;
    private static final int STRINGS = 0x2000;

    private final MemorySegment page;
    private int entries;

    private Launch(MemorySegment page) {
        this.page = page;
        page.set(ValueLayout.JAVA_LONG, 0, -1L);
    }

    /**
     * Starts {@code path} and waits for its exec stop.
     *
     * @param argv the exact arguments, without terminating zeros; {@code argv[0]} need not be the path
     * @param environment the exact environment strings
     */
    public static Result launch(byte[] path, byte[][] argv, byte[][] environment) {
        return launch(path, argv, environment, new long[0][]);
    }

    /** @param limits resource limits to set before execve: {resource, soft, hard} each, for what the JVM or its launcher changed */
    public static Result launch(byte[] path, byte[][] argv, byte[][] environment, long[][] limits) {
        long size = STRINGS + path.length + 1L + vectorSize(argv) + vectorSize(environment);
        MemorySegment page = Syscall.map(size, Syscall.PROT_READ | Syscall.PROT_WRITE, Syscall.MAP_PRIVATE | Syscall.MAP_ANONYMOUS, -1, 0);
        try {
            return new Launch(page).run(path, argv, environment, limits);
        } finally {
            Syscall.call(Syscall.MUNMAP, page.address(), size, 0);
        }
    }

    /** As {@link #launch}, with the pid or a negative errno as result. */
    public static int start(byte[] path, byte[][] argv, byte[][] environment) {
        Result r = launch(path, argv, environment);
        return r instanceof Started s ? s.pid : -((Failed) r).errno;
    }

    private Result run(byte[] path, byte[][] argv, byte[][] environment, long[][] limits) {
        Descriptors.hideOwn();
        long[] stack = Syscall.limit(0, Syscall.RLIMIT_STACK);
        for (long[] l : limits) {
            stack = l[0] == Syscall.RLIMIT_STACK ? new long[] {l[1], l[2]} : stack;
        }
        boolean boundStack = stack != null && (stack[0] < 0 || stack[0] > LAYOUT_STACK);
        int execve = prepare(path, argv, environment, limits, boundStack ? stack : null);
        long child = NativeCode.spawn(page.address());
        if (child < 0) {
            return new Failed((int) -child, Step.CLONE);
        }
        int pid = (int) child;
        long seized = Ptrace.seize(pid);
        if (seized < 0) {
            Syscall.kill(pid, SIGKILL);
            Wait.forEnd(pid);
            return new Failed((int) -seized, Step.TRACE);
        }
        page.set(ValueLayout.JAVA_INT, GATE, 1);
        Syscall.futexWake(page.address() + GATE);
        if (!toExecStop(pid)) {
            long r = page.get(ValueLayout.JAVA_LONG, ENTRIES + (long) execve * ENTRY + ENTRY_RESULT);
            return new Failed(r < 0 ? (int) -r : Errno.ESRCH, Step.EXECUTE);
        }
        if (boundStack) {
            Syscall.setLimit(pid, Syscall.RLIMIT_STACK, stack[0], stack[1]);
        }
        return new Started(pid);
    }

    /** Fills the list of system calls; returns the index of execve in it. */
    private int prepare(byte[] path, byte[][] argv, byte[][] environment, long[][] limits, long[] boundStack) {
        long base = page.address();
        InheritedSignals inherited = InheritedSignals.get();
        page.set(ValueLayout.JAVA_LONG, INHERITED_MASK, inherited.blocked());
        page.set(ValueLayout.JAVA_LONG, IGNORE, 1L);
        add(Syscall.PRCTL, PRCTL_PDEATHSIG, SIGKILL, 0, 0);
        for (int s = 1; s <= 64; s++) {
            if (s != SIGKILL && s != SIGSTOP) {
                boolean ignored = (inherited.ignored() >>> s - 1 & 1) != 0;
                add(Syscall.RT_SIGACTION, s, base + (ignored ? IGNORE : DEFAULT), 0, 8);
            }
        }
        page.set(ValueLayout.JAVA_INT, (long) ENTRIES + entries * ENTRY + ENTRY_MODE, 1);
        add(Syscall.FUTEX, base + GATE, 0, 0, 0);
        add(Syscall.PRCTL, PRCTL_PDEATHSIG, 0, 0, 0);
        long personality = Syscall.call(Syscall.PERSONALITY, 0xffff_ffffL);
        if (personality >= 0 && (personality & ADDR_COMPAT_LAYOUT) != 0) {
            add(Syscall.PERSONALITY, personality & ~ADDR_COMPAT_LAYOUT, 0, 0, 0);
        }
        int at = LIMITS;
        for (long[] l : limits) {
            at = limit(at, (int) l[0], l[1], l[2]);
        }
        if (boundStack != null) {
            limit(at, Syscall.RLIMIT_STACK, LAYOUT_STACK, boundStack[1]);
        }
        long string = STRINGS;
        long pathAt = base + string;
        string = put(string, path);
        string = string + 7 & ~7L;
        long argvAt = base + string;
        string = vector(string, argv);
        string = string + 7 & ~7L;
        long environmentAt = base + string;
        vector(string, environment);
        add(Syscall.RT_SIGPROCMASK, SIG_SETMASK, base + INHERITED_MASK, 0, 8);
        int execve = entries;
        add(Syscall.EXECVE, pathAt, argvAt, environmentAt, 0);
        add(Syscall.EXIT_GROUP, 127, 0, 0, 0);
        return execve;
    }

    private int limit(int at, int resource, long soft, long hard) {
        if (at + 16 > STRINGS || entries > MAX_ENTRIES - 8) {
            throw new IllegalArgumentException("too many limits");
        }
        page.set(ValueLayout.JAVA_LONG, at, soft);
        page.set(ValueLayout.JAVA_LONG, at + 8, hard);
        add(Syscall.PRLIMIT64, 0, resource, page.address() + at, 0);
        return at + 16;
    }

    private void add(long nr, long a, long b, long c, long d) {
        long at = ENTRIES + (long) entries++ * ENTRY;
        page.set(ValueLayout.JAVA_LONG, at, nr);
        page.set(ValueLayout.JAVA_LONG, at + 8, a);
        page.set(ValueLayout.JAVA_LONG, at + 16, b);
        page.set(ValueLayout.JAVA_LONG, at + 24, c);
        page.set(ValueLayout.JAVA_LONG, at + 32, d);
    }

    /** Lets the seized child go on to its exec event; false if it ended before. */
    private static boolean toExecStop(int pid) {
        Wait wait = new Wait();
        while (true) {
            if (wait.next(pid) < 0) {
                return false;
            }
            int status = wait.status();
            int event = status >>> 16;
            int signal = status >> 8 & 0xff;
            if ((status & 0x7f) != 0x7f) {
                return false;
            }
            if (event == Ptrace.EVENT_EXEC) {
                return true;
            }
            if (event == Ptrace.EVENT_STOP && signal != SIGTRAP) {
                Ptrace.listen(pid);
            } else {
                Ptrace.cont(pid, event != 0 || signal == SIGTRAP ? 0 : signal);
            }
        }
    }

    private static long vectorSize(byte[][] strings) {
        long size = 8L * (strings.length + 1) + 8;
        for (byte[] s : strings) {
            size += s.length + 1;
        }
        return size;
    }

    /** Writes an array of pointers and, behind it, the strings; returns the offset behind them. */
    private long vector(long at, byte[][] strings) {
        long string = at + 8L * (strings.length + 1);
        for (int i = 0; i < strings.length; i++) {
            page.set(ValueLayout.JAVA_LONG, at + 8L * i, page.address() + string);
            string = put(string, strings[i]);
        }
        return string;
    }

    private long put(long at, byte[] string) {
        MemorySegment.copy(string, 0, page, ValueLayout.JAVA_BYTE, at, string.length);
        return at + string.length + 1;
    }
}
