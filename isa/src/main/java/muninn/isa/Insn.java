// SPDX-License-Identifier: MIT
package muninn.isa;

/**
 * One decoded instruction and its facts. Immutable once {@link Decoder#decode} has returned it.
 *
 * <p>Facts are those of the instruction set, not of one execution: an instruction that writes a register only under a
 * condition both reads and writes it.
 */
public final class Insn {
    /** No register. */
    public static final int NO_REG = -1;
    /** The base is the address of the next instruction. */
    public static final int RIP = -2;

    public static final int VECTOR_NONE = 0;
    public static final int VECTOR_MMX = 1;
    public static final int VECTOR_X87 = 2;
    public static final int VECTOR_SSE = 3;
    public static final int VECTOR_AVX = 4;
    public static final int VECTOR_AVX512 = 5;
    /** AMX tiles. */
    public static final int VECTOR_TILE = 6;

    static final int PREFIX_LOCK = 1;
    static final int PREFIX_REPNE = 2;
    static final int PREFIX_REP = 4;
    static final int PREFIX_66 = 8;
    static final int PREFIX_67 = 16;
    static final int PREFIX_FS = 32;
    static final int PREFIX_GS = 64;
    static final int PREFIX_3E = 128;

    static final int ENCODING_LEGACY = 0;
    static final int ENCODING_VEX = 1;
    static final int ENCODING_EVEX = 2;
    static final int ENCODING_XOP = 3;

    private static final Flow[] FLOWS = Flow.values();

    private final long address;
    /** Bytes 0..7 and 8..14, the first in the low bits. */
    private long low;
    private long high;
    private int length;

    // Set by Decoder; offsets count from the first byte of the instruction.
    boolean truncated;
    boolean invalid;
    int start;
    int prefixes;
    int encoding;
    int rex;
    int map;
    int opcode;
    int modRm;
    int modRmOffset = -1;
    int sib;
    int vvvv;
    int vectorLength;
    int opmask;
    boolean zeroing;
    boolean evexB;
    int evexR;
    int evexV;
    int operandSize;
    boolean hasMemory;
    int memBase = NO_REG;
    int memIndex = NO_REG;
    int memScale;
    long memDisp;
    int dispOffset;
    int dispSize;
    int immediateOffset;
    int immediateSize;
    int row = -1;

    // Set by Facts.
    long traits;
    long operands;
    int flow;
    int memSize;
    int memAccess;
    int gprReads;
    int gprWrites;
    int flagsRead;
    int flagsWritten;
    int flagsUndefined;

    Insn(long address) {
        this.address = address;
    }

    void setBytes(byte[] code, int offset, int count) {
        length = count;
        long word = 0;
        int n = count < 8 ? count : 8;
        for (int i = n - 1; i >= 0; i--) {
            word = word << 8 | code[offset + i] & 0xff;
        }
        low = word;
        if (count > 8) {
            word = 0;
            for (int i = count - 1; i >= 8; i--) {
                word = word << 8 | code[offset + i] & 0xff;
            }
            high = word;
        }
    }

    /** Client address of the first byte. */
    public long address() {
        return address;
    }

    /** Bytes, 1..15; 0 if truncated. */
    public int length() {
        return length;
    }

    /** The bytes ended before the instruction did. */
    public boolean isTruncated() {
        return truncated;
    }

    /** The table has this instruction; else the facts say that it may read and write everything. */
    public boolean isKnown() {
        return row >= 0 && !invalid && (traits & InsnTable.VENDOR) == 0;
    }

    /** Byte {@code i}, 0..255; {@code i} from 0 below {@link #length()}. */
    public int byteAt(int i) {
        return (int) ((i < 8 ? low >>> (i << 3) : high >>> ((i - 8) << 3)) & 0xff);
    }

    public void copyTo(byte[] dst, int at) {
        for (int i = 0; i < length; i++) {
            dst[at + i] = (byte) byteAt(i);
        }
    }

    /** Lower case, Intel style, without prefixes such as rep; {@code (bad)} if the bytes are no instruction we know. */
    public String mnemonic() {
        return row >= 0 && !invalid ? InsnTable.name(row) : "(bad)";
    }

    public Flow flow() {
        return FLOWS[flow];
    }

    /** Direct flows: the absolute address of the target; 0 for all others. */
    public long target() {
        return switch (flow()) {
            case JUMP, BRANCH, LOOP, CALL, XBEGIN -> address + length + immediate();
            default -> 0;
        };
    }

    /** Low nibble of the opcode, 0..15: the condition of jcc, setcc and cmovcc. */
    public int condition() {
        return opcode & 15;
    }

    public boolean hasLock() {
        return (prefixes & PREFIX_LOCK) != 0;
    }

    public boolean hasRepne() {
        return (prefixes & PREFIX_REPNE) != 0;
    }

    public boolean hasRep() {
        return (prefixes & PREFIX_REP) != 0;
    }

