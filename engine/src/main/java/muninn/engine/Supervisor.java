// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import muninn.linux.ControllerSignals;
import muninn.isa.Decoder;
import muninn.isa.Insn;
import muninn.linux.Errno;
import muninn.linux.Ptrace;
import muninn.linux.RemoteMemory;
import muninn.linux.Syscall;
import muninn.linux.UserRegs;
import muninn.runtime.AddressMap;
import muninn.runtime.Mailbox;
import muninn.runtime.ThreadArea;

/**
 * The tracer: births and deaths of threads and processes, exec, and every signal. Runs on one thread; each stop is handled with
 * the engine's lock held.
 *
 * <p><b>Signals.</b> The kernel keeps dispositions, masks and queues; it also builds the frame. What is left to do is to show it
 * the client's true state: a signal is handed over only where a thread stands at a client instruction boundary (in the cache,
 * stepping there if need be) or in the client's system call at the gate. A signal that arrives while the runtime works is put
 * aside; the runtime reports before it goes back to the cache ({@link RuntimeStubs#REQUEST_SIGNAL}), and the thread is then sent
 * the same signal number again, whose stop carries the original siginfo.
 */
final class Supervisor {
    private static final int SIGILL = 4;
    private static final int SIGTRAP = 5;
    private static final int SIGBUS = 7;
    private static final int SIGFPE = 8;
    private static final int SIGKILL = 9;
    private static final int SIGSEGV = 11;
    private static final int SIGSTOP = 19;
    private static final int FIRST_REAL_TIME = 32;
    private static final int RSP = 4;
    private static final int SIGINFO_SIZE = 128;
    private static final int SEGV_MAPERR = 1;
    private static final int MAX_STEPS = 2000;
    /** So much of the main thread's stack is painted; deeper down, what nobody has written counts as defined. */
    private static final long MAIN_STACK = 2 << 20;
    private static final int ERESTARTSYS = 512;
    private static final int ERESTART_RESTARTBLOCK = 516;
    /** Signals whose default action does not end the process: CHLD, CONT, stops, URG, WINCH. */
    private static final long HARMLESS = 1L << 16 | 1L << 17 | 1L << 18 | 1L << 19 | 1L << 20 | 1L << 21 | 1L << 22 | 1L << 27;

    private final Engine engine;
    private final RuntimeStubs stubs;
    private final Map<Integer, ClientThread> byTid = new HashMap<>();
    /** Stops of tids that nobody announced yet. */
    private final Map<Integer, Integer> parked = new HashMap<>();
    private final List<AddressSpace> spaces = new ArrayList<>();
    private final UserRegs regs = new UserRegs();
    private final MemorySegment info = java.lang.foreign.Arena.global().allocate(SIGINFO_SIZE, 8);
    private final MemorySegment status = java.lang.foreign.Arena.global().allocate(8, 8);
    private volatile Throwable failure;
    /** Signals that have a handler, by process: reading them takes as long as all the rest of a signal. */
    private final Map<Integer, Long> caught = new HashMap<>();
    private boolean handlersReset;
    /** Status of a stop that came while a thread was stepped to a boundary; 0 if none did. */
    private int overtaken;
    /** A process was to stop (job control) while it was being laid out. */
    private boolean stopRequested;
    private int mainPid;
    private int mainStatus = -1;

    Supervisor(Engine engine) {
        this.engine = engine;
        this.stubs = engine.stubs;
    }

    // ---- life of the run ----

    /** Serves stops until nothing that is traced is left; returns the program's wait status. */
    int follow(int pid) {
        mainPid = pid;
        while (true) {
            long r = Syscall.call(Syscall.WAIT4, -1, status.address(), 0x4000_0000 | 0x2000_0000, 0);
            if (failure != null) {
                throw new EngineFailure(failure);
            }
            if (r == -Errno.EINTR) {
                continue;
            }
            if (r < 0) {
                break;
            }
            int tid = (int) r;
            int s = status.get(ValueLayout.JAVA_INT, 0);
            synchronized (engine) {
                stopped(tid, s);
            }
            if (mainStatus >= 0 && byTid.isEmpty()) {
                break;
            }
        }
        engine.service.stop = true;
        return mainStatus;
    }

    /** The mailbox service cannot go on: everything traced is killed, which wakes the tracer. */
    void fail(Throwable t) {
        failure = t;
        for (AddressSpace s : spaces) {
            Syscall.call(Syscall.KILL, s.pid, SIGKILL, 0);
        }
    }

    /** Whether it is the first thread of the program that was started. */
    boolean isFirst(ClientThread t) {
        return t.tid == mainPid;
    }

