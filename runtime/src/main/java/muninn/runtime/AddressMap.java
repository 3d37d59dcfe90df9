// SPDX-License-Identifier: MIT
package muninn.runtime;

/**
 * Where our own regions lie in the client's address space. The picture (DESIGN 3):
 *
 * <pre>
 * 0x0000_0010_0000  runtime image: code, constants, data, vector table   (below 4 MiB: free under every program)
 * 0x0000_0030_0000  lookup table                                       (private, copy-on-write at fork)
 * 0x1810_0000_0000  tables: heap metadata, stack contexts                (private, NORESERVE, copy-on-write at fork)
 * 0x1b00_0000_0000  bits of partly defined bytes                        (private, copy-on-write at fork)
 * 0x1b10_0000_0000  table of slow fragments                            (private, copy-on-write at fork)
 * 0x1c00_0000_0000  shared with the controller: mailboxes, unwind tables
 * 0x1d00_0000_0000  thread areas
 * 0x2000_0000_0000  shadow(a) = base + (a >> 2), 32 TiB
 * </pre>
 */
public final class AddressMap {
    /** Runtime image (code first, then data), at an address below 2 GiB so that {@code call [abs32]} reaches it. */
    public static final long RUNTIME_BASE = 0x10_0000L;
    public static final long RUNTIME_SIZE = 0x20_0000L;

    /** A page of client addresses that stand for replaced functions; nothing is there but ends of the world, should one be executed. */
    public static final long FUNCTIONS_BASE = RUNTIME_BASE + 0x1f_0000L;
    public static final long FUNCTIONS_SIZE = 0x1000;

    /**
     * Slow fragments by client pc: pairs of client pc and cache pc, searched from the slot that the low bits of the client pc name, over
     * {@link #SLOW_PROBES} slots in a row. Another thread may be writing a pair, so what it leads to is asked again which client pc it
     * stands for.
     */
    public static final long SLOW_TABLE = 0x1b10_0000_0000L;
    public static final int SLOW_SLOTS = 1 << 18;
    public static final int SLOW_PROBES = 4;
    public static final int SLOW_PAIR = 16;
    public static final long SLOW_SIZE = (long) SLOW_PAIR * (SLOW_SLOTS + SLOW_PROBES);

    /**
     * Lookup table client pc to cache pc: negated keys, then values, 8 bytes each, below 2 GiB so that fragments index
     * it with a 32-bit displacement. Slot of a client pc: its low 16 bits, then linear probing.
     */
    public static final long LOOKUP_KEYS = 0x30_0000L;
    public static final int LOOKUP_SLOTS = 1 << 16;
    public static final long LOOKUP_VALUES = LOOKUP_KEYS + 8L * LOOKUP_SLOTS;
    public static final long LOOKUP_SIZE = 16L * LOOKUP_SLOTS;

    /** Heap metadata and interned stack contexts of the allocator (system Java owns the layout inside). */
    public static final long TABLES_BASE = 0x1810_0000_0000L;
    public static final long TABLES_SIZE = 0x40_0000_0000L;

    /** Bits of partly defined bytes, then what the kernel reads and writes at system calls. */
    public static final long PARTIAL_BASE = 0x1b00_0000_0000L;
    public static final long SYSCALLS_BASE = PARTIAL_BASE + 0x200_0000L;
    public static final long PARTIAL_SIZE = 0x610_0000L;
    /** Stacks that the client has made known. */
    public static final long STACKS_BASE = PARTIAL_BASE + 0x300_0000L;
    public static final long STACKS_SIZE = 0x1_0000;
    /** Where undefined values came from. */
    public static final long ORIGINS_BASE = PARTIAL_BASE + 0x400_0000L;

    /** Mailboxes, one page each, shared with the controller. Page 0 is the doorbell page. */
    public static final long MAILBOX_BASE = 0x1c00_0000_0000L;
    public static final long MAILBOX_SIZE = 0x100_0000L;

    /** Compact unwind tables, written by the controller, read by the native unwinder. */
    public static final long UNWIND_BASE = 0x1c10_0000_0000L;
    public static final long UNWIND_SIZE = 0x4000_0000L;

    /** Every code arena is a piece of one memfd that is mapped here as a whole, and again near its module. */
    public static final long CODE_BASE = 0x1c80_0000_0000L;
    public static final long CODE_SIZE = 0x1_0000_0000L;

    /** Thread areas, {@link ThreadArea#SIZE} bytes each, one for each mailbox. */
    public static final long THREADS_BASE = 0x1d00_0000_0000L;
    public static final int THREADS = (int) (MAILBOX_SIZE / Mailbox.SIZE);

    /** Counters of tools that count: {@link #COUNTERS} longs for each thread area. */
    public static final long COUNTERS_BASE = 0x1e00_0000_0000L;
    public static final int COUNTERS = 1 << 21;
    public static final long COUNTERS_SIZE = 8L * COUNTERS * THREADS;

    /** First and last address of what is ours above the runtime image. */
    public static final long HIGH_START = 0x1800_0000_0000L;
    public static final long HIGH_END = 0x4000_0000_0000L;

    /** Default shadow base: {@code shadow(a) = SHADOW_BASE + (a >>> 2)}. */
    public static final long SHADOW_BASE = 0x2000_0000_0000L;
    public static final long SHADOW_SIZE = 0x2000_0000_0000L;

    /** Bytes below the stack pointer that a function may use without moving it (psABI 3.2.2). */
    public static final int RED_ZONE = 128;

    private AddressMap() {}
}
