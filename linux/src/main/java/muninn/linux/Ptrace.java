// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** ptrace(2) requests. All must come from the thread that seized the tracee. Results: 0 or more, or a negative errno. */
public final class Ptrace {
    private static final int PEEKTEXT = 1;
    private static final int POKETEXT = 4;
    private static final int CONT = 7;
    private static final int SINGLESTEP = 9;
    private static final int GETREGS = 12;
    private static final int SETREGS = 13;
    private static final int DETACH = 17;
    private static final int SYSCALL = 24;
    private static final int GETREGSET = 0x4204;
    private static final int SETREGSET = 0x4205;
    private static final int NT_X86_XSTATE = 0x202;
    private static final int GETEVENTMSG = 0x4201;
    private static final int GETSIGINFO = 0x4202;
    private static final int SETSIGINFO = 0x4203;
    private static final int SEIZE = 0x4206;
    private static final int INTERRUPT = 0x4207;
    private static final int LISTEN = 0x4208;
    private static final int GETSIGMASK = 0x420a;
    private static final int SETSIGMASK = 0x420b;

    public static final int EVENT_FORK = 1;
    public static final int EVENT_VFORK = 2;
    public static final int EVENT_CLONE = 3;
    public static final int EVENT_EXEC = 4;
    public static final int EVENT_VFORK_DONE = 5;
    public static final int EVENT_EXIT = 6;
    public static final int EVENT_STOP = 128;

    /** EXITKILL, TRACESYSGOOD and the events FORK, VFORK, CLONE, EXEC, EXIT. */
    public static final int OPTIONS = 0x10_0000 | 1 | 2 | 4 | 8 | 0x10 | 0x40;

    private static final long IOVEC = 64;
    /** Only the tracer thread comes here, so one place serves all requests. */
    private static final MemorySegment WORD = Syscall.map(4096, Syscall.PROT_READ | Syscall.PROT_WRITE,
            Syscall.MAP_PRIVATE | Syscall.MAP_ANONYMOUS, -1, 0);

    private Ptrace() {}

    private static long request(int request, long tid, long address, long value) {
        return Syscall.call(Syscall.PTRACE, request, tid, address, value);
    }

    public static long seize(int tid) {
        return request(SEIZE, tid, 0, OPTIONS);
    }

    public static long cont(int tid, int signal) {
        return request(CONT, tid, 0, signal);
    }

    public static long singleStep(int tid, int signal) {
        return request(SINGLESTEP, tid, 0, signal);
    }

    /** Resumes up to the next entry to or exit from a system call. */
    public static long syscallStep(int tid, int signal) {
        return request(SYSCALL, tid, 0, signal);
    }

    /** Leaves a task in its group-stop, but reports the SIGCONT that ends it. */
    public static long listen(int tid) {
        return request(LISTEN, tid, 0, 0);
    }

    public static long interrupt(int tid) {
        return request(INTERRUPT, tid, 0, 0);
    }

    public static long detach(int tid, int signal) {
        return request(DETACH, tid, 0, signal);
    }

    public static long getRegs(int tid, UserRegs regs) {
        return request(GETREGS, tid, 0, regs.memory.address());
    }

    public static long setRegs(int tid, UserRegs regs) {
        return request(SETREGS, tid, 0, regs.memory.address());
    }

    /** @param info 128 bytes that receive the siginfo of the current signal-delivery-stop */
    public static long getSigInfo(int tid, MemorySegment info) {
        return request(GETSIGINFO, tid, 0, info.address());
    }

    public static long setSigInfo(int tid, MemorySegment info) {
        return request(SETSIGINFO, tid, 0, info.address());
    }

    /**
     * Reads the extended state (x87, vector, mask registers) in the layout of a non-compacted XSAVE.
     *
     * @return the bytes written to {@code area}, or a negative errno
     */
    public static long getXState(int tid, MemorySegment area) {
        return xState(GETREGSET, tid, area);
    }

    /** Writes back what {@link #getXState} read. */
    public static long setXState(int tid, MemorySegment area) {
        return xState(SETREGSET, tid, area);
    }

    private static long xState(int request, int tid, MemorySegment area) {
        WORD.set(ValueLayout.JAVA_LONG, IOVEC, area.address());
        WORD.set(ValueLayout.JAVA_LONG, IOVEC + 8, area.byteSize());
        long r = request(request, tid, NT_X86_XSTATE, WORD.address() + IOVEC);
        return r < 0 ? r : WORD.get(ValueLayout.JAVA_LONG, IOVEC + 8);
    }

    /** The blocked-signal mask, or 0 if the tracee is gone. */
    public static long sigMask(int tid) {
        long r = request(GETSIGMASK, tid, 8, WORD.address());
        return r < 0 ? 0 : WORD.get(ValueLayout.JAVA_LONG, 0);
    }

    public static long setSigMask(int tid, long mask) {
        WORD.set(ValueLayout.JAVA_LONG, 0, mask);
        return request(SETSIGMASK, tid, 8, WORD.address());
    }

    /** The event's message (new tid, exit status), or a negative errno. */
    public static long eventMessage(int tid) {
        long r = request(GETEVENTMSG, tid, 0, WORD.address());
        return r < 0 ? r : WORD.get(ValueLayout.JAVA_LONG, 0);
    }

    /** Writes one word, through any page protection. */
    public static long poke(int tid, long address, long word) {
        return request(POKETEXT, tid, address, word);
    }

    /** Reads one word; {@code Long.MIN_VALUE} if it cannot be read. */
    public static long peek(int tid, long address) {
        long r = request(PEEKTEXT, tid, address, WORD.address());
        return r < 0 ? Long.MIN_VALUE : WORD.get(ValueLayout.JAVA_LONG, 0);
    }
}