    private void stopped(int tid, int s) {
        if ((s & 0x7f) != 0x7f) {
            ended(tid, s);
            return;
        }
        ClientThread t = byTid.get(tid);
        int event = s >>> 16;
        int signal = s >> 8 & 0x7f;
        if (t == null) {
            if (tid == mainPid) {
                // Runs natively since it executed another program.
                Ptrace.cont(tid, event == 0 ? signal : 0);
            } else if (event == Ptrace.EVENT_EXIT) {
                // Killed together with its parent, before that could tell of its birth.
                parked.remove(tid);
                Ptrace.cont(tid, 0);
            } else {
                parked.put(tid, s);
            }
            return;
        }
        switch (event) {
            case 0 -> signal(t, signal);
            case Ptrace.EVENT_CLONE, Ptrace.EVENT_FORK, Ptrace.EVENT_VFORK -> {
                born(t, (int) Ptrace.eventMessage(tid));
                Ptrace.cont(tid, 0);
            }
            case Ptrace.EVENT_EXEC -> executed(t);
            case Ptrace.EVENT_STOP -> {
                if (signal == SIGTRAP) {
                    Ptrace.cont(tid, 0);
                } else {
                    Ptrace.listen(tid);
                    if (tid == mainPid) {
                        // The shell waits for us, not for the client: stop with it (job control).
                        ControllerSignals.stopSelf(signal);
                    }
                }
            }
            case Ptrace.EVENT_EXIT -> {
                checkStillOurs(t);
                Ptrace.cont(tid, 0);
            }
            default -> Ptrace.cont(tid, 0);
        }
    }

    /** A thread that ends by a system call of its own must make it at the gate; anywhere else it had left the cache. */
    private void checkStillOurs(ClientThread t) {
        if (Ptrace.getRegs(t.tid, regs) < 0) {
            return;
        }
        long nr = regs.get(UserRegs.ORIG_RAX);
        if ((nr == 60 || nr == 231) && regs.rip() != stubs.gateBehind) {
            engine.verifier.finding("thread " + t.tid + " left the code cache and ran natively, last at 0x"
                    + Long.toHexString(regs.rip()));
        }
    }

    private void ended(int tid, int s) {
        if (tid == mainPid) {
            mainStatus = s;
            ControllerSignals.clientEnded();
        }
        ClientThread t = byTid.remove(tid);
        if (t == null) {
            parked.remove(tid);
            return;
        }
        AddressSpace space = t.space;
        engine.release(t);
        if (space.threads.isEmpty()) {
            spaces.remove(space);
            space.end();
            engine.tool.ended(space, s);
            space.memory.close();
        }
    }

    /** Whether an address space other than {@code self} has the code. */
    boolean usedElsewhere(ModuleCode code, AddressSpace self) {
        return spaces.stream().anyMatch(s -> s != self && s.uses(code));
    }

    // ---- laying out a client ----

    /** Takes over a process that stands at its exec stop. */
    void adopt(int pid) {
        RemoteMemory memory = RemoteMemory.open(pid);
        if (memory == null) {
            throw new EngineFailure("cannot open the memory of process " + pid);
        }
        // Signals wait in the kernel meanwhile: each of them would be a stop in place of a step's. The step's own is never blocked.
        long mask = Ptrace.sigMask(pid);
        Ptrace.setSigMask(pid, ~(1L << SIGTRAP - 1));
        stopRequested = false;
        try {
            layOut(pid, memory);
        } catch (Vanished e) {
            memory.close();
            return;
        }
        Ptrace.setSigMask(pid, mask);
        if (stopRequested) {
            Syscall.kill(pid, SIGSTOP);
        }
        Ptrace.cont(pid, 0);
    }

