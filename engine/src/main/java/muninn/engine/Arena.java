// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Code memory for one executable mapping of the client. Bytes are only ever appended; the only words that change later
 * are link displacements. The distance between an arena and the mapping it translates never changes, so
 * rip-relative operands keep their displacement form.
 *
 * <p>All cache positions here are offsets in the arena, all client positions offsets in the mapping.
 */
final class Arena {
    /** In place of a core: the code belongs to a check that stands apart from its instruction. */
    static final int OUT_OF_LINE = -1;

    /** Where the client executes it. */
    final long cacheBase;
    /** The client mapping it belongs to. */
    final long clientStart;
    final long clientEnd;
    final int size;
    /** The same bytes, seen by the controller. */
    private final MemorySegment bytes;
    private int used;

    /** Client offset to fragment start, and to the entry for indirect jumps. */
    private final IntMap fragments = new IntMap();
    private final IntMap entries = new IntMap();

    /** Instruction map, sorted by cache offset: start of the translation, start of the copied instruction, client offset. */
    private int[] starts = new int[1 << 10];
    private int[] cores = new int[1 << 10];
    private int[] clients = new int[1 << 10];
    private int instructions;

    /** Exits not yet linked: stub offset, position of the displacement to patch, client target. */
    private int[] exitStubs = new int[256];
    private int[] exitPatches = new int[256];
    private long[] exitTargets = new long[256];
    private int exits;
    /** Exits that wait for a fragment: heads of lists by client offset, joined through {@code exitNext} (index + 1, 0 ends). */
    private final IntMap waiting = new IntMap();
    private int[] exitNext = new int[256];

    /** Client bytes cannot change without a system call that we see: pages are read once. */
    final boolean stable;
    final byte[][] pages;

    Arena(long cacheBase, long clientStart, long clientEnd, MemorySegment bytes, boolean stable) {
        this.cacheBase = cacheBase;
        this.clientStart = clientStart;
        this.clientEnd = clientEnd;
        this.bytes = bytes;
        this.size = (int) bytes.byteSize();
        this.stable = stable;
        this.pages = new byte[stable ? (int) (clientEnd - clientStart >> 12) : 0][];
    }

    boolean translates(long client) {
        return Long.compareUnsigned(client, clientStart) >= 0 && Long.compareUnsigned(client, clientEnd) < 0;
    }

    boolean holds(long cache) {
        return cache - cacheBase >= 0 && cache - cacheBase < size;
    }

    int used() {
        return used;
    }

    int free() {
        return size - used;
    }

    int fragments() {
        return fragments.size();
    }

    int instructions() {
        return instructions;
    }

    /** Cache pc of the fragment that starts at {@code client}, or 0. */
    long find(long client) {
        int offset = findOffset((int) (client - clientStart));
        return offset < 0 ? 0 : cacheBase + offset;
    }

    int findOffset(int client) {
        return fragments.get(client);
    }

    /** Cache pc of the entry for indirect jumps to {@code client}, or 0. */
    long findEntry(long client) {
        int at = entries.get((int) (client - clientStart));
        return at < 0 ? 0 : cacheBase + at;
    }

    void addEntry(long client, int at) {
        entries.put((int) (client - clientStart), at);
    }

    /** A fragment is in place: exits that wait for it are linked. */
    void addFragment(int client, int cache) {
        fragments.put(client, cache);
        int head = waiting.get(client);
        if (head > 0) {
            for (int e = head; e != 0; e = exitNext[e - 1]) {
                link(exitPatches[e - 1], cache);
            }
            waiting.put(client, 0);
        }
    }

    /**
     * Records that the translation of the client instruction at {@code client} starts at {@code start}, and that its copy
     * (the first byte that may have the instruction's own effect) stands at {@code core}.
     */
    void addInstruction(int start, int core, int client) {
        if (instructions == starts.length) {
            int n = instructions * 2;
            starts = Arrays.copyOf(starts, n);
            cores = Arrays.copyOf(cores, n);
            clients = Arrays.copyOf(clients, n);
        }
        starts[instructions] = start;
        cores[instructions] = core;
        clients[instructions] = client;
        instructions++;
    }

    /** Index of the instruction whose translation covers {@code cache}, or -1. */
    int instructionAt(long cache) {
        int offset = (int) (cache - cacheBase);
        int low = 0;
        int high = instructions - 1;
        while (low <= high) {
            int mid = low + high >>> 1;
            if (starts[mid] <= offset) {
                low = mid + 1;
            } else {
                high = mid - 1;
            }
        }
        return high;
    }

    int start(int instruction) {
        return starts[instruction];
    }

    int core(int instruction) {
        return cores[instruction];
    }

    long client(int instruction) {
        return clientStart + clients[instruction];
    }

    /** Registers an exit stub (stubs are emitted at rising offsets); {@code patch} is -1 if nothing can be linked. */
    void addExit(int stub, int patch, long target) {
        if (exits == exitStubs.length) {
            int n = exits * 2;
            exitStubs = Arrays.copyOf(exitStubs, n);
            exitPatches = Arrays.copyOf(exitPatches, n);
            exitTargets = Arrays.copyOf(exitTargets, n);
            exitNext = Arrays.copyOf(exitNext, n);
        }
        exitStubs[exits] = stub;
        exitPatches[exits] = patch;
        exitTargets[exits] = target;
        exits++;
        if (translates(target)) {
            int client = (int) (target - clientStart);
            exitNext[exits - 1] = Math.max(waiting.get(client), 0);
            waiting.put(client, exits);
        }
    }

    /** Index of the exit whose stub is at {@code cache}, or -1. */
    int exitAt(long cache) {
        int i = Arrays.binarySearch(exitStubs, 0, exits, (int) (cache - cacheBase));
        return i < 0 ? -1 : i;
    }

    int exitPatch(int exit) {
        return exitPatches[exit];
    }

    long exitTarget(int exit) {
        return exitTargets[exit];
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

    byte byteAt(int offset) {
        return bytes.get(ValueLayout.JAVA_BYTE, offset);
    }
}
