// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import muninn.linux.Syscall;
import muninn.linux.UserRegs;
import muninn.runtime.Mailbox;
import muninn.runtime.ThreadArea;

/**
 * Gives code memory of retired arenas back. Nothing leads into a retired arena any more: lookup tables and links are cut when it is
 * retired, so a thread that has been {@linkplain #seen seen} outside of it since cannot come to it again. A thread is seen when its
 * mailbox is served, when it sleeps in a system call made at the gate, or when it answers a question. Threads that are nowhere of these
 * keep what they may be in; the next attempt may find them elsewhere.
 */
final class CodeReuse {
    /** SIGURG: ignored unless somebody handles it, and then it may come at any time. */
    private static final int SIGNAL = 23;
    private static final int SI_QUEUE = -1;
    private static final int SIGINFO = 128;
    /** What makes the signal ours. */
    private static final long COOKIE = 0x6e6e_696e_756d_2a2aL;
    private static final int ATTEMPTS = 60;
    private static final int ASK_EVERY = 4;

    private final AddressSpace space;
    private final long gateBehind;
    private final boolean hasSlowTable;
    /** Whether another address space has the code. */
    private final Predicate<ModuleCode> isUsedElsewhere;

    CodeReuse(AddressSpace space, long gateBehind, boolean hasSlowTable, Predicate<ModuleCode> isUsedElsewhere) {
        this.space = space;
        this.gateBehind = gateBehind;
        this.hasSlowTable = hasSlowTable;
        this.isUsedElsewhere = isUsedElsewhere;
    }

    /**
     * Frees what can be freed, until something was or it seems hopeless; threads that only run are asked where they are.
     *
     * @param waiting the thread that waits for an answer; it makes the system calls
     */
    void run(ClientThread waiting, ClientCalls calls) {
        for (int i = 0; i < ATTEMPTS && !space.retired.isEmpty(); i++) {
            if (space.threads.stream().noneMatch(t -> t.forking) && sweep(waiting, calls)) {
                return;
            }
            if (i % ASK_EVERY == 0) {
                space.threads.stream().filter(t -> !isHalted(t, waiting) && t.seenOutside < space.retirements).forEach(CodeReuse::ask);
            }
            calls.pause(waiting);
        }
    }

    /** Frees what can be freed now; returns whether that was something. */
    private boolean sweep(ClientThread waiting, ClientCalls calls) {
        for (ClientThread t : space.threads) {
            if (isHalted(t, waiting)) {
                seen(t);
            } else {
                seenAtGate(t);
            }
        }
        List<Arena> left = space.retired.stream().filter(a -> !isUsedElsewhere.test(a.code) && isOnlyOne(a) && isLeft(a, waiting)).toList();
        boolean any = false;
        boolean unlists = false;
        for (Arena arena : left) {
            if (hasSlowTable && !arena.unlisted) {
                unlists = true;
            } else if (calls.call(waiting, Syscall.MUNMAP, arena.cacheBase, arena.code.size, 0, 0, 0, 0) == 0) {
                space.freed(arena);
                any = true;
            }
        }
        if (unlists) {
            unlist(left);
        }
        return any;
    }

    /**
     * A thread may have been told of a slow fragment before the arena was retired, and have entered it into the table after that was
     * cleared. All threads are past that now, but may have gone by the late entry: they have to be seen once more.
     */
    private void unlist(List<Arena> left) {
        space.clearSlowTable();
        space.retirements++;
        for (Arena arena : left) {
            arena.unlisted = true;
            arena.retiredAt = space.retirements;
        }
    }

    private boolean isOnlyOne(Arena arena) {
        return space.arenas.stream().noneMatch(a -> a.code == arena.code) && space.retired.stream().allMatch(a -> a == arena || a.code != arena.code);
    }

    /** No thread can execute the arena, or have its exit from it answered. */
    private boolean isLeft(Arena arena, ClientThread waiting) {
        return space.threads.stream().allMatch(t -> t.seenOutside >= arena.retiredAt
                && !(isHalted(t, waiting) && arena.holds(t.slot(ThreadArea.EXIT_PC))));
    }

