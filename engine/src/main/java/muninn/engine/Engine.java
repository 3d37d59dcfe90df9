// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import muninn.linux.ControllerSignals;
import muninn.linux.Launch;
import muninn.linux.RemoteMemory;
import muninn.linux.SharedMemory;
import muninn.linux.Syscall;
import muninn.linux.UserRegs;
import muninn.runtime.AddressMap;
import muninn.runtime.Mailbox;

/**
 * One run: starts the program, serves its threads' requests, follows its processes. Two threads do the work: the caller's
 * becomes the tracer (every ptrace call is made there), a second one serves mailboxes. One lock guards everything they share.
 */
public final class Engine {
    private static final long SHARED_SIZE = AddressMap.MAILBOX_SIZE + AddressMap.UNWIND_SIZE + AddressMap.CODE_SIZE;
    private static final int VERIFY_CHAINS = 1;
    private static final int VERIFY_TABLES = 2;
    private static final int VERIFY_MAPS = 3;
    private static final int VERIFY_ALWAYS = 4;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    final RunOptions options;
    final Tool tool;
    final PrintStream messages;
    final SharedMemory shared;
    final MemorySegment mailboxes;
    /** Compact unwind tables, shared with every client. */
    final MemorySegment unwind;
    final CodeMemory code;
    final TranslationCache cache;
    final RuntimeStubs stubs;
    final RuntimeImage image;
    final ClientThread[] slots = new ClientThread[AddressMap.THREADS];
    final MemoryChecks checks;
    private final List<ChainInspector> inspectors = new ArrayList<>();
    final CodeVerifier verifier;
    final Supervisor supervisor;
    final MailboxService service;
    /** {@code null}: nobody wants it. */
    private final SyscallLog syscalls;
    private int nextSlot = 1;
    private int highestSlot;
    /** {@code null}: the tool counts nothing. */
    private final BlockCounts counts;

    public Engine(RunOptions options, Tool tool, PrintStream messages) {
        this.options = options;
        this.tool = tool;
        this.messages = messages;
        shared = new SharedMemory("muninn", SHARED_SIZE);
        mailboxes = shared.memory().asSlice(0, AddressMap.MAILBOX_SIZE);
        unwind = shared.memory().asSlice(AddressMap.MAILBOX_SIZE, AddressMap.UNWIND_SIZE);
        code = new CodeMemory(shared.memory().asSlice(AddressMap.MAILBOX_SIZE + AddressMap.UNWIND_SIZE, AddressMap.CODE_SIZE),
                options.codeMemory());
        cache = new TranslationCache(options.cacheFolder(), tool.codeKey());
        image = tool.image();
        stubs = new RuntimeStubs(SyscallRules.routes(options.logSyscalls()), image);
        checks = tool.usesShadow() ? new MemoryChecks(tool.steps() != null) : null;
        counts = tool.counts() == null ? null : new BlockCounts(tool.counts());
        verifier = new CodeVerifier(messages);
        if (options.traceBlocks()) {
            inspectors.add(new BlockTrace(messages));
        }
        if (options.verify() >= VERIFY_CHAINS) {
            inspectors.add(verifier);
        }
        supervisor = new Supervisor(this);
        service = new MailboxService(this);
        syscalls = options.logSyscalls() ? new SyscallLog() : null;
    }

    /**
     * Runs the program to its end.
     *
     * @return wait status of the program; or a negative errno if it could not be started
     */
    public int run() {
        int pid = Launch.start(options.program(), options.arguments().toArray(new byte[0][]),
                options.environment().toArray(new byte[0][]));
        if (pid < 0) {
            return pid;
        }
        ControllerSignals.install(pid);
        synchronized (this) {
            supervisor.adopt(pid);
        }
        Thread server = new Thread(service, "mailboxes");
        server.setDaemon(true);
        server.start();
        int status = supervisor.follow(pid);
        synchronized (this) {
            cache.save();
        }
        if (options.stats()) {
            printStats();
            tool.stats(messages);
        }
        return tool.finalStatus(status);
    }

    /**
     * Sums of all counters over the threads that the process has had, by number.
     *
     * @return as many as are in use
     */
    public long[] counters(AddressSpace space) {
        long[] sums = new long[counts == null ? 0 : counts.used()];
        ByteBuffer values = ByteBuffer.allocate(8 * sums.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 1; slot <= highestSlot; slot++) {
            int got = space.memory.read(ClientThread.countersOf(slot), values.array(), 0, values.capacity());
            for (int i = 0; i < got / 8; i++) {
                sums[i] += values.getLong(8 * i);
            }
        }
        return sums;
    }

