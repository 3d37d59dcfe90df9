// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

import muninn.linux.Mapping;
import muninn.linux.PageMap;
import muninn.linux.ProcMaps;
import muninn.linux.RemoteMemory;
import muninn.linux.Syscall;
import muninn.runtime.AddressMap;
import muninn.runtime.ThreadArea;

/** One client address space: its memory, the arenas that translate its code, its threads. */
public final class AddressSpace {
    private static final int PAGE = 4096;
    private static final long REACH = 0x7f00_0000L;
    /** From a module to code that has to be out of the way of heap or stack. */
    private static final long FAR = 0x6000_0000L;
    /** Bytes of client memory without a file that one arena translates. */
    private static final long WINDOW = 1 << 20;
    private static final int MREMAP_MAYMOVE_FIXED = 3;
    /** Kept free around code, for neighbours that grow. */
    private static final long GUARD = 1 << 20;

    final int pid;
    final RemoteMemory memory;
    final CodeMemory code;
    private final TranslationCache cache;
    /** All arenas whose client range is still mapped, newest first. */
    final ArrayList<Arena> arenas = new ArrayList<>();
    final ArrayList<ClientThread> threads = new ArrayList<>();
    int threadNumbers;
    /** So many times an arena was retired: orders what happens to arenas and threads ({@link CodeReuse}). */
    long retirements;
    private boolean ended;
    final CodeReuse reuse;
    /** Whether another address space has the code. */
    private final Predicate<ModuleCode> isUsedElsewhere;
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
    private int slowVictim;
    /** Slots of the table of slow fragments that are in use. */
    private final BitSet slowSlots = new BitSet();
    private LookupTable table;
    /** Arenas mapped and retired when {@link SpaceVerifier} looked last. */
    int verified;
    /** Set by the tool for its own per-process state. */
    Object toolState;

