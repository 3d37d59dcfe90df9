// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import muninn.runtime.Mailbox;

/** Answers the mailbox requests of all client threads, one after the other. */
final class MailboxService implements Runnable, ClientCalls {
    /** So many slow fragments are made at once at most. */
    private static final int SLOW_AHEAD = 4;

    /** Rounds of looking at the doorbell before sleeping on it. */
    private static final int SPINS = 2000;
    private static final long NAP = 200_000_000L;

    private final Engine engine;
    private final SyscallRules syscalls;
    private final MemorySegment timespec = java.lang.foreign.Arena.global().allocate(16, 8);
    volatile boolean stop;
    private long requests;
    private long abandoned;
    private long exits;
    private long lookups;
    private long slow;
    private final long[] slowClients = new long[SLOW_AHEAD];
    private final long[] slowCaches = new long[SLOW_AHEAD];
    private long busy;

    MailboxService(Engine engine) {
        this.engine = engine;
        this.syscalls = new SyscallRules(engine, this);
    }

    long exits() {
        return exits;
    }

    long lookups() {
        return lookups;
    }

    long slow() {
        return slow;
    }

    long busyMicros() {
        return busy / 1000;
    }

    /** Requests of threads that were killed before they had their answer. */
    long abandoned() {
        return abandoned;
    }

    long requests() {
        return requests;
    }

    @Override
    public void run() {
        try {
            int spins = 0;
            while (!stop) {
                int seen = engine.doorbell();
                if (sweep()) {
                    spins = 0;
                } else if (spins++ < SPINS) {
                    Thread.onSpinWait();
                } else {
                    engine.awaitDoorbell(seen, NAP, timespec);
                    spins = SPINS - 200;
                }
            }
        } catch (Throwable t) {
            engine.supervisor.fail(t);
        }
    }

    private boolean sweep() {
        boolean any = false;
        ClientThread[] slots = engine.slots;
        for (int i = 1; i < slots.length; i++) {
            ClientThread t = slots[i];
            if (t != null && t.state() == Mailbox.POSTED) {
                synchronized (engine) {
                    if (slots[i] == t && !t.gone && t.state() == Mailbox.POSTED && !t.atSignalPoint) {
                        requests++;
                        long start = System.nanoTime();
                        try {
                            serve(t);
                        } catch (ThreadGone e) {
                            // Killed in the middle of it; the tracer has heard of that, too.
                            abandoned++;
                        }
                        busy += System.nanoTime() - start;
                        any = true;
                    }
                }
            }
        }
        return any;
    }

    private void serve(ClientThread t) {
        int kind = t.kind();
        CodeReuse.seen(t);
        if (kind <= RuntimeStubs.REQUEST_SYSCALL || kind == RuntimeStubs.REQUEST_SLOW) {
            engine.verify(t.space, kind == RuntimeStubs.REQUEST_SYSCALL && syscalls.isExit(t));
        }
        switch (kind) {
            case RuntimeStubs.REQUEST_EXIT -> exit(t, t.arg(0));
            case RuntimeStubs.REQUEST_LOOKUP -> lookup(t, t.arg(1));
            case RuntimeStubs.REQUEST_SLOW -> slow(t, t.arg(1), false);
            case RuntimeStubs.REQUEST_SLOW_STALE -> slow(t, t.arg(1), true);
            case RuntimeStubs.REQUEST_SYSCALL -> syscalls.before(t);
            case RuntimeStubs.REQUEST_SYSCALL_DONE -> syscalls.after(t);
            case RuntimeStubs.REQUEST_SIGNAL -> {
                t.atSignalPoint = true;
                engine.supervisor.deliverAtBoundary(t, this);
            }
            default -> {
                if (kind < RuntimeStubs.REQUEST_TOOL) {
                    throw new EngineFailure("request " + kind + " out of turn");
                }
                engine.tool.request(t, kind);
                t.answer(RuntimeStubs.ANSWER_GO);
            }
        }
    }

