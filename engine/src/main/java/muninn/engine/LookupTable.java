// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import muninn.linux.RemoteMemory;
import muninn.runtime.AddressMap;

/**
 * The table by which a client finds the entry for the target of an indirect jump; form and probing are those of
 * {@link RuntimeStubs}. The controller is its only writer and keeps a copy, so it never reads the client's.
 *
 * <p>Threads look things up while it changes: a slot's value is written before its key, and a slot that was in use never
 * becomes empty, since other keys may have been put behind it.
 */
final class LookupTable {
    private static final int SLOTS = AddressMap.LOOKUP_SLOTS;
    /** A key that nothing has. */
    private static final long REMOVED = 1;
    /** Bulk insertion stops here: a crowded table costs more than the requests that it saves. */
    private static final int FULL = SLOTS / 2;
    /** So many changes are written one by one; more of them with the whole table. */
    private static final int FEW = 200;

    private final RemoteMemory memory;
    /** Value of a slot that leads nowhere: the slow lookup. */
    private final long nowhere;
    private final long[] keys;
    private final long[] values;
    private int used;

    /** The table of a fresh address space, which is all zeros. */
    LookupTable(RemoteMemory memory, long nowhere) {
        this.memory = memory;
        this.nowhere = nowhere;
        keys = new long[SLOTS];
        values = new long[SLOTS];
        values[0] = nowhere;
        for (int n = 1; n < SLOTS; n *= 2) {
            System.arraycopy(values, 0, values, n, n);
        }
        memory.write(AddressMap.LOOKUP_VALUES, MemorySegment.ofArray(values));
    }

    /** What the child of a fork has got. */
    LookupTable(RemoteMemory memory, LookupTable parent) {
        this.memory = memory;
        nowhere = parent.nowhere;
        keys = parent.keys.clone();
        values = parent.values.clone();
        used = parent.used;
    }

    /** How a slot reaches the client: first the value, then the key. */
    interface Writer {
        void store(long address, long value, long address2, long value2);
    }

    /** A writer for a client whose only thread waits: what it sees changes behind its back. */
    Writer unseen() {
        return (address, value, address2, value2) -> {
            memory.putLong(address, value);
            memory.putLong(address2, value2);
        };
    }

    /** Leads {@code client} to {@code entry}, if there is room near its slot. */
    void insert(long client, long entry, Writer writer) {
        int slot = place(client, entry);
        if (slot >= 0) {
            write(slot, writer);
        }
    }

    private void write(int slot, Writer writer) {
        writer.store(AddressMap.LOOKUP_VALUES + 8L * slot, values[slot], AddressMap.LOOKUP_KEYS + 8L * slot, keys[slot]);
    }

    private int place(long client, long entry) {
        for (int n = 0, i = (int) client & SLOTS - 1; n < RuntimeStubs.PROBES; n++, i = i + 1 & SLOTS - 1) {
            boolean empty = keys[i] == 0 || keys[i] == REMOVED;
            if (empty || keys[i] == -client) {
                used += empty ? 1 : 0;
                keys[i] = -client;
                values[i] = entry;
                return i;
            }
        }
        return -1;
    }

    /** Leads to all entries of a translation; the client has one thread, which waits. */
    void insertAll(Arena arena) {
        int[] changed = new int[FEW];
        int[] count = new int[1];
        arena.code.forEachEntry((client, at) -> {
            int slot = used >= FULL ? -1 : place(arena.clientStart + client, arena.cacheBase + at);
            if (slot >= 0) {
                changed[Math.min(count[0]++, FEW - 1)] = slot;
            }
        });
        if (count[0] < FEW) {
            for (int i = 0; i < count[0]; i++) {
                write(changed[i], unseen());
            }
        } else {
            memory.write(AddressMap.LOOKUP_VALUES, MemorySegment.ofArray(values));
            memory.write(AddressMap.LOOKUP_KEYS, MemorySegment.ofArray(keys));
        }
    }

    /** Client pcs of the range lead nowhere from now on. */
    void remove(long start, long end, Writer writer) {
        for (int i = 0; i < SLOTS; i++) {
            long pc = -keys[i];
            if (keys[i] != 0 && keys[i] != REMOVED && Long.compareUnsigned(pc, start) >= 0 && Long.compareUnsigned(pc, end) < 0) {
                keys[i] = REMOVED;
                values[i] = nowhere;
                used--;
                write(i, writer);
            }
        }
    }

    /** Slots in which the client has something else than the controller believes; 0 if the process has just ended. */
    int differences() {
        return differences(AddressMap.LOOKUP_KEYS, keys) + differences(AddressMap.LOOKUP_VALUES, values);
    }

    private int differences(long address, long[] believed) {
        byte[] client = new byte[8 * SLOTS];
        int count = 0;
        if (memory.read(address, client, 0, client.length) == client.length) {
            for (int i = 0; i < SLOTS; i++) {
                count += AddressSpace.longAt(client, 8 * i) == believed[i] ? 0 : 1;
            }
        }
        return count;
    }

    /** Calls {@code visitor} for each client pc that leads somewhere. */
    void forEach(Visitor visitor) {
        for (int i = 0; i < SLOTS; i++) {
            if (keys[i] != 0 && keys[i] != REMOVED) {
                visitor.slot(-keys[i], values[i]);
            }
        }
    }

    interface Visitor {
        void slot(long client, long entry);
    }
}