    AddressSpace(int pid, RemoteMemory memory, CodeMemory code, TranslationCache cache, MemoryChecks checks, SlowSteps steps,
            Redirects redirects, List<ChainInspector> inspectors, int lookAhead, long nowhere, Consumer<Mapping> onModule, MemorySegment unwind,
            BlockCounts counts, long gateBehind, Predicate<ModuleCode> isUsedElsewhere) {
        this.reuse = new CodeReuse(this, gateBehind, steps != null, isUsedElsewhere);
        this.isUsedElsewhere = isUsedElsewhere;
        this.onModule = onModule;
        this.unwind = unwind;
        this.nowhere = nowhere;
        this.pid = pid;
        this.memory = memory;
        this.code = code;
        this.cache = cache;
        this.translator = new BlockTranslator(this::readText, checks, steps, redirects, inspectors, lookAhead, counts);
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
            if (arenas.get(i).covers(client)) {
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
        return translate(client, waiting, calls, translator::translate);
    }

    /**
     * Cache pc of the translation of what stands at {@code client} now.
     *
     * @param stale cache pc in the translation that has turned out to be of other bytes
     */
    long translateAgain(long client, long stale, ClientThread waiting, ClientCalls calls) {
        Arena arena = arenaFor(client);
        long newest = arena == null ? 0 : arena.find(client);
        if (newest != 0 && (!arena.holds(stale) || newest > stale)) {
            // Another thread has been here.
            return newest;
        }
        return translate(client, waiting, calls, translator::translateAgain);
    }

    /** How {@link BlockTranslator} makes one kind of fragment: cache pc, 0 if the arena is full, -1 if there is nothing to execute. */
    private interface Translation {
        long of(Arena arena, long client);
    }

    private long translate(long client, ClientThread waiting, ClientCalls calls, Translation kind) {
        Arena arena = arenaFor(client);
        if (arena == null) {
            arena = newArena(client, waiting, calls);
            if (arena == null) {
                return client;
            }
        }
        if (!arena.translates(client) && !findExecutable(arena, client)) {
            return client;
        }
        long cache = kind.of(arena, client);
        if (cache == 0) {
            arena = newArena(client, waiting, calls);
            if (arena == null) {
                throw new EngineFailure("no room for translated code near 0x" + Long.toHexString(client));
            }
            cache = kind.of(arena, client);
        }
        return cache <= 0 ? client : cache;
    }

    /**
     * Makes the slow fragment at {@code client} and some of those that follow it: each request costs a round trip.
     *
     * @param stale the one that there is has turned out to be of other bytes
     * @param clients filled with client pcs, the wanted one first
     * @param caches filled with their slow fragments
     * @return how many; 0 if there is nothing to execute
     */
    int translateSlow(long client, boolean stale, long[] clients, long[] caches, ClientThread waiting, ClientCalls calls) {
        if (stale) {
            clearSlowTableIfUsed();
        }
        long wanted = translate(client, waiting, calls, stale ? translator::translateSlowAgain : translator::translateSlow);
        if (wanted == client) {
            return 0;
        }
        clients[0] = client;
        caches[0] = wanted;
        int count = 1;
        for (int i = 0; i < count; i++) {
            Arena arena = arenaFor(clients[i]);
            if (i > 0) {
                caches[i] = translator.translateSlow(arena, clients[i]);
                if (caches[i] <= 0) {
                    return i;
                }
            }
            for (int k = 0; k < translator.slowNextCount && count < clients.length; k++) {
                long next = translator.slowNext[k];
                if (arenaFor(next) == arena && arena.findSlow(next) == 0 && !contains(clients, count, next)) {
                    clients[count++] = next;
                }
            }
        }
        return count;
    }

    private static boolean contains(long[] values, int count, long value) {
        for (int i = 0; i < count; i++) {
            if (values[i] == value) {
                return true;
            }
        }
        return false;
    }

    /** Address of the slot that the slow fragment of {@code client} takes: a free one of those where it is searched, else any. */
    long slowSlot(long client) {
        int first = (int) client & AddressMap.SLOW_SLOTS - 1;
        int taken = slowSlots.nextClearBit(first) - first;
        int at = first + (taken < AddressMap.SLOW_PROBES ? taken : slowVictim++ & AddressMap.SLOW_PROBES - 1);
        slowSlots.set(at);
        return AddressMap.SLOW_TABLE + (long) AddressMap.SLOW_PAIR * at;
    }

    private void clearSlowTableIfUsed() {
        if (!slowSlots.isEmpty()) {
            clearSlowTable();
        }
    }

    /** No slow fragment is found any more. */
    void clearSlowTable() {
        slowSlots.clear();
        memory.write(AddressMap.SLOW_TABLE, MemorySegment.ofArray(new long[(int) (AddressMap.SLOW_SIZE / 8)]));
    }

    /** Leads indirect jumps to {@code client}, which is translated, straight there from now on, if there is room for it. */
    void enter(long client, ClientThread waiting, ClientCalls calls) {
        Arena arena = arenaFor(client);
        long entry = arena == null || arena.find(client) == 0 ? 0 : translator.entry(arena, client);
        if (entry != 0) {
            table.insert(client, entry, writer(waiting, calls));
        }
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
        boolean full = arenaFor(client) != null;
        Change change = Change.of(module);
        boolean byPage = change == Change.ANY_TIME && module.inode() == 0;
        if (byPage) {
            module = window(module, client);
        }
        if (change == Change.ANY_TIME) {
            // The mapping has grown, or its arena is full of what stood there before: jumps shall lead to the new one.
            invalidate(module.start(), module.end(), waiting, calls);
        }
        // A file's code that the program has changed is none that others have.
        String key = full || PageMap.isModified(pid, module) ? null : cache.key(module);
        for (ModuleCode known : cache.known(key)) {
            Arena revived = revive(known, module, maps);
            if (revived != null) {
                return revived;
            }
            long at = module.start() + known.distance;
            if (isFree(maps, at, known.size)) {
                return place(module, known, byPage, maps, waiting, calls);
            }
        }
        long text = module.end() - module.start();
        long size = Math.min(Math.max(text * 10, 1 << 18), 128L << 20) + PAGE - 1 & -PAGE;
        MemorySegment piece = code.used() + size > code.limit() / 2 ? null : code.take(size);
        if (piece == null) {
            retireEmpty(waiting, calls);
            reuse.run(waiting, calls);
            maps = ProcMaps.of(pid);
            piece = code.take(size);
        }
        if (piece == null) {
            cache.evict(c -> uses(c) || isUsedElsewhere.test(c)).forEach(c -> code.give(c.bytes));
            piece = code.take(size);
        }
        TranslationCache.Saved saved = cache.known(key).isEmpty() ? cache.load(key) : TranslationCache.copyOf(cache.known(key).getFirst());
        if (saved != null && saved.code().byteSize() > size) {
            saved = null;
        }
        long place = piece == null ? 0
                : saved != null && isFree(maps, module.start() + saved.distance(), size) ? module.start() + saved.distance()
                : place(maps, module, size);
        if (place == 0) {
            throw new EngineFailure("no room for the code of " + module);
        }
        ModuleCode translation = new ModuleCode(key, place - module.start(), text, piece, change, saved == null ? null : saved.tables());
        if (saved != null) {
            MemorySegment.copy(saved.code(), 0, piece, 0, saved.code().byteSize());
            translation.loaded((int) saved.code().byteSize());
            if (!translation.relocate(saved.distance())) {
                translation = new ModuleCode(key, place - module.start(), text, piece, change);
            }
        }
        cache.add(translation);
        try {
            return place(module, translation, byPage, maps, waiting, calls);
        } catch (ThreadGone e) {
            release(translation);
            throw e;
        }
    }

    /** A file is mapped again where it was mapped before: its code is still there; else {@code null}. */
    private Arena revive(ModuleCode known, Mapping module, List<Mapping> maps) {
        for (int i = 0; i < retired.size(); i++) {
            Arena a = retired.get(i);
            if (a.code == known && a.executable == null && a.clientStart == module.start() && a.clientEnd == module.end()) {
                retired.remove(i);
                return enlist(a, module, maps);
            }
        }
        return null;
    }

    /** The arena's code is executed from now on. */
    private Arena enlist(Arena arena, Mapping module, List<Mapping> maps) {
        markExecutable(arena, maps);
        arenas.add(0, arena);
        onModule.accept(module);
        if (threads.size() == 1) {
            table.insertAll(arena);
        }
        return arena;
    }

    /** Retires arenas of memory of which no page is executable any more. */
    private void retireEmpty(ClientThread waiting, ClientCalls calls) {
        for (Arena a : List.copyOf(arenas)) {
            if (a.executable != null && a.executable.isEmpty()) {
                invalidate(a.clientStart, a.clientEnd, waiting, calls);
            }
        }
    }

    boolean uses(ModuleCode translation) {
        return arenas.stream().anyMatch(a -> a.code == translation) || retired.stream().anyMatch(a -> a.code == translation);
    }

    /** A retired arena has been unmapped. */
    void freed(Arena arena) {
        retired.remove(arena);
        if (!ended) {
            release(arena.code);
        }
    }

    /** Nobody executes the code any more, or nobody has begun to. */
    private void release(ModuleCode translation) {
        cache.forget(translation);
        code.give(translation.bytes);
    }

    /** The process has ended, or executes another program: code that no file is behind is of no use to anybody. */
    void end() {
        // A request of the dead process may still be on its way through the lists: they stay as they are.
        ended = true;
        Set<ModuleCode> all = new HashSet<>();
        arenas.forEach(a -> all.add(a.code));
        retired.forEach(a -> all.add(a.code));
        for (ModuleCode translation : all) {
            if (translation.key == null && !isUsedElsewhere.test(translation)) {
                code.give(translation.bytes);
            }
        }
    }

    /** The part of memory without a file that one arena translates: mappings there grow, split and join. */
    private static Mapping window(Mapping module, long client) {
        long start = client & -WINDOW;
        return new Mapping(start, start + WINDOW, module.readable(), module.writable(), true, module.shared(), 0, 0, module.path());
    }

    /** Asks the kernel again; returns whether the page at {@code client} is executable. */
    private boolean findExecutable(Arena arena, long client) {
        markExecutable(arena, ProcMaps.of(pid));
        return arena.translates(client);
    }

    private static void markExecutable(Arena arena, List<Mapping> maps) {
        for (Mapping m : maps) {
            if (m.executable()) {
                arena.setExecutable(m.start(), m.end(), true);
            }
        }
    }

    /** Maps the code where it belongs for this module. */
    private Arena place(Mapping module, ModuleCode translation, boolean byPage, List<Mapping> maps, ClientThread waiting,
            ClientCalls calls) {
        long place = module.start() + translation.distance;
        long size = translation.size;
        long got = calls.call(waiting, Syscall.MMAP, place, size, Syscall.PROT_NONE, Syscall.MAP_PRIVATE
                | Syscall.MAP_ANONYMOUS | Syscall.MAP_NORESERVE | Syscall.MAP_FIXED_NOREPLACE, -1, 0);
        if (got != place) {
            throw new EngineFailure("cannot reserve code memory at 0x" + Long.toHexString(place) + ": " + got);
        }
        // A shared mapping can be mapped once more without a descriptor: mremap with an old size of zero.
        got = calls.call(waiting, Syscall.MREMAP, code.clientAddress(translation.bytes), 0, size, MREMAP_MAYMOVE_FIXED, place, 0);
        if (got != place) {
            throw new EngineFailure("cannot map code memory at 0x" + Long.toHexString(place) + ": " + got);
        }
        return enlist(new Arena(module.start(), module.end(), translation, byPage ? new BitSet() : null), module, maps);
    }

    /** How table slots are written while {@code waiting} waits: with other threads about, only one of them can store a long at once. */
    private LookupTable.Writer writer(ClientThread waiting, ClientCalls calls) {
        return threads.size() == 1 ? table.unseen() : (a, v, b, w) -> calls.store(waiting, a, v, b, w);
    }

    private static boolean isFree(List<Mapping> maps, long start, long size) {
        long end = start + size;
        if (start <= 0x1_0000 || end <= 0) {
            return false;
        }
        for (Mapping m : maps) {
            if (m.start() >= 0 && m.start() < end + GUARD && m.end() > start - GUARD) {
                return false;
            }
        }
        return true;
    }

    /** A free range within reach of every byte of the module, away from where heap and stack grow; 0 if there is none. */
    private static long place(List<Mapping> maps, Mapping module, long size) {
        long best = 0;
        long bestDistance = Long.MAX_VALUE;
        for (int i = 0; i <= maps.size(); i++) {
            long low = i == 0 ? 0x1_0000 : maps.get(i - 1).end();
            long high = i == maps.size() ? 0x7fff_ffff_f000L : maps.get(i).start();
            if (high < 0 || low < 0 || high - low < size + 2 * GUARD) {
                continue;
            }
            boolean belowStack = i < maps.size() && maps.get(i).path().equals("[stack]");
            long fromTop = high - GUARD - size & -PAGE;
            long candidate = belowStack ? low + GUARD & -PAGE : fromTop;
            if (belowStack && !reaches(candidate, size, module)) {
                // Code on the stack itself: as far below as reach allows.
                candidate = module.start() - FAR & -PAGE;
            }
            if (!reaches(candidate, size, module) && !belowStack) {
                // The top of the gap is too far up: as high as reach allows, above what brk may take.
                candidate = module.end() + FAR - size & -PAGE;
                if (candidate < low + GUARD || candidate > fromTop) {
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
        if (arena.code.change != Change.BY_SYSTEM_CALL) {
            return memory.read(client, into, 0, into.length);
        }
        int done = 0;
        while (done < into.length) {
            long at = client + done;
            int page = (int) (at - arena.clientStart >> 12);
            if (at >= arena.clientEnd) {
                break;
            }
            byte[] bytes = arena.code.pages[page];
            if (bytes == null) {
                bytes = new byte[PAGE];
                int got = memory.read(arena.clientStart + ((long) page << 12), bytes, 0, PAGE);
                if (got < PAGE) {
                    break;
                }
                arena.code.pages[page] = bytes;
            }
            int offset = (int) at & PAGE - 1;
            int n = Math.min(into.length - done, PAGE - offset);
            System.arraycopy(bytes, offset, into, done, n);
            done += n;
        }
        return done;
    }

    /** The client changed or removed code in the range: nothing translated from it may be entered again. */
    void invalidate(long start, long end, ClientThread waiting, ClientCalls calls) {
        for (int i = arenas.size() - 1; i >= 0; i--) {
            Arena a = arenas.get(i);
            if (overlaps(a, start, end)) {
                a.retiredAt = ++retirements;
                a.unlisted = false;
                retired.add(arenas.remove(i));
                forget(a.clientStart, a.clientEnd, waiting, calls);
            }
        }
    }

    /**
     * The client maps, unmaps or protects memory. Translations that check themselves stay, but are found again only if their pages turn
     * out to be executable; others are given up, unless the memory stays as it is.
     *
     * @param protection what it will be; 0 if it will not be there
     */
    void changing(long start, long end, int protection, ClientThread waiting, ClientCalls calls) {
        boolean executable = (protection & Syscall.PROT_EXEC) != 0;
        for (int i = arenas.size() - 1; i >= 0; i--) {
            Arena a = arenas.get(i);
            if (!overlaps(a, start, end)) {
                continue;
            }
            if (a.executable == null && protection != (Syscall.PROT_READ | Syscall.PROT_EXEC)) {
                invalidate(a.clientStart, a.clientEnd, waiting, calls);
            } else if (a.executable != null && !executable) {
                a.setExecutable(start, end, false);
                table.remove(start, end, writer(waiting, calls));
            }
        }
    }

    private static boolean overlaps(Arena a, long start, long end) {
        return Long.compareUnsigned(a.clientStart, end) < 0 && Long.compareUnsigned(start, a.clientEnd) < 0;
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
    private void forget(long start, long end, ClientThread waiting, ClientCalls calls) {
        table.remove(start, end, writer(waiting, calls));
        clearSlowTableIfUsed();
        for (ClientThread t : threads) {
            clearReturnCache(t);
        }
    }

    void clearReturnCache(ClientThread t) {
        long[] values = new long[ThreadArea.RETURN_SLOTS];
        Arrays.fill(values, nowhere);
        memory.write(t.area() + ThreadArea.RETURN_VALUES, MemorySegment.ofArray(values));
    }

    static long longAt(byte[] b, int at) {
        long v = 0;
        for (int i = 7; i >= 0; i--) {
            v = v << 8 | b[at + i] & 0xff;
        }
        return v;
    }

    LookupTable lookupTable() {
        return table;
    }

    /** The runtime has been mapped: its tables are filled. */
    void begin() {
        table = new LookupTable(memory, nowhere);
    }

    /** What the child of a fork starts with: the same code, another memory. */
    void copyCodeFrom(AddressSpace parent) {
        table = new LookupTable(memory, parent.table);
        slowSlots.or(parent.slowSlots);
        parent.arenas.forEach(a -> arenas.add(a.copy()));
        parent.retired.forEach(a -> retired.add(a.copy()));
        retirements = parent.retirements;
    }
}