    /** Internal checks that failed in this run; each has been told. */
    public long failedChecks() {
        return verifier.findings();
    }

    /** What the program's first thread called; {@code null} unless {@link RunOptions#logSyscalls} asks for it. */
    public SyscallLog syscalls() {
        return syscalls;
    }

    /** Chains of fragments that internal checks have looked at. */
    public long checkedChains() {
        return verifier.chains();
    }

    /** Self-checks of levels 2 to 4; the thread that asks for something has not been answered. */
    void verify(AddressSpace space, boolean ending) {
        int level = options.verify();
        int arenas = space.arenas.size() + space.retired.size();
        if (level < VERIFY_TABLES || level < VERIFY_ALWAYS && !ending && arenas == space.verified) {
            return;
        }
        space.verified = arenas;
        SpaceVerifier tables = new SpaceVerifier(verifier);
        tables.tables(space);
        if (level >= VERIFY_MAPS) {
            tables.maps(space);
        }
    }

    private void printStats() {
        messages.println("-- requests: " + service.requests() + " (exits " + service.exits() + ", lookups "
                + service.lookups() + ", slow fragments " + service.slow() + ", abandoned " + service.abandoned() + ")");
        messages.println("-- translated: " + BlockTranslator.totalInstructions + " instructions in " + BlockTranslator.totalChains
                + " chains, " + code.used() + " bytes of code memory reserved, " + BlockTranslator.totalBytes + " filled");
        messages.println("-- service busy: " + service.busyMicros() + " us");
    }

    public PrintStream messages() {
        return messages;
    }

    AddressSpace newSpace(int pid, RemoteMemory memory) {
        AddressSpace[] self = new AddressSpace[1];
        Redirects late = client -> self[0].redirects.functionAt(client);
        self[0] = new AddressSpace(pid, memory, code, cache, checks, tool.steps(), late, inspectors, options.lookAhead(), stubs.lookup,
                module -> tool.mapped(self[0], module), unwind, counts,
                stubs.gateBehind, translation -> supervisor.usedElsewhere(translation, self[0]));
        return self[0];
    }

    /** A slot for a thread of {@code space}, with an area of its own. */
    ClientThread newThread(AddressSpace space) {
        return newThread(space, 0);
    }

    /** @param area the area the thread already has (the child of a fork), or 0 */
    ClientThread newThread(AddressSpace space, long area) {
        for (int i = 1; i < slots.length; i++) {
            int s = nextSlot;
            nextSlot = nextSlot + 1 == slots.length ? 1 : nextSlot + 1;
            if (slots[s] == null && !space.usesArea(ClientThread.areaOf(s))) {
                ClientThread t = new ClientThread(s, area != 0 ? area : ClientThread.areaOf(s), space, mailboxes);
                t.resetMailbox();
                t.number = ++space.threadNumbers;
                space.threads.add(t);
                slots[s] = t;
                highestSlot = Math.max(highestSlot, s);
                return t;
            }
        }
        return null;
    }

    void release(ClientThread thread) {
        thread.gone = true;
        thread.space.threads.remove(thread);
        if (slots[thread.slot] == thread) {
            slots[thread.slot] = null;
        }
    }

    int doorbell() {
        return (int) INT.getAcquire(mailboxes, (long) Mailbox.DOORBELL);
    }

    void sleeping(boolean asleep) {
        INT.setVolatile(mailboxes, (long) Mailbox.SLEEPING, asleep ? 1 : 0);
    }

    long doorbellAddress() {
        return mailboxes.address() + Mailbox.DOORBELL;
    }

    /** Sleeps until somebody rings after {@code seen} was read, at most for the given time. */
    void awaitDoorbell(int seen, long nanos, MemorySegment timespec) {
        sleeping(true);
        if (doorbell() == seen) {
            Syscall.futexWait(doorbellAddress(), seen, nanos, timespec);
        }
        sleeping(false);
    }

    /** Client registers by hardware number, from the hardware state of a thread that is in the cache or at the gate. */
    static long[] gprs(UserRegs regs) {
        long[] g = new long[16];
        for (int i = 0; i < 16; i++) {
            g[i] = regs.gpr(i);
        }
        return g;
    }
}
