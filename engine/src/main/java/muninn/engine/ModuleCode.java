// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;
import java.util.BitSet;

/**
 * The translation of one executable mapping, with all that is known about it. Nothing in it depends on the process it runs in: what
 * it says about the client is relative to the mapping, and its bytes hold for one <em>distance</em> between code and mapping. So
 * any number of address spaces may execute it at once, it can be saved, and it can be moved to another distance
 * ({@link #relocate}).
 *
 * <p>Bytes are only ever appended; the only words that change later are link displacements. Cache positions are offsets in the
 * code, client positions offsets in the mapping.
 */
final class ModuleCode {
    /** In place of a core: the code belongs to a check that stands apart from its instruction. */
    static final int OUT_OF_LINE = -1;
    /** Bit in an instruction's client offset: it belongs to a slow fragment. */
    static final int SLOW = 1 << 31;
    private static final int INSTRUCTION = 3;
    private static final int EXIT = 4;
    private static final int NEXT = 3;

    /** What identifies it to other processes and later runs; {@code null} if it is of use to one address space only. */
    final String key;
    /** Code start minus mapping start. */
    final long distance;
    /** Bytes of the mapping. */
    final long clientSize;
    final MemorySegment bytes;
    final int size;
    final Change change;
    /** The client's pages that have been read, where they never change. */
    final byte[][] pages;
    private int used;
    /** How much of it came from a saved translation. */
    private int usedWhenLoaded;

    /** Client offset to fragment start, to the entry for indirect jumps, and to the first exit that waits for it (plus one). */
    private final IntMap fragments;
    private final IntMap entries;
    private final IntMap waiting;
    /** Client offset to the start of its slow fragment. */
    private final IntMap slow;
    /** Instruction map, sorted by cache offset: start of the translation, start of the copied instruction, client offset. */
    private final IntList instructions;
    /**
     * Exits, sorted by cache offset: stub, displacement to patch, client target relative to the mapping, and the next exit that
     * waits for the same target (plus one).
     */
    private final IntList exits;
    /** Displacements that lead to client addresses: they change with the distance. */
    private final IntList relocations;
    /** Exits of blocks that check their bytes; code that does is never saved. */
    private final BitSet staleExits = new BitSet();

    ModuleCode(String key, long distance, long clientSize, MemorySegment bytes, Change change) {
        this(key, distance, clientSize, bytes, change, null);
    }

    /** From saved tables, in the order of {@link #tables}; the code itself is already in {@code bytes}. */
    ModuleCode(String key, long distance, long clientSize, MemorySegment bytes, Change change, IntBuffer[] saved) {
        this.key = key;
        this.distance = distance;
        this.clientSize = clientSize;
        this.bytes = bytes;
        this.size = (int) bytes.byteSize();
        this.change = change;
        this.pages = new byte[change == Change.BY_SYSTEM_CALL ? (int) (clientSize >> 12) : 0][];
        boolean fresh = saved == null;
        fragments = fresh ? new IntMap() : new IntMap(saved[0], saved[1]);
        entries = fresh ? new IntMap() : new IntMap(saved[2], saved[3]);
        waiting = fresh ? new IntMap() : new IntMap(saved[4], saved[5]);
        instructions = new IntList(fresh ? null : saved[6], INSTRUCTION << 10);
        exits = new IntList(fresh ? null : saved[7], EXIT << 8);
        relocations = new IntList(fresh ? null : saved[8], 1 << 8);
        slow = fresh ? new IntMap() : new IntMap(saved[9], saved[10]);
    }

    /** Count of {@link #tables}. */
    static final int TABLES = 11;

    /** Everything but the bytes, as the constructor takes it. */
    int[][] tables() {
        int[][] f = fragments.tables();
        int[][] e = entries.tables();
        int[][] w = waiting.tables();
        int[][] s = slow.tables();
        return new int[][] {f[0], f[1], e[0], e[1], w[0], w[1], instructions.toArray(), exits.toArray(), relocations.toArray(), s[0], s[1]};
    }

    int used() {
        return used;
    }

    int free() {
        return size - used;
    }

    void loaded(int used) {
        this.used = used;
        this.usedWhenLoaded = used;
    }

    /** Bytes of code added since it was loaded. */
    int grown() {
        return used - usedWhenLoaded;
    }

    // ---- fragments ----

    /** Cache offset of the fragment that starts at {@code client}, or -1. */
    int fragment(int client) {
        return fragments.get(client);
    }

    /** Whether the translation of the client instruction at {@code client} starts at the cache offset. */
    boolean startsAt(int cache, int client) {
        // A jump that the chain follows has no code of its own, so several instructions may start at one place.
        for (int i = instructionAt(cache); i >= 0 && start(i) == cache; i--) {
            if (client(i) == client) {
                return true;
            }
        }
        return false;
    }

    void forEachFragment(IntMap.Visitor visitor) {
        fragments.forEach(visitor);
    }

    int entry(int client) {
        return entries.get(client);
    }

    void addEntry(int client, int at) {
        entries.put(client, at);
    }

    void forEachEntry(IntMap.Visitor visitor) {
        entries.forEach(visitor);
    }

    /** A fragment is in place: exits that wait for it are linked. */
    void addFragment(int client, int cache) {
        fragments.put(client, cache);
        int head = waiting.get(client);
        if (head > 0) {
            for (int e = head; e != 0; e = exits.get((e - 1) * EXIT + NEXT)) {
                link(exitPatch(e - 1), cache);
            }
            waiting.put(client, 0);
        }
    }

