// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import muninn.linux.Mapping;
import muninn.linux.ProcMaps;
import muninn.linux.RemoteMemory;
import muninn.linux.Syscall;
import muninn.runtime.AddressMap;
import muninn.runtime.ThreadArea;

/** One client address space: its memory, the arenas that translate its code, its threads. */
public final class AddressSpace {
    private static final int PAGE = 4096;
    private static final long REACH = 0x7f00_0000L;
    private static final int MREMAP_MAYMOVE_FIXED = 3;

    final int pid;
    final RemoteMemory memory;
    final CodeMemory code;
    /** All arenas whose client range is still mapped, newest first. */
    final ArrayList<Arena> arenas = new ArrayList<>();
    final ArrayList<ClientThread> threads = new ArrayList<>();
    int threadNumbers;
    /** Arenas are also executed by another process (fork): their exits are linked inside one arena only, so that is safe. */
    private final BlockTranslator translator;
    /** The process has asked to end: functions to run first, how many have been sent off, number and code of that call. */
    long[] exitFunctions;
    int exitStep;
    long exitStack;
    long exitNumber;
    long exitCode;
    /** Replaced functions of this address space. */
    Redirects redirects = Redirects.NONE;
    private final Consumer<Mapping> onModule;
    private final MemorySegment unwind;
    /** Runtime code behind every empty table slot. */
    final long nowhere;
    /** Set by the tool for its own per-process state. */
    Object toolState;

    AddressSpace(int pid, RemoteMemory memory, CodeMemory code, MemoryChecks checks, Redirects redirects, BlockTrace trace,
            int lookAhead,
            long nowhere, Consumer<Mapping> onModule, MemorySegment unwind) {
        this.onModule = onModule;
        this.unwind = unwind;
        this.nowhere = nowhere;
        this.pid = pid;
        this.memory = memory;
        this.code = code;
        this.translator = new BlockTranslator(this::readText, checks, redirects, trace, lookAhead);
    }

    public int pid() {
        return pid;
    }

    public RemoteMemory memory() {
        return memory;
    }

    /** Compact unwind tables, seen by clients at {@link AddressMap#UNWIND_BASE}. */
    public MemorySegment unwind() {
        return unwind;
    }

    /** Client pc of the instruction whose translation covers {@code cache}; {@code cache} itself if it is no cache pc. */
    public long clientPc(long cache) {
        Arena arena = anyArenaHolding(cache);
        int i = arena == null ? -1 : arena.instructionAt(cache);
        return i < 0 ? cache : arena.client(i);
    }

    public List<ClientThread> threads() {
        return threads;
    }

    public Object toolState() {
        return toolState;
    }

    public void setToolState(Object state) {
        toolState = state;
    }

    boolean usesArea(long area) {
        for (ClientThread t : threads) {
            if (t.area() == area) {
                return true;
            }
        }
        return false;
    }

    /** The arena being executed at {@code cache}, or {@code null}. */
    Arena arenaHolding(long cache) {
        for (int i = 0; i < arenas.size(); i++) {
            if (arenas.get(i).holds(cache)) {
                return arenas.get(i);
            }
        }
        return null;
    }

    private Arena arenaFor(long client) {
        for (int i = 0; i < arenas.size(); i++) {
            if (arenas.get(i).translates(client)) {
                return arenas.get(i);
            }
        }
        return null;
    }

    /**
     * Cache pc for a client pc, translating it if needed. Runs on the service thread for a thread that waits in its mailbox.
     *
     * @return the cache pc; {@code client} itself if it cannot be executed, so that the jump there faults as natively
     */
    long translate(long client, ClientThread waiting, ClientCalls calls) {
        Arena arena = arenaFor(client);
        if (arena == null) {
            arena = newArena(client, waiting, calls);
            if (arena == null) {
                return client;
            }
        }
        long cache = translator.translate(arena, client);
        if (cache == 0) {
            arena = newArena(client, waiting, calls);
            if (arena == null) {
                throw new EngineFailure("no room for translated code near 0x" + Long.toHexString(client));
            }
            cache = translator.translate(arena, client);
        }
        return cache <= 0 ? client : cache;
    }

    /** The entry for indirect jumps to {@code client}, which is translated; 0 if there is no room for one. */
    long entry(long client) {
        Arena arena = arenaFor(client);
        return arena == null || arena.find(client) == 0 ? 0 : translator.entry(arena, client);
    }

    /** Code in {@code arena} that goes to a client address of another arena through the lookup table; -1 if there is no room. */
    int bridge(Arena arena, long target) {
        if (arena.free() < 64) {
            return -1;
        }
        arena.alignUsed();
        int at = arena.used();
        FragmentEmitter out = new FragmentEmitter(arena.cacheBase + at);
        out.bridge(target);
        out.finish(arena, false);
        return at;
    }

