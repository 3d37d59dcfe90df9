// SPDX-License-Identifier: MIT
package muninn.runtime;

/**
 * The part of the thread area that knows which register bits are undefined. A shadow bit is 1 where the bit is undefined.
 *
 * <p>Invariant: the shadow of a register means something only while its bit in {@link #DIRTY} is set; else the register is wholly
 * defined whatever its shadow says. So code that overwrites a register with defined data only clears the bit.
 *
 * <pre>
 * 0x1800 shadow of general registers, flags, x87 status; scratch; masks, x87, vectors
 * 0x2300 values of vector, mask and x87 registers, those that a step needs
 * 0x2d80 scratch of a step
 * 0x2f80 origins
 * </pre>
 */
public final class ShadowRegisters {
    /** Which registers hold an undefined bit: 0..15 general, 16 flags, 17..48 vector, 49..56 mask, 57 x87 and MMX with their status. */
    public static final int DIRTY = 0x140;
    /** The client's FS base, stored before a step whose descriptor has {@code FS}. */
    public static final int FS_BASE = 0x148;

    public static final int DIRTY_FLAGS = 16;
    public static final int DIRTY_VECTOR = 17;
    public static final int DIRTY_MASK = 49;
    public static final int DIRTY_X87 = 57;

    /** 16 longs. */
    public static final int GPRS = 0x1800;
    /** At the positions of EFLAGS, and above them the conditions that {@code FlagBits} names. */
    public static final int FLAGS = 0x1880;
    /** Of the x87 status word. */
    public static final int X87_STATUS = 0x1888;
    /** Address of the memory operand of the step in progress. */
    public static final int ADDRESS = 0x1890;
    /** 8 longs. */
    public static final int MASKS = 0x18c0;
    /** 8 x 16 bytes, by physical number: MMX register i is number i, ST(i) is number TOP + i. */
    public static final int X87 = 0x1900;
    /** 32 x 64 bytes. */
    public static final int VECTORS = 0x1b00;
    /** Bytes from {@link #GPRS} on that hold the shadow of all registers. */
    public static final int REGISTER_BYTES = VECTORS + 32 * 64 - GPRS;

    /** Values, in the same form. */
    public static final int VECTOR_VALUES = 0x2300;
    public static final int MASK_VALUES = 0x2b00;
    /** As {@code fxsave64} writes it, 512 bytes. */
    public static final int X87_VALUES = 0x2b40;

    /** Scratch of 64 bytes each: shadow and value of the memory operand, the result, and what else is needed. */
    public static final int MEMORY_BITS = 0x2d80;
    public static final int MEMORY_VALUE = 0x2dc0;
    public static final int RESULT = 0x2e80;
    public static final int MERGE = 0x2ec0;
    /** 64 bytes that stay zero. */
    public static final int ZERO = 0x2f00;
    /** Where undefined values come from, one long for each bit of {@link #DIRTY}. */
    public static final int ORIGINS = 0x2f80;
    /** Of the step in progress, or of what is reported. */
    public static final int ORIGIN = 0x3180;
    /** The frame in which an origin was looked for last: start, end, pc, and a number of it. */
    public static final int ORIGIN_FRAME = 0x3188;

    private ShadowRegisters() {}
}
