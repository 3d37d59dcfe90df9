// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.AddressMap;
import muninn.runtime.HeapCalls;
import muninn.runtime.Shadow;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.runtime.UnwindWalk;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Where undefined values come from ({@code --track-origins=yes}). Nothing of it runs while everything is defined: an origin is looked for
 * when undefined bytes are loaded, and most often their address is all that is needed. An origin is a long, 0 if it is not known:
 *
 * <pre>
 * bits 0..55   what is there
 *      56..63  kind: HEAP  an address in a heap block, whose allocation is looked up when it is reported
 *                    STACK a client pc in the function whose frame it was
 *                    CLIENT the number of a stack context: a client request
 * </pre>
 *
 * <p>Undefined bytes that were copied carry their origin along in a hash table of four-byte groups, which forgets when it is crowded. What
 * the stack holds there is only believed while the same call uses that memory: an entry keeps 16 bits of where the frame ends and where it
 * returns to. What the heap holds there is cleared when the memory is handed out again.
 */
@SystemCode("runs inside the client")
public final class Origins {
    public static final int HEAP = 1;
    public static final int STACK = 2;
    public static final int CLIENT = 3;
    public static final int KIND_SHIFT = 56;

    /** 32 MiB, which are touched where they are used. */
    private static final int SLOTS = 1 << 21;
    private static final int PROBES = 8;
    private static final long ENTRY = 16;
    /** A bit for each page, by hash: some group of it has an entry. */
    private static final long PAGES = 1 << 16;
    public static final long TABLE_BYTES = ENTRY * SLOTS + PAGES / 8;

    private static final int RSP = 4;
    private static final int RBP = 5;
    /** Frames further away than this are no frames. */
    private static final long FARTHEST = 1L << 26;
    /** Of one copy, so many bytes keep their origins. */
    private static final long MOST_COPIED = 1 << 20;

    /** 1: origins are followed. Set by the controller. */
    static long on;
    static long table = AddressMap.ORIGINS_BASE;

    private Origins() {}

    /** Whether origins are followed. */
    public static boolean isOn() {
        return on != 0;
    }

    /** A step begins: its origin is that of what it reads from registers. */
    static void begin(long area, long record) {
        long origin = 0;
        long dirty = Ptr.getLong(area + ShadowRegisters.DIRTY) & Ptr.getLong(record + Descriptor.READS);
        for (long left = dirty; left != 0 && origin == 0; left &= left - 1) {
            origin = Ptr.getLong(register(area, Long.numberOfTrailingZeros(left)));
        }
        Ptr.putLong(area + ShadowRegisters.ORIGIN, origin);
        Ptr.putLong(area + ShadowRegisters.ORIGIN_FRAME, 0);
    }

    /** What the step has loaded from memory counts if no register said more. */
    static void loaded(long area, long bits, long address, int bytes) {
        if (Ptr.getLong(area + ShadowRegisters.ORIGIN) != 0) {
            return;
        }
        for (int i = 0; i < bytes; i++) {
            if (Ptr.getByte(bits + i) != 0) {
                Ptr.putLong(area + ShadowRegisters.ORIGIN, of(area, address + i));
                return;
            }
        }
    }

    /** An undefined value was reported and counts as defined: what follows has other origins. */
    static void told(long area) {
        Ptr.putLong(area + ShadowRegisters.ORIGIN, 0);
    }

    /** The step is over: what it wrote and is undefined comes from where its operands came from. */
    static void end(long area, long record) {
        long origin = Ptr.getLong(area + ShadowRegisters.ORIGIN);
        if (origin == 0) {
            return;
        }
        long dirty = Ptr.getLong(area + ShadowRegisters.DIRTY) & Ptr.getLong(record + Descriptor.WRITES);
        for (long left = dirty; left != 0; left &= left - 1) {
            Ptr.putLong(register(area, Long.numberOfTrailingZeros(left)), origin);
        }
        int operation = Ptr.getUnsignedShort(record + Descriptor.OPERATION);
        if (operation == Operation.PUSH) {
            int size = Ptr.getUnsignedByte(record + Descriptor.SIZE);
            stored(area, Definedness.gpr(area, RSP) - size, size, origin);
        } else if ((Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.STORES) != 0) {
            stored(area, Ptr.getLong(area + ShadowRegisters.ADDRESS), Ptr.getUnsignedShort(record + Descriptor.MEMORY_SIZE), origin);
        }
    }

    private static long register(long area, int number) {
        return area + ShadowRegisters.ORIGINS + 8L * number;
    }

    /** Remembers the origin of those bytes of the range that are undefined. */
    static void stored(long area, long address, long bytes, long origin) {
        if (address >>> 47 != 0) {
            return;
        }
        for (long at = address & -4; at < address + bytes; at += 4) {
            if (isUndefined(at)) {
                put(at, check(area, at), origin);
            }
        }
    }

    /** A group that holds an undefined byte. */
    private static boolean isUndefined(long group) {
        int codes = Ptr.getUnsignedByte(Shadow.at(group));
        return ((codes ^ codes >>> 1) & 0x55) != 0;
    }

