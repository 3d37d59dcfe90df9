// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import muninn.linux.Syscall;
import muninn.runtime.Mailbox;
import muninn.runtime.ThreadArea;

/**
 * Gives code memory of retired arenas back. Nothing leads into a retired arena any more: lookup tables and links are cut when it is
 * retired, so a thread that has been seen outside of it since, and will not go back to it from the runtime, cannot come to it again. A
 * thread is seen outside when its mailbox is served, or when it sleeps in a system call made at the gate. Threads that only run keep what
 * they may be in; the next attempt may find them elsewhere.
 */
final class CodeReuse {
    /** Slots of a thread area from which the runtime goes on in the cache; the last one only while the mailbox is served. */
    private static final int[] WAYS_BACK = {ThreadArea.NEXT_CACHE, ThreadArea.SPILL_2, ThreadArea.EXIT_PC};

    /** SIGURG: ignored unless somebody handles it, and then it may come at any time. */
    private static final int SIGNAL = 23;
    private static final int SI_QUEUE = -1;
    private static final int SIGINFO = 128;
    /** What makes the signal ours. */
    private static final long COOKIE = 0x6e6e_696e_756d_2a2aL;
    private static final int ATTEMPTS = 60;
    private static final int ASK_EVERY = 20;

    private final AddressSpace space;
    private final long gateBehind;

    CodeReuse(AddressSpace space, long gateBehind) {
        this.space = space;
        this.gateBehind = gateBehind;
    }

    /**
     * Frees what can be freed, oldest first, until something was; threads that only run are asked where they are.
     *
     * @return bytes
     */
    long run(ClientThread waiting, ClientCalls calls, Predicate<ModuleCode> isUsedElsewhere) {
        long bytes = sweep(waiting, calls, isUsedElsewhere);
        for (int i = 0; bytes == 0 && i < ATTEMPTS && !space.retired.isEmpty(); i++) {
            if (i % ASK_EVERY == 0) {
                for (ClientThread t : space.threads) {
                    if (t != waiting && t.tid != 0 && !sleepsAtGate(t)) {
                        ask(t);
                    }
                }
            }
            calls.pause(waiting);
            bytes = sweep(waiting, calls, isUsedElsewhere);
        }
        return bytes;
    }

    /** A signal that only the tracer sees ({@link Supervisor}): it notes that the thread is outside of retired code. */
    private static void ask(ClientThread t) {
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

    /** The thread stands at {@code pc} of the cache or the runtime. */
    static void answered(ClientThread t, long pc) {
        if (t.space.retired.stream().noneMatch(a -> a.holds(pc))) {
            t.seenOutside = t.space.tick();
        }
    }

    /**
     * Frees what can be freed now.
     *
     * @param waiting the thread that waits for an answer; it makes the system calls
     * @param isUsedElsewhere whether another address space has the code
     * @return bytes
     */
    private long sweep(ClientThread waiting, ClientCalls calls, Predicate<ModuleCode> isUsedElsewhere) {
        List<Arena> free = new ArrayList<>();
        for (Arena arena : space.retired) {
            if (!isUsedElsewhere.test(arena.code) && isOnlyOne(arena)
                    && space.threads.stream().allMatch(t -> isOutside(t, arena, waiting))) {
                free.add(arena);
            }
        }
        if (!free.isEmpty()) {
            // A call in retired code may have left its return address there after the table was cleared.
            space.threads.forEach(space::clearReturnCache);
        }
        long bytes = 0;
        for (Arena arena : free) {
            if (calls.call(waiting, Syscall.MUNMAP, arena.cacheBase, arena.code.size, 0, 0, 0, 0) == 0) {
                space.retired.remove(arena);
                space.release(arena.code);
                bytes += arena.code.size;
            }
        }
        return bytes;
    }

    private boolean isOnlyOne(Arena arena) {
        return space.arenas.stream().noneMatch(a -> a.code == arena.code) && space.retired.stream().allMatch(a -> a == arena || a.code != arena.code);
    }

    private boolean isOutside(ClientThread t, Arena arena, ClientThread waiting) {
        boolean asks = t == waiting || t.state() == Mailbox.POSTED;
        for (int i = 0; i < (asks ? WAYS_BACK.length : WAYS_BACK.length - 1); i++) {
            if (arena.holds(t.slot(WAYS_BACK[i]))) {
                return false;
            }
        }
        return t == waiting || t.seenOutside > arena.retiredAt || sleepsAtGate(t);
    }

    /** /proc/tid/syscall: number, six arguments, stack pointer, pc; "running", or -1 and only the last two, outside of a call. */
    private boolean sleepsAtGate(ClientThread t) {
        byte[] text = t.tid == 0 ? null : Syscall.readFile("/proc/" + t.pid + "/task/" + t.tid + "/syscall");
        String[] words = text == null ? new String[0] : new String(text, StandardCharsets.US_ASCII).strip().split(" ");
        return words.length == 9 && words[8].equals("0x" + Long.toHexString(gateBehind));
    }
}