    /** 4 fs, 5 gs, else -1: the other segments have base 0 in 64-bit mode. */
    public int segment() {
        return (prefixes & (PREFIX_FS | PREFIX_GS)) == 0 ? -1 : (prefixes & PREFIX_FS) != 0 ? 4 : 5;
    }

    /** Bytes of the integer operation: 1, 2, 4, 8; 0 where that means nothing. */
    public int operandSize() {
        int code = (int) (traits >>> InsnTable.TRAIT_OPERAND_SIZE) & 31;
        return code == 0 ? 0 : Facts.size(this, code);
    }

    /** Bytes of an address: 8, or 4 with prefix 67. */
    public int addressSize() {
        return (prefixes & PREFIX_67) != 0 ? 4 : 8;
    }

    /** An operand is an address: ModRM.mod below 3 or moffs. It need not be accessed, see {@link #memSize()}. */
    public boolean hasMemory() {
        return hasMemory;
    }

    /** 0..15, {@link #NO_REG} or {@link #RIP}. */
    public int memBase() {
        return memBase;
    }

    /** 0..15 or {@link #NO_REG}; 0..31 if {@link #memIndexIsVector()}. */
    public int memIndex() {
        return memIndex;
    }

    public boolean memIndexIsVector() {
        return hasMemory && (traits & InsnTable.VSIB) != 0;
    }

    /** 1, 2, 4 or 8; 0 without memory. */
    public int memScale() {
        return memScale;
    }

    /** Sign-extended, after scaling of a compressed displacement; relative to the end of the instruction if rip-relative. */
    public long memDisp() {
        return memDisp;
    }

    public boolean isRipRelative() {
        return memBase == RIP;
    }

    /** Address of a rip-relative operand; cut to 32 bits with prefix 67. */
    public long ripTarget() {
        long target = address + length + memDisp;
        return (prefixes & PREFIX_67) != 0 ? target & 0xffffffffL : target;
    }

    /** Where the displacement bytes are; meaningful if {@link #dispSize()} is not 0. */
    public int dispOffset() {
        return dispOffset;
    }

    /** Bytes of displacement: 0, 1, 4, or 4 or 8 for moffs. */
    public int dispSize() {
        return dispSize;
    }

    /** Where ModRM is, or -1. */
    public int modRmOffset() {
        return modRmOffset;
    }

    /** Where the immediate (or branch displacement) is; meaningful if {@link #immediateSize()} is not 0. */
    public int immediateOffset() {
        return immediateOffset;
    }

    /** All immediate bytes together: 0..4 or 8. */
    public int immediateSize() {
        return immediateSize;
    }

    /** The immediate bytes, sign-extended from their size. */
    public long immediate() {
        long value = 0;
        for (int i = immediateSize - 1; i >= 0; i--) {
            value = value << 8 | byteAt(immediateOffset + i);
        }
        int unused = 64 - 8 * immediateSize;
        return immediateSize == 0 ? 0 : value << unused >> unused;
    }

    /**
     * Bytes that the explicit memory operand accesses; 0 if it is no access (lea, nop, prefetch, clflush). One element for
     * broadcast, gather and scatter. With {@link #isVariableSize()} the maximum that is known.
     */
    public int memSize() {
        return memSize;
    }

    /** Size depends on machine state (xsave, tile loads) or is not known. */
    public boolean isVariableSize() {
        return (traits & InsnTable.VARIABLE) != 0;
    }

    /** By the explicit memory operand. */
    public boolean readsMemory() {
        return (memAccess & Operand.READ) != 0;
    }

    /** By the explicit memory operand. */
    public boolean writesMemory() {
        return (memAccess & Operand.WRITE) != 0;
    }

    /** The access is under a mask: parts may not happen. */
    public boolean isMasked() {
        return (traits & InsnTable.MASKED) != 0 || hasMemory && opmask != 0;
    }

    /** Accesses memory that is neither an operand nor the stack nor a string (xlat, monitor, enclu, far transfers). */
    public boolean hasHiddenMemory() {
        return (traits & InsnTable.HIDDEN_MEMORY) != 0;
    }

    /** bt, bts, btr, btc of memory with the bit number in a register: accesses near the operand's address, any distance off. */
    public boolean isBitString() {
        return hasMemory && map == InsnTable.MAP_0F && (opcode & 0xe7) == 0xa3;
    }

    /** Bytes written below rsp by push, call, enter, pushf; 0 if none. */
    public int stackPush() {
        return stack(InsnTable.TRAIT_PUSH);
    }

    /** Bytes read at rsp by pop, ret, leave, popf; 0 if none. Immediate operands of ret are not counted. */
    public int stackPop() {
        return stack(InsnTable.TRAIT_POP);
    }

    private int stack(int trait) {
        int units = (int) (traits >>> trait) & 7;
        return units == 0 ? 0
            : units * ((traits & InsnTable.STACK64) != 0 ? 8 : Facts.size(this, Operand.SIZE_STACK));
    }

