// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

/**
 * The record that stands behind each instruction of a slow fragment and tells the step routine what the instruction does to undefined
 * bits. 64 bytes without addresses of their own, then the template if there is one: code that executes the instruction on the shadow
 * of its operands.
 */
public final class Descriptor {
    /** Unsigned 16 bits: one of the constants of {@link Operation}. */
    public static final int OPERATION = 0;
    /** Bytes of the operation, or of an element of vectors. */
    public static final int SIZE = 2;
    /** What it means depends on the operation. */
    public static final int PARAMETER = 3;
    /** An int. */
    public static final int FLAGS = 4;
    /** Registers of the address, signed: negative if there is none. */
    public static final int BASE = 8;
    public static final int INDEX = 9;
    /** Shift of the index. */
    public static final int SCALE = 10;
    /** Number of the mask register that masks the destination; 0 if none. */
    public static final int OPMASK = 11;
    /** Unsigned 16 bits: bytes that the memory operand accesses. */
    public static final int MEMORY_SIZE = 12;
    /** Bytes of an element that a mask bit stands for. */
    public static final int ELEMENT = 14;
    /** A long: displacement; relative to the instruction if {@link #PC_RELATIVE}. */
    public static final int DISPLACEMENT = 16;
    /** A long. */
    public static final int IMMEDIATE = 24;
    /** Four operands of four bytes, kind, number, bytes: the destination and up to three sources. */
    public static final int OPERANDS = 32;
    /** Two longs of dirty bits. */
    public static final int READS = 48;
    public static final int WRITES = 56;
    public static final int BYTES = 64;

    public static final int LOADS = 1;
    public static final int STORES = 2;
    /** Has a memory operand: its registers have to be defined. */
    public static final int ADDRESSED = 4;
    public static final int FS = 8;
    public static final int PC_RELATIVE = 0x10;
    public static final int ADDRESS32 = 0x20;
    /** Bytes of the destination vector above the operation become zero. */
    public static final int ZERO_UPPER = 0x40;
    /** Elements whose bit in the mask is 0 become zero instead of staying. */
    public static final int ZEROING = 0x80;
    /** The result does not depend on the sources, which are one register. */
    public static final int IDIOM = 0x100;
    /** One element of memory is repeated. */
    public static final int BROADCAST = 0x200;
    public static final int NEEDS_X87 = 0x2000;
    public static final int TEMPLATE = 0x4000;

    /** Kinds of operands. */
    public static final int NONE = 0;
    public static final int GPR = 1;
    /** ah, ch, dh, bh by the number of the whole register. */
    public static final int GPR_HIGH = 2;
    public static final int VECTOR = 3;
    public static final int MASK = 4;
    public static final int MMX = 5;
    public static final int MEMORY = 6;
    public static final int CONSTANT = 7;
    /** By position below the top of the x87 stack. */
    public static final int X87 = 8;

    private Descriptor() {}
}