    private void layOut(int pid, RemoteMemory memory) {
        AddressSpace space = engine.newSpace(pid, memory);
        // The exec event lies inside execve, which has yet to write its result: a step out of it reports before the first instruction.
        step(pid);
        Ptrace.getRegs(pid, regs);
        long entry = regs.rip();
        UserRegs saved = new UserRegs();
        saved.copyFrom(regs);
        byte[] original = new byte[8];
        memory.read(entry, original, 0, 8);
        memory.write(entry, new byte[] {0x0f, 0x05}, 0, 2);
        int rw = Syscall.PROT_READ | Syscall.PROT_WRITE;
        int fixed = Syscall.MAP_PRIVATE | Syscall.MAP_ANONYMOUS | Syscall.MAP_FIXED_NOREPLACE | Syscall.MAP_NORESERVE;
        remote(pid, entry, saved, "runtime", Syscall.MMAP, AddressMap.RUNTIME_BASE, AddressMap.RUNTIME_SIZE, rw | Syscall.PROT_EXEC,
                fixed, -1, 0);
        memory.write(entry, original, 0, 8);
        byte[] head = stubs.image();
        memory.write(AddressMap.RUNTIME_BASE, head, 0, head.length);
        long gadget = stubs.gate;
        remote(pid, gadget, saved, "lookup table", Syscall.MMAP, AddressMap.LOOKUP_KEYS, AddressMap.LOOKUP_SIZE, rw, fixed, -1, 0);
        remote(pid, gadget, saved, "thread areas", Syscall.MMAP, AddressMap.THREADS_BASE, (long) AddressMap.THREADS * ThreadArea.SIZE,
                rw, fixed, -1, 0);
        byte[] path = (engine.shared.path() + "\0").getBytes(StandardCharsets.US_ASCII);
        memory.write(AddressMap.THREADS_BASE, path, 0, path.length);
        long fd = remote(pid, gadget, saved, "shared memory", Syscall.OPEN, AddressMap.THREADS_BASE, 2 | 0x8_0000, 0, 0, 0, 0);
        int shared = Syscall.MAP_SHARED | Syscall.MAP_FIXED_NOREPLACE;
        remote(pid, gadget, saved, "mailboxes", Syscall.MMAP, AddressMap.MAILBOX_BASE, AddressMap.MAILBOX_SIZE, rw, shared, fd, 0);
        remote(pid, gadget, saved, "unwind tables", Syscall.MMAP, AddressMap.UNWIND_BASE, AddressMap.UNWIND_SIZE, Syscall.PROT_READ,
                shared, fd, AddressMap.MAILBOX_SIZE);
        remote(pid, gadget, saved, "code", Syscall.MMAP, AddressMap.CODE_BASE, AddressMap.CODE_SIZE, Syscall.PROT_READ
                | Syscall.PROT_EXEC, shared, fd, AddressMap.MAILBOX_SIZE + AddressMap.UNWIND_SIZE);
        remote(pid, gadget, saved, "close", Syscall.CLOSE, fd, 0, 0, 0, 0, 0);
        long imageEnd = RuntimeStubs.IMAGE;
        if (engine.image != null) {
            byte[] bytes = engine.image.bytes();
            memory.write(RuntimeStubs.IMAGE, bytes, 0, bytes.length);
            imageEnd += engine.image.dataOffset();
        }
        remote(pid, gadget, saved, "runtime code", Syscall.MPROTECT, AddressMap.RUNTIME_BASE, imageEnd - AddressMap.RUNTIME_BASE,
                Syscall.PROT_READ | Syscall.PROT_EXEC, 0, 0, 0);
        if (engine.tool.counts() != null) {
            remote(pid, gadget, saved, "counters", Syscall.MMAP, AddressMap.COUNTERS_BASE, AddressMap.COUNTERS_SIZE, rw, fixed, -1, 0);
        }
        if (engine.tool.usesShadow()) {
            remote(pid, gadget, saved, "functions", Syscall.MPROTECT, AddressMap.FUNCTIONS_BASE, AddressMap.FUNCTIONS_SIZE,
                    Syscall.PROT_READ | Syscall.PROT_EXEC, 0, 0, 0);
            remote(pid, gadget, saved, "slow table", Syscall.MMAP, AddressMap.SLOW_TABLE, AddressMap.SLOW_SIZE, rw, fixed, -1, 0);
            remote(pid, gadget, saved, "tables", Syscall.MMAP, AddressMap.TABLES_BASE, AddressMap.TABLES_SIZE, rw, fixed, -1, 0);
            remote(pid, gadget, saved, "shadow", Syscall.MMAP, AddressMap.SHADOW_BASE, AddressMap.SHADOW_SIZE, rw, fixed, -1, 0);
            remote(pid, gadget, saved, "tables", Syscall.MMAP, AddressMap.PARTIAL_BASE, AddressMap.PARTIAL_SIZE, rw, fixed, -1, 0);
            remote(pid, gadget, saved, "shadow", Syscall.MADVISE, AddressMap.SHADOW_BASE, AddressMap.SHADOW_SIZE, 16, 0, 0, 0);
        }
        space.begin();
        ClientThread t = engine.newThread(space);
        identify(t, space);
        space.clearReturnCache(t);
        byTid.put(pid, t);
        t.tid = pid;
        t.pid = pid;
        spaces.add(space);
        space.redirects = engine.tool.redirects(space);
        engine.tool.started(space, null);
        t.setSlot(ThreadArea.TID, pid);
        t.setSlot(ThreadArea.RESUME_PC, entry);
        if (engine.tool.steps() != null) {
            t.setSlot(ThreadArea.STACK_START, paintStack(space, saved.gpr(4), MAIN_STACK));
            t.setSlot(ThreadArea.STACK_END, saved.gpr(4));
        }
        regs.copyFrom(saved);
        regs.set(UserRegs.ORIG_RAX, -1);
        regs.set(UserRegs.GS_BASE, t.area());
        regs.setRip(stubs.resume);
        Ptrace.setRegs(pid, regs);
    }

    /** A process has ended while it was being laid out. */
    private static final class Vanished extends RuntimeException {
        private static final long serialVersionUID = 1;

        Vanished() {
            super(null, null, false, false);
        }
    }