    /** movs, cmps, stos, lods, scas, ins, outs, and maskmov of SSE and MMX. */
    public boolean isString() {
        return (traits & InsnTable.STRING) != 0;
    }

    /** Reads memory at rsi. */
    public boolean readsRsi() {
        return stringAccess(Operand.STRING_SOURCE, Operand.READ);
    }

    /** Reads memory at rdi. */
    public boolean readsRdi() {
        return stringAccess(Operand.STRING_DESTINATION, Operand.READ);
    }

    /** Writes memory at rdi. */
    public boolean writesRdi() {
        return stringAccess(Operand.STRING_DESTINATION, Operand.WRITE);
    }

    private boolean stringAccess(int kind, int access) {
        if (isString()) {
            for (long o = operands; o != 0; o >>>= 16) {
                int operand = (int) o;
                if (Operand.kind(operand) == kind && (operand >>> 10 & access) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Bytes of one step of a string instruction; 0 for all others. */
    public int stringSize() {
        if (isString()) {
            for (long o = operands; o != 0; o >>>= 16) {
                int kind = Operand.kind((int) o);
                if (kind == Operand.STRING_SOURCE || kind == Operand.STRING_DESTINATION) {
                    return Facts.size(this, Operand.sizeCode((int) o));
                }
            }
        }
        return 0;
    }

    /** Bit i: reads general register i, or any part of it, also to form an address. */
    public int gprReads() {
        return gprReads;
    }

    /** Bit i: writes general register i. Writes of 8 or 16 bits and conditional writes are reads too. */
    public int gprWrites() {
        return gprWrites;
    }

    /** Bits of {@link Flags}. */
    public int flagsRead() {
        return flagsRead;
    }

    /** Bits of {@link Flags}, with those that are undefined afterwards. Conditionally written flags are read too. */
    public int flagsWritten() {
        return flagsWritten;
    }

    /** Part of {@link #flagsWritten()}: those the architecture leaves undefined. */
    public int flagsUndefined() {
        return flagsUndefined;
    }

    /** One of the {@code VECTOR_} constants: the register file beside the general registers that it uses. */
    public int vectorKind() {
        return (int) (traits >>> InsnTable.TRAIT_VECTOR) & 7;
    }

    /** Bytes of the vector length of VEX, XOP and EVEX encodings: 16, 32, 64; 0 for legacy encodings. */
    public int vectorLength() {
        return vectorLength;
    }

    /** ModRM.reg with all its extension bits: 0..31. */
    public int regNumber() {
        return modRm >>> 3 & 7 | (rex & 4) << 1 | evexR;
    }

    /** ModRM.rm as a register with all its extension bits: 0..31. */
    public int rmNumber() {
        return modRm & 7 | (rex & 1) << 3 | (encoding == ENCODING_EVEX ? (rex & 2) << 3 : 0);
    }

    /** Register in the low bits of the opcode: 0..15. */
    public int opcodeRegister() {
        return opcode & 7 | (rex & 1) << 3;
    }

    /** Register of VEX.vvvv, 0..31; 0 for legacy encodings. */
    public int vexNumber() {
        return vvvv;
    }

    /** EVEX mask register, 0: none. */
    public int opmask() {
        return opmask;
    }

    /** EVEX.z: masked elements become zero, not kept. */
    public boolean isZeroing() {
        return zeroing;
    }

    /** EVEX.b with memory: one element is repeated. */
    public boolean isBroadcast() {
        return evexB && hasMemory;
    }

    public boolean hasRex() {
        return encoding == ENCODING_LEGACY && rex != 0;
    }

    public boolean isEvex() {
        return encoding == ENCODING_EVEX;
    }

    /** VEX, EVEX or XOP: prefixes and register extension bits are in the payload. */
    public boolean isVectorEncoded() {
        return encoding != ENCODING_LEGACY;
    }

    /** Bytes of an element for masks and broadcasts: 1, 2, 4, 8; 0 where the instruction has none. */
    public int elementBytes() {
        int code = (int) (traits >>> InsnTable.TRAIT_ELEMENT) & 3;
        return code != 0 ? 1 << code : (traits & InsnTable.ELEMENT_BYTE) != 0 ? 1 : 0;
    }

    /** Number of operands in the table, 0..4. */
    public int operandCount() {
        int n = 0;
        for (long o = operands; o != 0; o >>>= 16) {
            n++;
        }
        return n;
    }

    /** Operand {@code i} in the form of {@link Operand}. */
    public int operand(int i) {
        return (int) (operands >>> (i << 4)) & 0xffff;
    }

    /** Bytes of operand {@code i}; for {@code r32/m8} forms that of the form at hand. */
    public int operandBytes(int i) {
        return Facts.size(this, Operand.sizeCode(operand(i)));
    }

    @Override
    public String toString() {
        return InsnPrinter.line(this);
    }
}
