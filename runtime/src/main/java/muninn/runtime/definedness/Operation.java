// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

/** What an instruction does to undefined bits. Operands: d the destination, a, b, c the sources of the descriptor. */
public final class Operation {
    /** Every bit that is written is undefined if any bit that is read is: for all that has no rule of its own. */
    public static final int ANY = 0;

    // -- general registers
    /** d = a, with zeros above. */
    public static final int MOVE = 1;
    public static final int SIGN_EXTEND = 2;
    /** d = address of the memory operand. */
    public static final int ADDRESS = 3;
    public static final int ADD = 4;
    public static final int SUBTRACT = 5;
    /** With carry; parameter 1: only with CF as flag (adcx), 2: with OF (adox). */
    public static final int ADD_CARRY = 6;
    public static final int SUBTRACT_BORROW = 7;
    public static final int COMPARE = 8;
    public static final int NEGATE = 9;
    public static final int INCREMENT = 10;
    public static final int DECREMENT = 11;
    public static final int AND = 12;
    public static final int OR = 13;
    public static final int XOR = 14;
    public static final int TEST = 15;
    public static final int AND_NOT = 16;
    /** d, or, with parameter 1, no flags (shlx and its like). */
    public static final int SHIFT_LEFT = 17;
    public static final int SHIFT_RIGHT = 18;
    public static final int SHIFT_ARITHMETIC = 19;
    public static final int ROTATE_LEFT = 20;
    public static final int ROTATE_RIGHT = 21;
    public static final int ROTATE_CARRY_LEFT = 22;
    public static final int ROTATE_CARRY_RIGHT = 23;
    public static final int SHIFT_DOUBLE_LEFT = 24;
    public static final int SHIFT_DOUBLE_RIGHT = 25;
    /** Two or three operands. */
    public static final int MULTIPLY = 26;
    /** rdx:rax = rax * a; bytes into ax. */
    public static final int MULTIPLY_WIDE = 27;
    public static final int DIVIDE = 28;
    public static final int BYTE_SWAP = 29;
    public static final int BIT_TEST = 30;
    /** Parameter: 1 set, 2 reset, 3 complement. */
    public static final int BIT_CHANGE = 31;
    /** bsf, and tzcnt with parameter 1. */
    public static final int SCAN_FORWARD = 32;
    /** bsr, and lzcnt with parameter 1. */
    public static final int SCAN_REVERSE = 33;
    public static final int POPULATION = 34;
    /** Parameter: condition. */
    public static final int SET_IF = 35;
    public static final int MOVE_IF = 36;
    public static final int JUMP_IF = 37;
    /** d and b exchange. */
    public static final int EXCHANGE = 38;
    public static final int EXCHANGE_ADD = 39;
    public static final int COMPARE_EXCHANGE = 40;
    public static final int COMPARE_EXCHANGE_DOUBLE = 41;
    /** cbw, cwde, cdqe. */
    public static final int WIDEN_RAX = 42;
    /** cwd, cdq, cqo. */
    public static final int SIGN_TO_RDX = 43;
    public static final int LOAD_FLAGS = 44;
    public static final int STORE_FLAGS = 45;
    public static final int PUSH_FLAGS = 46;
    public static final int POP_FLAGS = 47;
    public static final int PUSH = 48;
    public static final int POP = 49;
    public static final int LEAVE = 50;
    public static final int RETURN = 51;
    /** Jump or call to a. */
    public static final int JUMP_TO = 52;
    /** Parameter 1: counts rcx down; 2: and reads ZF. */
    public static final int LOOP = 53;
    public static final int COMPLEMENT_CARRY = 54;
    /** Flags in {@link Descriptor#IMMEDIATE} become defined. */
    public static final int DEFINE_FLAGS = 55;
    /** blsr, blsi, blsmsk. */
    public static final int LOWEST_BIT = 56;
    public static final int BIT_FIELD = 57;
    public static final int ZERO_HIGH = 58;
    public static final int DEPOSIT = 59;
    public static final int EXTRACT = 60;
    /** d and the second destination b = rdx * a. */
    public static final int MULTIPLY_TWO = 61;
    /** All that is written becomes defined: cpuid, rdtsc, constants. */
    public static final int DEFINE = 62;
    public static final int TRANSLATE_BYTE = 63;

    // -- strings; parameter: 1 rep or repe, 2 repne
    public static final int STRING_MOVE = 64;
    public static final int STRING_STORE = 65;
    public static final int STRING_LOAD = 66;
    public static final int STRING_COMPARE = 67;
    public static final int STRING_SCAN = 68;
    /** ins, outs. */
    public static final int STRING_PORT = 69;

    // -- vectors, MMX and mask registers
    /** The template has computed the result. */
    public static final int BY_TEMPLATE = 80;
    /** Bits of all sources together. */
    public static final int UNION = 81;
    public static final int VECTOR_AND = 82;
    public static final int VECTOR_OR = 83;
    public static final int VECTOR_AND_NOT = 84;
    /** Elements of SIZE bytes by themselves. */
    public static final int LANES = 85;
    /** The lowest element, the rest of a. */
    public static final int LOWEST_LANE = 86;
    public static final int LANES_EQUAL = 87;
    /** Element i of SIZE bytes from element i of PARAMETER bytes. */
    public static final int CONVERT = 88;
    /** As {@link #CONVERT} for the lowest, the rest of a. */
    public static final int CONVERT_LOWEST = 89;
    /** Saturating packs from elements of SIZE bytes. */
    public static final int PACK = 90;
    /** In each 16 bytes everything from everything. */
    public static final int BLOCKS = 91;
    /** Bit i of a mask from element i. */
    public static final int TO_MASK = 92;
    public static final int TO_MASK_EQUAL = 93;
    /** Status flags from everything. */
    public static final int FLAGS_FROM_ALL = 94;
    /** ptest and its like. */
    public static final int VECTOR_TEST = 95;
    public static final int ZERO_UPPERS = 96;
    public static final int ZERO_ALL = 97;
    /** Loads and stores of elements chosen by a mask register, or by the signs of a. */
    public static final int MASKED_LOAD = 98;
    public static final int MASKED_STORE = 99;
    public static final int GATHER = 100;
    public static final int SCATTER = 101;
    /** pcmpistri and its like; parameter: immediate. */
    public static final int STRING_INDEX = 102;
    public static final int MASK_SHIFT_LEFT = 103;
    public static final int MASK_SHIFT_RIGHT = 104;
    public static final int MASK_UNPACK = 105;
    public static final int MASK_NOT = 106;
    /** kortest. */
    public static final int MASK_OR_TEST = 107;
    /** ktest. */
    public static final int MASK_TEST = 108;
    /** Any function of three bits, its table in the immediate. */
    public static final int VECTOR_TERNARY = 109;
    /** Smaller of elements; parameter 1: larger, 2: signed. */
    public static final int LANES_EXTREME = 110;

    // -- x87
    public static final int X87_LOAD = 112;
    /** Parameter: how many are popped. */
    public static final int X87_STORE = 113;
    public static final int X87_OPERATE = 114;
    public static final int X87_COMPARE = 115;
    public static final int X87_EXCHANGE = 116;
    public static final int X87_STATUS = 117;
    public static final int X87_DEFINE = 118;
    public static final int X87_CONDITIONAL = 119;

    private Operation() {}
}