    /** It waits in its mailbox, and cannot go on before the engine's lock is let go. */
    private static boolean isHalted(ClientThread t, ClientThread waiting) {
        return t == waiting || t.state() == Mailbox.POSTED;
    }

    /**
     * The thread is at rest outside of all retired code, in the runtime or in a current arena: it cannot come to code retired until now,
     * unless the runtime would go on there.
     */
    static void seen(ClientThread t) {
        AddressSpace space = t.space;
        if (t.seenOutside == space.retirements) {
            return;
        }
        long next = t.slot(ThreadArea.NEXT_CACHE);
        long behindGate = t.slot(ThreadArea.SPILL_2);
        if (space.retired.stream().noneMatch(a -> a.holds(next) || a.holds(behindGate))) {
            // A call in retired code may have left its return address there after the table was cleared.
            space.clearReturnCache(t);
            t.seenOutside = space.retirements;
        }
    }

    /** Looks whether the thread sleeps at the gate, and has slept all the time that the look took. */
    private void seenAtGate(ClientThread t) {
        long before = t.seenOutside;
        if (before == space.retirements) {
            return;
        }
        String switches = switches(t);
        if (switches != null && sleepsAtGate(t)) {
            seen(t);
            if (!sleepsAtGate(t) || !switches.equals(switches(t))) {
                t.seenOutside = before;
            }
        }
    }

    /** /proc/tid/syscall: number, six arguments, stack pointer, pc; "running", or -1 and only the last two, outside of a call. */
    private boolean sleepsAtGate(ClientThread t) {
        String text = procFile(t, "syscall");
        String[] words = text == null ? new String[0] : text.strip().split(" ");
        return words.length == 9 && words[8].equals("0x" + Long.toHexString(gateBehind));
    }

    /** How often the thread has been taken from its processor, as the kernel writes it; {@code null} if that is not to be had. */
    private static String switches(ClientThread t) {
        String text = procFile(t, "status");
        int at = text == null ? -1 : text.indexOf("voluntary_ctxt_switches");
        return at < 0 ? null : text.substring(at);
    }

    private static String procFile(ClientThread t, String name) {
        byte[] text = t.tid == 0 ? null : Syscall.readFile("/proc/" + t.pid + "/task/" + t.tid + "/" + name);
        return text == null ? null : new String(text, StandardCharsets.US_ASCII);
    }

    /** A signal that only the tracer sees ({@link Supervisor}): it notes that the thread is outside of retired code. */
    private static void ask(ClientThread t) {
        if (t.tid == 0) {
            return;
        }
        try (java.lang.foreign.Arena memory = java.lang.foreign.Arena.ofConfined()) {
            MemorySegment info = memory.allocate(SIGINFO, 8);
            info.set(ValueLayout.JAVA_INT, 0, SIGNAL);
            info.set(ValueLayout.JAVA_INT, 8, SI_QUEUE);
            info.set(ValueLayout.JAVA_INT, 16, Syscall.pid());
            info.set(ValueLayout.JAVA_LONG, 24, COOKIE);
            Syscall.call(Syscall.RT_TGSIGQUEUEINFO, t.pid, t.tid, SIGNAL, info.address(), 0, 0);
        }
    }

    /** Whether a signal is a question of {@link #ask}. */
    static boolean isQuestion(int signal, MemorySegment info) {
        return signal == SIGNAL && info.get(ValueLayout.JAVA_INT, 8) == SI_QUEUE && info.get(ValueLayout.JAVA_INT, 16) == Syscall.pid()
                && info.get(ValueLayout.JAVA_LONG, 24) == COOKIE;
    }

    /**
     * The thread stands still with these registers. Elsewhere in the runtime than behind the gate it may be about to go by what it has
     * read from a table, in a register or on its stack.
     */
    void answered(ClientThread t, UserRegs regs) {
        boolean inCurrentCode = space.arenaHolding(regs.rip()) != null
                && IntStream.range(0, 16).mapToLong(regs::gpr).noneMatch(value -> space.retired.stream().anyMatch(a -> a.holds(value)));
        if (inCurrentCode || regs.rip() == gateBehind) {
            seen(t);
        }
    }
}