    /** Cache offset of the slow fragment that starts at {@code client}, or -1. */
    int slow(int client) {
        return slow.get(client);
    }

    void addSlow(int client, int cache) {
        slow.put(client, cache);
    }

    // ---- instructions ----

    /**
     * Records that the translation of the client instruction at {@code client} starts at {@code start}, and that its copy
     * (the first byte that may have the instruction's own effect) stands at {@code core}.
     */
    void addInstruction(int start, int core, int client) {
        instructions.add(start);
        instructions.add(core);
        instructions.add(client);
    }

    /** Index of the instruction whose translation covers the cache offset, or -1. */
    int instructionAt(int offset) {
        int low = 0;
        int high = instructions.size() / INSTRUCTION - 1;
        while (low <= high) {
            int mid = low + high >>> 1;
            if (start(mid) <= offset) {
                low = mid + 1;
            } else {
                high = mid - 1;
            }
        }
        return high;
    }

    /** Index of the first instruction whose translation starts at the cache offset or behind it. */
    int firstInstruction(int offset) {
        return instructionAt(offset - 1) + 1;
    }

    int start(int instruction) {
        return instructions.get(instruction * INSTRUCTION);
    }

    int core(int instruction) {
        return instructions.get(instruction * INSTRUCTION + 1);
    }

    int client(int instruction) {
        return instructions.get(instruction * INSTRUCTION + 2) & ~SLOW;
    }

    /** Whether the instruction is one of a slow fragment, whose shadow may be ahead of its registers. */
    boolean isSlow(int instruction) {
        return (instructions.get(instruction * INSTRUCTION + 2) & SLOW) != 0;
    }

    // ---- exits ----

    /**
     * Registers an exit stub (stubs are emitted at rising offsets).
     *
     * @param stale it is taken by the block at {@code target} itself, whose client bytes have changed
     */
    void addExit(int stub, int patch, long target, boolean stale) {
        boolean inside = !stale && target >= 0 && target < clientSize;
        if (stale) {
            staleExits.set(exitCount());
        }
        exits.add(stub);
        exits.add(patch);
        exits.add((int) target);
        exits.add(inside ? Math.max(waiting.get((int) target), 0) : 0);
        if (inside) {
            waiting.put((int) target, exits.size() / EXIT);
        }
    }

    /** Index of the exit whose stub is at the cache offset, or -1. */
    int exitAt(int offset) {
        int low = 0;
        int high = exits.size() / EXIT - 1;
        while (low <= high) {
            int mid = low + high >>> 1;
            int stub = exits.get(mid * EXIT);
            if (stub == offset) {
                return mid;
            }
            if (stub < offset) {
                low = mid + 1;
            } else {
                high = mid - 1;
            }
        }
        return -1;
    }

    int exitCount() {
        return exits.size() / EXIT;
    }

    /** Whether the exit is taken by a block whose client bytes have changed. */
    boolean isStale(int exit) {
        return staleExits.get(exit);
    }

    int exitStub(int exit) {
        return exits.get(exit * EXIT);
    }

    /** Index of the first exit whose stub lies at the cache offset or behind it. */
    int firstExit(int offset) {
        int e = exitCount();
        while (e > 0 && exitStub(e - 1) >= offset) {
            e--;
        }
        return e;
    }

    int exitPatch(int exit) {
        return exits.get(exit * EXIT + 1);
    }

    /** Client target of an exit, relative to the mapping: direct jumps reach 2 GiB at most. */
    long exitTarget(int exit) {
        return exits.get(exit * EXIT + 2);
    }

    // ---- bytes ----

    /** The 4 bytes at {@code at} are a displacement to a client address. */
    void addRelocation(int at) {
        relocations.add(at);
    }

    int relocationCount() {
        return relocations.size();
    }

    int relocation(int i) {
        return relocations.get(i);
    }

    /** Index of the first relocation at the cache offset, where a chain starts, or behind it. */
    int firstRelocation(int chain) {
        int i = relocations.size();
        while (i > 0 && relocations.get(i - 1) >= chain) {
            i--;
        }
        return i;
    }

    /** Appends finished code; its place must have been taken from {@link #used()}. */
    void append(byte[] code, int length) {
        MemorySegment.copy(code, 0, bytes, ValueLayout.JAVA_BYTE, used, length);
        used += length;
    }

    /** Appended code becomes a multiple of 8 bytes long. */
    void alignUsed() {
        used = used + 7 & -8;
    }

    /** Links the exit: one aligned-word-contained 4-byte store into a displacement (DESIGN 4). */
    void link(int patch, int target) {
        bytes.set(ValueLayout.JAVA_INT_UNALIGNED, patch, target - (patch + 4));
    }

    /**
     * Makes the bytes, which hold for another distance, hold for this one. Nobody executes them yet.
     *
     * @return whether all of the client is within reach
     */
    boolean relocate(long otherDistance) {
        long delta = otherDistance - distance;
        for (int i = 0; delta != 0 && i < relocations.size(); i++) {
            int at = relocations.get(i);
            long moved = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at) + delta;
            if (moved != (int) moved) {
                return false;
            }
            bytes.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) moved);
        }
        return true;
    }
}