    /** Undefined bytes have been copied; the ranges are of the same length and do not reach into kernel addresses. */
    public static void copied(long area, long to, long from, long bytes) {
        Ptr.putLong(area + ShadowRegisters.ORIGIN_FRAME, 0);
        long most = Math.min(bytes, MOST_COPIED);
        if (to >>> 47 != 0 || from >>> 47 != 0 || MemoryBits.firstUndefined(to, most) < 0) {
            return;
        }
        for (long at = to & -4; at < to + most; at += 4) {
            if (isUndefined(at)) {
                long source = Math.max(at - to + from, from);
                put(at, check(area, at), of(area, source));
            }
        }
    }

    /** The program has declared the range undefined; the thread area's EVENT_PC says where. */
    public static void declared(long area, long address, long bytes) {
        Ptr.putLong(area + ShadowRegisters.ORIGIN_FRAME, 0);
        stored(area, address, Math.min(bytes, MOST_COPIED), (long) CLIENT << KIND_SHIFT | HeapCalls.contextHere(area));
    }

    /** Memory is handed out by the allocator: it has a new origin. */
    public static void allocated(long address, long bytes) {
        if (on == 0 || address >>> 47 != 0 || bytes >>> 47 != 0) {
            return;
        }
        for (long page = address & -4096; page < address + bytes; page += 4096) {
            if ((Ptr.getUnsignedByte(pageByte(page)) >>> (int) (page >>> 12 & 7) & 1) != 0) {
                long end = Math.min(page + 4096, address + bytes);
                for (long at = Math.max(page, address) & -4; at < end; at += 4) {
                    long slot = find(at);
                    if (slot != 0) {
                        Ptr.putLong(slot + 8, 0);
                    }
                }
            }
        }
    }

    /** For a report about an undefined byte outside of a step: its origin becomes the thread's. */
    public static void at(long area, long address, long pc) {
        if (on != 0) {
            Ptr.putLong(area + ThreadArea.EVENT_PC, pc);
            Ptr.putLong(area + ShadowRegisters.ORIGIN_FRAME, 0);
            Ptr.putLong(area + ShadowRegisters.ORIGIN, of(area, address));
        }
    }

    /** For a report about a register outside of a step. */
    static void atRegister(long area, int number) {
        if (on != 0) {
            Ptr.putLong(area + ShadowRegisters.ORIGIN, Ptr.getLong(register(area, number)));
        }
    }

    private static long of(long area, long address) {
        int check = check(area, address);
        long slot = find(address & -4);
        if (slot != 0 && Ptr.getLong(slot) >>> 48 == check && Ptr.getLong(slot + 8) != 0) {
            return Ptr.getLong(slot + 8);
        }
        return check == 0 ? (long) HEAP << KIND_SHIFT | address
                : (long) STACK << KIND_SHIFT | Ptr.getLong(area + ShadowRegisters.ORIGIN_FRAME + 16);
    }

    /**
     * Finds the frame of this thread's stack that the address is in, and keeps it for the next bytes: from, to, pc, check.
     *
     * @return 0 if it is in none, else the number by which it is known again
     */
    private static int check(long area, long address) {
        long frame = area + ShadowRegisters.ORIGIN_FRAME;
        long sp = Definedness.gpr(area, RSP);
        long low = Ptr.getLong(frame);
        if (low != 0 && address >= low && address < Ptr.getLong(frame + 8)) {
            return (int) Ptr.getLong(frame + 24);
        }
        if (Long.compareUnsigned(address, sp - AddressMap.RED_ZONE) < 0 || Long.compareUnsigned(address, sp + FARTHEST) >= 0
                || !UnwindWalk.frame(Ptr.getLong(area + ThreadArea.EVENT_PC), sp, Definedness.gpr(area, RBP), address, frame)) {
            return 0;
        }
        if (low == 0 && Ptr.getLong(frame) == sp) {
            Ptr.putLong(frame, sp - AddressMap.RED_ZONE);
        }
        long end = Ptr.getLong(frame + 8);
        long hash = (end >>> 3 ^ Ptr.getLong(end - 8) << 20) * 0x9e37_79b9_7f4a_7c15L;
        int check = (int) (hash >>> 48) | 1;
        Ptr.putLong(frame + 24, check);
        return check;
    }

    private static long slot(long group, int probe) {
        return table + ((group * 0x9e37_79b9_7f4a_7c15L >>> 43) + probe & SLOTS - 1) * ENTRY;
    }

    private static long pageByte(long address) {
        return table + ENTRY * SLOTS + (address >>> 15 & PAGES / 8 - 1);
    }

    /** The entry of a group, or 0. */
    private static long find(long group) {
        for (int probe = 0; probe < PROBES; probe++) {
            long at = slot(group, probe);
            long key = Ptr.getLong(at);
            if (key << 16 >>> 16 == group) {
                return at;
            }
            if (key == 0) {
                return 0;
            }
        }
        return 0;
    }

    private static void put(long group, int check, long origin) {
        long at = find(group);
        for (int probe = 0; at == 0 && probe < PROBES; probe++) {
            at = Ptr.getLong(slot(group, probe)) == 0 ? slot(group, probe) : 0;
        }
        if (at == 0) {
            at = slot(group, (int) (group >>> 2) & PROBES - 1);
        }
        Ptr.putLong(at + 8, origin);
        Ptr.putLong(at, group | (long) check << 48);
        long page = pageByte(group);
        int bit = 1 << (int) (group >>> 12 & 7);
        if ((Ptr.getUnsignedByte(page) & bit) == 0) {
            Ptr.lockOrByte(page, bit);
        }
    }
}