    /** One step of a process that nothing of ours follows yet and whose signals are blocked; only SIGSTOP may come all the same. */
    private void step(int pid) {
        while (true) {
            Ptrace.singleStep(pid, 0);
            int s = await(pid);
            int event = s >>> 16;
            int signal = s >> 8 & 0x7f;
            if ((s & 0x7f) != 0x7f || event == Ptrace.EVENT_EXIT) {
                stopped(pid, s);
                throw new Vanished();
            }
            if (event == 0 && signal == SIGTRAP) {
                return;
            }
            stopRequested |= signal != SIGTRAP;
        }
    }

    /** What lies below the stack pointer of a new stack is undefined; returns the lowest address that was painted. */
    static long paintStack(AddressSpace space, long sp, long bytes) {
        long low = sp - bytes & -16;
        byte[] shadow = new byte[(int) ((sp >>> 2) - (low >>> 2))];
        Arrays.fill(shadow, (byte) 0x55);
        space.memory.write(AddressMap.SHADOW_BASE + (low >>> 2), shadow, 0, shadow.length);
        return low;
    }

    /** The fixed contents of a thread area, written into {@code space}. */
    void identify(ClientThread t, AddressSpace space) {
        space.memory.putLong(t.area() + ThreadArea.SELF, t.area());
        space.memory.putLong(t.area() + ThreadArea.MAILBOX, AddressMap.MAILBOX_BASE + (long) t.slot * Mailbox.SIZE);
        space.memory.putLong(t.area() + ThreadArea.RUNTIME_SP, t.area() + ThreadArea.SIZE - 64);
        space.memory.putLong(t.area() + ThreadArea.SHADOW_BASE, AddressMap.SHADOW_BASE);
        space.memory.putLong(t.area() + ThreadArea.STACK_START, -1);
        space.memory.putLong(t.area() + ThreadArea.COUNTERS, ClientThread.countersOf(t.slot));
    }

    /** A system call made by the stopped process itself, at an address that holds {@code syscall}. */
    private long remote(int tid, long at, UserRegs saved, String what, long nr, long a, long b, long c, long d, long e, long f) {
        regs.copyFrom(saved);
        regs.setRip(at);
        regs.set(UserRegs.ORIG_RAX, -1);
        regs.setGpr(0, nr);
        regs.setGpr(7, a);
        regs.setGpr(6, b);
        regs.setGpr(2, c);
        regs.setGpr(10, d);
        regs.setGpr(8, e);
        regs.setGpr(9, f);
        Ptrace.setRegs(tid, regs);
        step(tid);
        Ptrace.getRegs(tid, regs);
        long r = regs.gpr(0);
        if (r < 0 && r > -4096) {
            throw new EngineFailure("cannot set up the client (" + what + "): errno " + -r);
        }
        return r;
    }

    private int await(int tid) {
        Integer early = parked.remove(tid);
        if (early != null) {
            return early;
        }
        while (true) {
            long r = Syscall.call(Syscall.WAIT4, tid, status.address(), 0x4000_0000, 0);
            if (r == tid) {
                return status.get(ValueLayout.JAVA_INT, 0);
            }
            if (r != -Errno.EINTR) {
                return 0;
            }
        }
    }

    // ---- birth and exec ----

    private void born(ClientThread parent, int tid) {
        int s = await(tid);
        if ((s & 0x7f) != 0x7f) {
            ended(tid, s);
            return;
        }
        ClientThread child = parent.child;
        parent.child = null;
        if (child != null) {
            child.tid = tid;
            child.pid = threadGroup(tid);
        } else {
            RemoteMemory memory = RemoteMemory.open(tid);
            AddressSpace space = engine.newSpace(tid, memory);
            space.copyCodeFrom(parent.space);
            child = engine.newThread(space, parent.area());
            child.tid = tid;
            child.pid = tid;
            spaces.add(space);
            space.redirects = engine.tool.redirects(space);
            identify(child, space);
            child.setSlot(ThreadArea.AFTER_SYSCALL, 0);
            child.setSlot(ThreadArea.PENDING_SIGNAL, 0);
            engine.tool.started(space, parent.space);
        }
        child.setSlot(ThreadArea.TID, tid);
        byTid.put(tid, child);
        Ptrace.getRegs(tid, regs);
        regs.set(UserRegs.GS_BASE, child.area());
        Ptrace.setRegs(tid, regs);
        Ptrace.cont(tid, 0);
    }

    private static int threadGroup(int tid) {
        String text = read("/proc/" + tid + "/status");
        int at = text.indexOf("\nTgid:\t");
        return at < 0 ? tid : number(text, at + 7);
    }