    private Arena newArena(long client, ClientThread waiting, ClientCalls calls) {
        List<Mapping> maps = ProcMaps.of(pid);
        Mapping module = null;
        for (Mapping m : maps) {
            if (m.contains(client)) {
                module = m;
            }
        }
        if (module == null || !module.executable() || module.start() < 0) {
            return null;
        }
        long text = module.end() - module.start();
        long size = Math.min(Math.max(text * 10, 1 << 18), 128L << 20) + PAGE - 1 & -PAGE;
        MemorySegment piece = code.take(size);
        long place = piece == null ? 0 : place(maps, module, size);
        if (place == 0) {
            throw new EngineFailure("no room for the code of " + module);
        }
        long got = calls.call(waiting, Syscall.MMAP, place, size, Syscall.PROT_NONE, Syscall.MAP_PRIVATE
                | Syscall.MAP_ANONYMOUS | Syscall.MAP_NORESERVE | Syscall.MAP_FIXED_NOREPLACE, -1, 0);
        if (got != place) {
            throw new EngineFailure("cannot reserve code memory at 0x" + Long.toHexString(place) + ": " + got);
        }
        // A shared mapping can be mapped once more without a descriptor: mremap with an old size of zero.
        got = calls.call(waiting, Syscall.MREMAP, code.clientAddress(piece), 0, size, MREMAP_MAYMOVE_FIXED, place, 0);
        if (got != place) {
            throw new EngineFailure("cannot map code memory at 0x" + Long.toHexString(place) + ": " + got);
        }
        Arena arena = new Arena(place, module.start(), module.end(), piece, !module.writable() && module.inode() != 0);
        arenas.add(0, arena);
        onModule.accept(module);
        return arena;
    }

    /** A free range within reach of every byte of the module, away from where heap and stack grow; 0 if there is none. */
    private static long place(List<Mapping> maps, Mapping module, long size) {
        long best = 0;
        long bestDistance = Long.MAX_VALUE;
        long guard = 1 << 20;
        for (int i = 0; i <= maps.size(); i++) {
            long low = i == 0 ? 0x1_0000 : maps.get(i - 1).end();
            long high = i == maps.size() ? 0x7fff_ffff_f000L : maps.get(i).start();
            if (high < 0 || low < 0 || high - low < size + 2 * guard) {
                continue;
            }
            boolean belowStack = i < maps.size() && maps.get(i).path().equals("[stack]");
            long fromTop = high - guard - size & -PAGE;
            long candidate = belowStack ? low + guard & -PAGE : fromTop;
            if (!reaches(candidate, size, module) && !belowStack) {
                // The top of the gap is too far up: as high as reach allows, above what brk may take.
                candidate = module.end() + 0x6000_0000L - size & -PAGE;
                if (candidate < low + guard || candidate > fromTop) {
                    continue;
                }
            }
            if (!reaches(candidate, size, module)) {
                continue;
            }
            long distance = Math.abs(candidate - module.start());
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static boolean reaches(long at, long size, Mapping module) {
        return at > 0 && Math.max(at + size, module.end()) - Math.min(at, module.start()) < REACH;
    }

    private int readText(Arena arena, long client, byte[] into) {
        if (!arena.stable) {
            return memory.read(client, into, 0, into.length);
        }
        int done = 0;
        while (done < into.length) {
            long at = client + done;
            int page = (int) (at - arena.clientStart >> 12);
            if (at >= arena.clientEnd) {
                break;
            }
            byte[] bytes = arena.pages[page];
            if (bytes == null) {
                bytes = new byte[PAGE];
                int got = memory.read(arena.clientStart + ((long) page << 12), bytes, 0, PAGE);
                if (got < PAGE) {
                    break;
                }
                arena.pages[page] = bytes;
            }
            int offset = (int) at & PAGE - 1;
            int n = Math.min(into.length - done, PAGE - offset);
            System.arraycopy(bytes, offset, into, done, n);
            done += n;
        }
        return done;
    }

    /** The client changed or removed code in the range: nothing translated from it may be entered again. */
    void invalidate(long start, long end) {
        boolean any = false;
        for (int i = arenas.size() - 1; i >= 0; i--) {
            Arena a = arenas.get(i);
            if (Long.compareUnsigned(a.clientStart, end) < 0 && Long.compareUnsigned(start, a.clientEnd) < 0) {
                retired.add(arenas.remove(i));
                forget(a.clientStart, a.clientEnd);
                any = true;
            }
        }
        if (any && retired.size() > 4096) {
            retired.remove(0);
        }
    }

    /** Arenas that a thread may still be executing; needed to name a cache pc. */
    final ArrayList<Arena> retired = new ArrayList<>();

    Arena anyArenaHolding(long cache) {
        Arena a = arenaHolding(cache);
        for (int i = retired.size() - 1; a == null && i >= 0; i--) {
            a = retired.get(i).holds(cache) ? retired.get(i) : null;
        }
        return a;
    }

    /** Takes client pcs of a range out of the lookup table and of the return caches. */
    private void forget(long start, long end) {
        int n = AddressMap.LOOKUP_SLOTS * 8;
        byte[] keys = new byte[n];
        memory.read(AddressMap.LOOKUP_KEYS, keys, 0, n);
        for (int i = 0; i < n; i += 8) {
            long pc = -longAt(keys, i);
            if (pc != 0 && Long.compareUnsigned(pc, start) >= 0 && Long.compareUnsigned(pc, end) < 0) {
                // A key that nothing has: probes go over it, and its value leads to the slow lookup.
                memory.putLong(AddressMap.LOOKUP_KEYS + i, 1);
                memory.putLong(AddressMap.LOOKUP_VALUES + i, nowhere);
            }
        }
        for (ClientThread t : threads) {
            clearReturnCache(t);
        }
    }

    void clearReturnCache(ClientThread t) {
        byte[] values = new byte[ThreadArea.RETURN_SLOTS * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (nowhere >> 8 * (i & 7));
        }
        memory.write(t.area() + ThreadArea.RETURN_VALUES, values, 0, values.length);
    }

    static long longAt(byte[] b, int at) {
        long v = 0;
        for (int i = 7; i >= 0; i--) {
            v = v << 8 | b[at + i] & 0xff;
        }
        return v;
    }

    /** What the child of a fork starts with: the same code, another memory. */
    void copyCodeFrom(AddressSpace parent) {
        arenas.addAll(parent.arenas);
        retired.addAll(parent.retired);
    }
}
