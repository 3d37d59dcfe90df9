// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.BitSet;

/** Where one address space executes the translation of one of its mappings: {@link ModuleCode}, with addresses. */
final class Arena {
    private static final int PAGE_BITS = 12;

    /** Where the client executes it. */
    final long cacheBase;
    /** The client mapping it belongs to. */
    final long clientStart;
    final long clientEnd;
    final ModuleCode code;
    /** Number of its retirement in the address space; threads that have been seen outside at that number or later have left it. */
    long retiredAt;
    /** Retired, and not in the table of slow fragments any more: {@link CodeReuse}. */
    boolean unlisted;
    /**
     * Pages that are executable as far as is known, for memory that no file is behind: there the kernel's mappings come and go too fast
     * for an arena each. {@code null}: all.
     */
    final BitSet executable;

    Arena(long clientStart, long clientEnd, ModuleCode code, BitSet executable) {
        this.clientStart = clientStart;
        this.clientEnd = clientEnd;
        this.code = code;
        this.cacheBase = clientStart + code.distance;
        this.executable = executable;
    }

    /** What the child of a fork has of it. */
    Arena copy() {
        Arena copy = new Arena(clientStart, clientEnd, code, executable == null ? null : (BitSet) executable.clone());
        copy.retiredAt = retiredAt;
        copy.unlisted = unlisted;
        return copy;
    }

    /** Whether the client pc belongs to this arena. */
    boolean covers(long client) {
        return Long.compareUnsigned(client, clientStart) >= 0 && Long.compareUnsigned(client, clientEnd) < 0;
    }

    /** Whether there is code at the client pc that this arena may translate. */
    boolean translates(long client) {
        return covers(client) && (executable == null || executable.get((int) (client - clientStart >> PAGE_BITS)));
    }

    /** The range is executable, or not. */
    void setExecutable(long start, long end, boolean is) {
        long from = Math.max(start, clientStart);
        long to = Math.min(end, clientEnd);
        if (executable != null && from < to) {
            executable.set((int) (from - clientStart >> PAGE_BITS), (int) (to - clientStart + (1 << PAGE_BITS) - 1 >> PAGE_BITS), is);
        }
    }

    boolean holds(long cache) {
        return cache - cacheBase >= 0 && cache - cacheBase < code.size;
    }

    int used() {
        return code.used();
    }

    int free() {
        return code.free();
    }

    /** Cache pc of the fragment that starts at {@code client}, or 0. */
    long find(long client) {
        return cachePc(code.fragment((int) (client - clientStart)));
    }

    /** Cache pc of the entry for indirect jumps to {@code client}, or 0. */
    long findEntry(long client) {
        return cachePc(code.entry((int) (client - clientStart)));
    }

    /** Cache pc of the slow fragment that starts at {@code client}, or 0. */
    long findSlow(long client) {
        return cachePc(code.slow((int) (client - clientStart)));
    }

    private long cachePc(int offset) {
        return offset < 0 ? 0 : cacheBase + offset;
    }

    void addEntry(long client, int at) {
        code.addEntry((int) (client - clientStart), at);
    }

    /** Index of the instruction whose translation covers {@code cache}, or -1. */
    int instructionAt(long cache) {
        return code.instructionAt((int) (cache - cacheBase));
    }

    int start(int instruction) {
        return code.start(instruction);
    }

    int core(int instruction) {
        return code.core(instruction);
    }

    boolean isSlow(int instruction) {
        return code.isSlow(instruction);
    }

    long client(int instruction) {
        return clientStart + code.client(instruction);
    }

    /** Index of the exit whose stub is at {@code cache}, or -1. */
    int exitAt(long cache) {
        return code.exitAt((int) (cache - cacheBase));
    }

    int exitPatch(int exit) {
        return code.exitPatch(exit);
    }

    long exitTarget(int exit) {
        return clientStart + code.exitTarget(exit);
    }

    void alignUsed() {
        code.alignUsed();
    }

    void link(int patch, int target) {
        code.link(patch, target);
    }
}