    private static int number(String s, int at) {
        int v = 0;
        while (at < s.length() && s.charAt(at) >= '0' && s.charAt(at) <= '9') {
            v = v * 10 + s.charAt(at++) - '0';
        }
        return v;
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Another program runs in this process now: nothing of ours is left in it. */
    private void executed(ClientThread t) {
        handlersChanged();
        int pid = t.pid;
        int former = (int) Ptrace.eventMessage(t.tid);
        ClientThread caller = byTid.getOrDefault(former, t);
        AddressSpace old = caller.space;
        for (ClientThread other : new ArrayList<>(old.threads)) {
            if (other.pid == pid) {
                byTid.remove(other.tid);
                engine.release(other);
            }
        }
        if (old.threads.isEmpty()) {
            spaces.remove(old);
            old.end();
            old.memory.close();
        }
        if (engine.options.traceChildren() && !engine.options.skipped().skips(pid)) {
            adopt(pid);
        } else {
            Ptrace.detach(pid, 0);
        }
    }

    // ---- end ----

    /** The process asks to end: first what the tool wants to run, then its last look, then the call. */
    void exiting(ClientThread t) {
        AddressSpace space = t.space;
        if (space.exitFunctions == null) {
            space.exitFunctions = engine.tool.functionsBeforeExit(space);
            space.exitNumber = t.arg(0);
            space.exitCode = t.arg(1);
            space.exitStack = (t.arg(7) - 256 & -16) - 8;
        }
        if (!nextExitFunction(t)) {
            engine.tool.exiting(t);
            t.answer(RuntimeStubs.ANSWER_GATE, 0);
        }
    }

    /** Sends the thread to the next function to run before the exit; its return address is no client code. */
    private boolean nextExitFunction(ClientThread t) {
        AddressSpace space = t.space;
        if (space.exitStep == space.exitFunctions.length) {
            return false;
        }
        space.memory.putLong(space.exitStack, stubs.nop);
        t.setSlot(ThreadArea.gpr(4), space.exitStack);
        t.answer(RuntimeStubs.ANSWER_CLIENT, space.exitFunctions[space.exitStep++]);
        return true;
    }

    /** A function run before the exit has returned. */
    boolean returnedFromExitFunction(ClientThread t, long client) {
        if (client != stubs.nop || t.space.exitFunctions == null) {
            return false;
        }
        if (!nextExitFunction(t)) {
            t.setSlot(ThreadArea.gpr(0), t.space.exitNumber);
            t.setSlot(ThreadArea.gpr(7), t.space.exitCode);
            engine.tool.exiting(t);
            t.answer(RuntimeStubs.ANSWER_GATE, 0);
        }
        return true;
    }

    // ---- signals ----

    private void signal(ClientThread t, int signal) {
        int tid = t.tid;
        if (Ptrace.getSigInfo(tid, info) < 0 || Ptrace.getRegs(tid, regs) < 0) {
            return;
        }
        if (engine.options.traceSignals()) {
            trace(t, signal);
        }
        if (CodeReuse.isQuestion(signal, info)) {
            t.space.reuse.answered(t, regs);
            Ptrace.cont(tid, 0);
            return;
        }
        if (signal == SIGSTOP || signal >= 20 && signal <= 22 && !caught(t, signal)) {
            Ptrace.cont(tid, signal);
            return;
        }
        int code = info.get(ValueLayout.JAVA_INT, 8);
        if (isFault(signal) && code > 0) {
            fault(t, signal);
            return;
        }
        if (t.atSignalPoint) {
            atPoint(t);
            return;
        }
        if (!caught(t, signal)) {
            if ((HARMLESS & 1L << signal - 1) == 0 && !ignored(tid, signal)) {
                ClientState state = stateAt(t, regs.rip());
                engine.tool.dying(t, signal, state.pc, state.gprs, bytes(info));
            }
            Ptrace.cont(tid, signal);
            return;
        }
        byte[] original = bytes(info);
        ClientState state = toBoundary(t);
        if (state == null) {
            putAside(t, signal, original);
            t.setSlot(ThreadArea.PENDING_SIGNAL, 1);
            int s = overtaken;
            overtaken = 0;
            if (s != 0) {
                stopped(tid, s);
            } else {
                Ptrace.cont(tid, 0);
            }
        } else if (state != GONE) {
            deliver(t, state, signal, original);
        }
    }

    /** As the kernel keeps pending signals: real-time ones queue up, of the others there is one at most. */
    private static void putAside(ClientThread t, int signal, byte[] siginfo) {
        for (ClientThread.StashedSignal s : t.stashed) {
            if (s.signal() == signal && signal < FIRST_REAL_TIME) {
                return;
            }
        }
        t.stashed.add(new ClientThread.StashedSignal(signal, siginfo));
    }

    private void trace(ClientThread t, int signal) {
        engine.messages.println("-- signal " + signal + " (code " + info.get(ValueLayout.JAVA_INT, 8) + ", address 0x"
                + Long.toHexString(info.get(ValueLayout.JAVA_LONG, 16)) + ") to thread " + t.number + " (" + t.tid + ") at 0x"
                + Long.toHexString(stateAt(t, regs.rip()).pc) + ", cache pc 0x" + Long.toHexString(regs.rip()));
        engine.messages.flush();
    }

    private static byte[] bytes(MemorySegment info) {
        return info.toArray(ValueLayout.JAVA_BYTE);
    }

    private static boolean isFault(int signal) {
        return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGTRAP;
    }

    private boolean caught(ClientThread t, int signal) {
        Long mask = caught.get(t.pid);
        if (mask == null) {
            mask = mask(t.tid, "\nSigCgt:\t");
            if (!handlersReset) {
                caught.put(t.pid, mask);
            }
        }
        return (mask >>> signal - 1 & 1) != 0;
    }

    /** Some process has changed its handlers, or may have: they are asked for again. */
    void handlersChanged() {
        caught.clear();
    }

    /** Some process has a handler that the kernel takes away when it is called: handlers can change without a system call. */
    void handlersReset() {
        handlersReset = true;
    }

    private static boolean ignored(int tid, int signal) {
        return inMask(tid, "\nSigIgn:\t", signal);
    }

    private static boolean inMask(int tid, String field, int signal) {
        return (mask(tid, field) >>> signal - 1 & 1) != 0;
    }

    /** A set of signals of /proc/tid/status; empty if the thread is gone. */
    private static long mask(int tid, String field) {
        String text = read("/proc/" + tid + "/status");
        int at = text.indexOf(field);
        if (at < 0) {
            return 0;
        }
        return Long.parseUnsignedLong(text, at + field.length(), at + field.length() + 16, 16);
    }

    /** Client registers and pc; {@code inSyscall} keeps the kernel's restart information. */
    private record ClientState(long pc, long[] gprs, long flags, boolean inSyscall) {}

    private static final ClientState GONE = new ClientState(0, new long[16], 0, false);

    /** State of a thread whose hardware registers are the client's but for the stolen ones. */
    private ClientState hardware(ClientThread t, long pc, boolean inSyscall) {
        long[] g = Engine.gprs(regs);
        g[10] = t.slot(ThreadArea.CLIENT_R10);
        g[11] = t.slot(ThreadArea.CLIENT_R11);
        return new ClientState(pc, g, regs.get(UserRegs.EFLAGS), inSyscall);
    }

    /** Brings the stopped thread to an instruction boundary; {@code null}: the runtime works and will report. */
    private ClientState toBoundary(ClientThread t) {
        for (int step = 0; step < MAX_STEPS; step++) {
            long rip = regs.rip();
            if (rip == stubs.gate) {
                engine.service.undoSyscall(t, regs.gpr(0), regs.gpr(RSP));
                return hardware(t, t.slot(ThreadArea.SYSCALL_NEXT) - 2, false);
            }
            if (rip == stubs.gateBehind && step == 0) {
                long result = regs.gpr(0);
                boolean interrupted = regs.get(UserRegs.ORIG_RAX) >= 0 && result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK;
                if (!interrupted && engine.tool.steps() != null) {
                    // What the kernel has written is noted first; then the runtime looks for signals.
                    return null;
                }
                if (t.slot(ThreadArea.AFTER_SYSCALL) != 0) {
                    if (!interrupted) {
                        return null;
                    }
                    t.setSlot(ThreadArea.AFTER_SYSCALL, 0);
                }
                long next = t.slot(ThreadArea.SYSCALL_NEXT);
                ClientState s = hardware(t, next, true);
                s.gprs[1] = next;
                s.gprs[11] = regs.gpr(11);
                return s;
            }
            if (rip >= AddressMap.RUNTIME_BASE && rip < AddressMap.RUNTIME_BASE + AddressMap.RUNTIME_SIZE) {
                if (t.slot(ThreadArea.STATE) == ThreadArea.STATE_RUNTIME && !stubs.leaving(rip)) {
                    return null;
                }
            } else {
                Arena arena = t.space.anyArenaHolding(rip);
                if (arena == null) {
                    return hardware(t, rip, false);
                }
                int i = arena.instructionAt(rip);
                if (i >= 0 && arena.isSlow(i)) {
                    // The way out of slow code looks for signals.
                    return null;
                }
                if (i >= 0 && arena.start(i) == rip - arena.cacheBase && arena.core(i) != ModuleCode.OUT_OF_LINE) {
                    return hardware(t, arena.client(i), false);
                }
            }
            Ptrace.singleStep(t.tid, 0);
            int s = await(t.tid);
            if ((s & 0x7f) != 0x7f) {
                ended(t.tid, s);
                return GONE;
            }
            int stop = s >> 8 & 0x7f;
            if (s >>> 16 != 0 || stop != SIGTRAP) {
                // Something else happened on the way (a fault, another signal): that one first, this one at the next boundary.
                overtaken = s;
                return null;
            }
            Ptrace.getRegs(t.tid, regs);
        }
        throw new EngineFailure("thread " + t.tid + " finds no boundary from cache pc 0x" + Long.toHexString(regs.rip()));
    }

    /** Best knowledge of the client state at any pc, for reports. */
    private ClientState stateAt(ClientThread t, long rip) {
        if (rip == stubs.gateBehind || rip == stubs.gate) {
            return hardware(t, t.slot(ThreadArea.SYSCALL_NEXT), true);
        }
        Arena arena = t.space.anyArenaHolding(rip);
        if (arena != null) {
            int i = arena.instructionAt(rip);
            return hardware(t, i < 0 ? rip : arena.client(i), false);
        }
        if (rip >= AddressMap.RUNTIME_BASE && rip < AddressMap.RUNTIME_BASE + AddressMap.RUNTIME_SIZE) {
            return saved(t, t.slot(ThreadArea.NEXT_PC));
        }
        return hardware(t, rip, false);
    }

    /** State of a thread that is in the runtime: everything is in its area. */
    ClientState saved(ClientThread t, long pc) {
        long[] g = new long[16];
        for (int i = 0; i < 16; i++) {
            g[i] = t.slot(ThreadArea.gpr(i));
        }
        g[10] = t.slot(ThreadArea.CLIENT_R10);
        g[11] = t.slot(ThreadArea.CLIENT_R11);
        return new ClientState(pc, g, t.slot(ThreadArea.FLAGS), false);
    }

    /** Called by the mailbox service: the thread stands at a boundary, inside the runtime. */
    void deliverAtBoundary(ClientThread t, ClientCalls calls) {
        giveBackBlocked(t, calls);
        ClientThread.StashedSignal s = t.stashed.peek();
        if (s == null) {
            t.atSignalPoint = false;
            t.setSlot(ThreadArea.PENDING_SIGNAL, 0);
            resumeWithoutSignal(t);
            return;
        }
        t.value(1, t.pid);
        t.value(2, t.tid);
        t.value(3, s.signal());
        t.answer(RuntimeStubs.ANSWER_CALL, Syscall.TGKILL);
    }

    /**
     * Signals that were put aside and are blocked now, by the mask of a handler that another one has started: the thread sends them to
     * itself again, so that the kernel keeps them, with all that came with them, until they are let through.
     */
    private static void giveBackBlocked(ClientThread t, ClientCalls calls) {
        long where = t.arg(0);
        long pc = t.arg(1);
        boolean any = false;
        while (!t.stashed.isEmpty() && inMask(t.tid, "\nSigBlk:\t", t.stashed.peek().signal())) {
            ClientThread.StashedSignal s = t.stashed.poll();
            t.putData(s.info());
            calls.call(t, Syscall.RT_TGSIGQUEUEINFO, t.pid, t.tid, s.signal(), t.dataAddress(), 0, 0);
            any = true;
        }
        if (any) {
            t.setArg(0, where);
            t.setArg(1, pc);
        }
    }

    private void resumeWithoutSignal(ClientThread t) {
        long where = t.arg(0);
        if (where == 0) {
            t.answer(RuntimeStubs.ANSWER_CLIENT, t.arg(1));
        } else if (where == 1) {
            t.answer(RuntimeStubs.ANSWER_GATE, t.slot(ThreadArea.AFTER_SYSCALL));
        } else {
            t.answer(RuntimeStubs.ANSWER_GO, where);
        }
    }

    /** The stop that {@link #deliverAtBoundary} arranged. */
    private void atPoint(ClientThread t) {
        ClientThread.StashedSignal s = t.stashed.poll();
        t.atSignalPoint = false;
        long where = t.arg(0);
        long pc;
        if (where == 0) {
            pc = t.arg(1);
        } else if (where == 1) {
            pc = t.slot(ThreadArea.SYSCALL_NEXT) - 2;
            engine.service.undoSyscall(t, t.slot(ThreadArea.gpr(0)), t.slot(ThreadArea.gpr(RSP)));
        } else {
            Arena arena = t.space.anyArenaHolding(where);
            int i = arena == null ? -1 : arena.instructionAt(where);
            pc = i < 0 ? where : arena.client(i);
        }
        ClientState state = saved(t, pc);
        t.resetMailbox();
        deliver(t, state, s.signal(), s.info());
    }

    /** Hands the signal to the kernel with the client's true state; it builds the frame, and the handler starts in the cache. */
    private void deliver(ClientThread t, ClientState state, int signal, byte[] siginfo) {
        for (int i = 0; i < 16; i++) {
            regs.setGpr(i, state.gprs[i]);
        }
        regs.setRip(state.pc);
        regs.set(UserRegs.EFLAGS, state.flags & ~0x100L);
        if (!state.inSyscall) {
            regs.set(UserRegs.ORIG_RAX, -1);
        }
        Ptrace.setRegs(t.tid, regs);
        MemorySegment.copy(siginfo, 0, info, ValueLayout.JAVA_BYTE, 0, SIGINFO_SIZE);
        Ptrace.setSigInfo(t.tid, info);
        t.setSlot(ThreadArea.STATE, ThreadArea.STATE_CACHE);
        t.setSlot(ThreadArea.PENDING_SIGNAL, t.stashed.isEmpty() ? 0 : 1);
        Ptrace.singleStep(t.tid, signal);
        int s = await(t.tid);
        if ((s & 0x7f) != 0x7f) {
            ended(t.tid, s);
            return;
        }
        if (s >>> 16 != 0 || (s >> 8 & 0x7f) != SIGTRAP) {
            stopped(t.tid, s);
            return;
        }
        Ptrace.getRegs(t.tid, regs);
        if (engine.tool.steps() != null) {
            t.handlerShadows.entered(t, regs);
        }
        intoCache(t);
    }

    /** The thread stands natively at a client pc: sends it there through the cache. */
    private void intoCache(ClientThread t) {
        t.setSlot(ThreadArea.RESUME_PC, regs.rip());
        regs.setRip(stubs.resume);
        regs.set(UserRegs.ORIG_RAX, -1);
        regs.set(UserRegs.EFLAGS, regs.get(UserRegs.EFLAGS) & ~0x100L);
        Ptrace.setRegs(t.tid, regs);
        Ptrace.cont(t.tid, 0);
    }

    /** SIGSEGV and its like, raised by an instruction. */
    private void fault(ClientThread t, int signal) {
        long rip = regs.rip();
        byte[] siginfo = bytes(info);
        Arena arena = t.space.anyArenaHolding(rip);
        long pc;
        ClientState state;
        if (arena != null) {
            boolean trap = signal == SIGTRAP;
            int i = arena.instructionAt(trap ? rip - 1 : rip);
            pc = i < 0 ? rip : arena.client(i);
            state = hardware(t, trap ? pc + 1 : pc, false);
            if (i >= 0 && rip - arena.cacheBase < arena.core(i) && isSpilledCheck(t, rip)) {
                state.gprs[1] = t.slot(ThreadArea.SPILL_RCX);
            }
            if (signal == SIGFPE || signal == SIGILL) {
                for (int b = 0; b < 8; b++) {
                    siginfo[16 + b] = (byte) (pc >> 8 * b);
                }
            }
        } else if (t.slot(ThreadArea.STEPPING) != 0 && rip >= AddressMap.RUNTIME_BASE
                && rip < AddressMap.RUNTIME_BASE + AddressMap.RUNTIME_SIZE) {
            // It has read what the instruction would have read.
            t.setSlot(ThreadArea.STEPPING, 0);
            state = saved(t, t.slot(ThreadArea.EVENT_PC));
        } else if (rip == stubs.gateBehind) {
            // The kernel did not like the frame from which a handler was to return.
            state = hardware(t, t.slot(ThreadArea.SYSCALL_NEXT), false);
        } else if (rip >= AddressMap.RUNTIME_BASE && rip < AddressMap.RUNTIME_BASE + AddressMap.RUNTIME_SIZE) {
            throw new EngineFailure("fault in the runtime at 0x" + Long.toHexString(rip) + ", signal " + signal + ", address 0x"
                    + Long.toHexString(AddressSpace.longAt(siginfo, 16)) + ", code " + info.get(ValueLayout.JAVA_INT, 8));
        } else {
            state = hardware(t, rip, false);
        }
        if (signal == SIGSEGV && info.get(ValueLayout.JAVA_INT, 8) == SEGV_MAPERR) {
            tellAccess(t, state, AddressSpace.longAt(siginfo, 16));
        }
        if (!caught(t, signal)) {
            engine.tool.dying(t, signal, state.pc, state.gprs, siginfo);
            for (int i = 0; i < 16; i++) {
                regs.setGpr(i, state.gprs[i]);
            }
            regs.setRip(state.pc);
            Ptrace.setRegs(t.tid, regs);
            Ptrace.cont(t.tid, signal);
            return;
        }
        deliver(t, state, signal, siginfo);
    }

    private void tellAccess(ClientThread t, ClientState state, long address) {
        if (state.pc == address) {
            engine.tool.accessFault(t, state.pc, state.gprs, address, 0, false);
            return;
        }
        byte[] code = new byte[16];
        int got = t.space.memory.read(state.pc, code, 0, code.length);
        Insn insn = got <= 0 ? null : Decoder.decode(code, 0, got, state.pc);
        if (insn != null && insn.memSize() > 0) {
            engine.tool.accessFault(t, state.pc, state.gprs, address, insn.memSize(), !insn.readsMemory());
        }
    }

    /** The check at this cache pc runs with rcx put aside: its shadow load goes into rcx. */
    private static boolean isSpilledCheck(ClientThread t, long rip) {
        byte[] b = new byte[2];
        t.space.memory.read(rip, b, 0, 2);
        return b[1] == 0x0f || b[1] == (byte) 0x8b;
    }
}