    /** The thread's system call will not be made now: {@link SyscallRules#undo}. */
    void undoSyscall(ClientThread t, long nr, long stack) {
        syscalls.undo(t, nr, stack);
    }

    /** A direct exit was taken for the first time: translate what it leads to and join them. */
    private void exit(ClientThread t, long stub) {
        exits++;
        AddressSpace space = t.space;
        Arena arena = space.anyArenaHolding(stub);
        int exit = arena == null ? -1 : arena.exitAt(stub);
        if (exit < 0) {
            throw new EngineFailure("exit from unknown code at 0x" + Long.toHexString(stub));
        }
        long target = arena.exitTarget(exit);
        long cache = arena.code.isStale(exit) ? space.translateAgain(target, stub, t, this) : space.translate(target, t, this);
        if (arena.holds(cache)) {
            arena.link(arena.exitPatch(exit), (int) (cache - arena.cacheBase));
        } else if (cache != target && !arena.code.isStale(exit)) {
            // Into another arena: through the lookup table from now on, so that either can be flushed alone.
            int bridge = space.bridge(arena, target);
            if (bridge >= 0) {
                arena.link(arena.exitPatch(exit), bridge);
            }
        }
        t.answer(RuntimeStubs.ANSWER_GO, cache);
    }

    private void slow(ClientThread t, long client, boolean stale) {
        if (engine.supervisor.returnedFromExitFunction(t, client)) {
            return;
        }
        slow++;
        int count = t.space.translateSlow(client, stale, slowClients, slowCaches, t, this);
        if (count == 0) {
            t.answer(RuntimeStubs.ANSWER_GO, client);
            return;
        }
        for (int i = 0; i < count; i++) {
            long at = Mailbox.DATA + (long) RuntimeStubs.ENTER_BYTES * i;
            t.mailbox.set(ValueLayout.JAVA_LONG, at, t.space.slowSlot(slowClients[i]));
            t.mailbox.set(ValueLayout.JAVA_LONG, at + 8, slowClients[i]);
            t.mailbox.set(ValueLayout.JAVA_LONG, at + 16, slowCaches[i]);
        }
        t.value(1, count);
        t.answer(RuntimeStubs.ANSWER_ENTER, slowCaches[0]);
    }

    private void lookup(ClientThread t, long client) {
        if (engine.supervisor.returnedFromExitFunction(t, client)) {
            return;
        }
        lookups++;
        long cache = t.space.translate(client, t, this);
        if (cache != client) {
            t.space.enter(client, t, this);
        }
        t.answer(RuntimeStubs.ANSWER_GO, cache);
    }

    @Override
    public long call(ClientThread t, long nr, long a, long b, long c, long d, long e, long f) {
        t.value(1, a);
        t.value(2, b);
        t.value(3, c);
        t.value(4, d);
        t.value(5, e);
        t.value(6, f);
        t.answer(RuntimeStubs.ANSWER_CALL, nr);
        return awaitResult(t);
    }

    @Override
    public void store(ClientThread t, long address, long value, long address2, long value2) {
        t.value(1, address);
        t.value(2, value);
        t.value(3, address2);
        t.value(4, value2);
        t.answer(RuntimeStubs.ANSWER_INVOKE, engine.stubs.storeTwo);
        awaitResult(t);
    }

    @Override
    public void pause(ClientThread t) {
        try {
            engine.wait(1);
        } catch (InterruptedException e) {
            throw new EngineFailure("interrupted");
        }
        checkHere(t);
    }

    private void checkHere(ClientThread t) {
        if (t.gone || stop) {
            throw new ThreadGone(t);
        }
    }

    /**
     * Waits for the thread to post again. After a short spin the engine's lock is let go: the thread may be stopped for a signal,
     * and only the tracer can let it go on.
     */
    private long awaitResult(ClientThread t) {
        int spins = 0;
        while (t.state() != Mailbox.POSTED) {
            checkHere(t);
            if (spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                pause(t);
            }
        }
        return t.arg(0);
    }
}
