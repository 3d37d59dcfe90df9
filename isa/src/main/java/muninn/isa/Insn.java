// SPDX-License-Identifier: MIT
package muninn.isa;

/**
 * One decoded instruction. Lengths, control flow, memory operand and the registers named by ModRM are exact; register and flag
 * facts are on the safe side where {@link OpcodeFacts} has no entry.
 */
public final class Insn {
    public static final int NO_REG = -1;
    public static final int RIP = -2;

    final byte[] bytes = new byte[15];
    final long address;
    int length;
    boolean truncated;
    Flow flow = Flow.NEXT;
    long target;
    int condition;
    int segment = -1;
    boolean memory;
    int base = NO_REG;
    int index = NO_REG;
    int scale = 1;
    long disp;
    int dispOffset;
    int modRmOffset = -1;
    int gprs;
    int memSize;
    boolean reads;
    boolean writes;
    boolean masked;
    int addressSize = 8;
    boolean string;
    int flagsRead;
    int flagsWritten;

    Insn(long address) {
        this.address = address;
    }

    public long address() {
        return address;
    }

    /** 1 to 15; 0 if truncated. */
    public int length() {
        return length;
    }

    /** The bytes ended before the instruction did. */
    public boolean isTruncated() {
        return truncated;
    }

    public byte byteAt(int i) {
        return bytes[i];
    }

    public void copyTo(byte[] into, int at) {
        System.arraycopy(bytes, 0, into, at, length);
    }

    public Flow flow() {
        return flow;
    }

    /** Absolute target of a direct jump, branch, loop or call. */
    public long target() {
        return target;
    }

    /** Condition code of a BRANCH, 0 to 15. */
    public int condition() {
        return condition;
    }

    /** 4 for fs, 5 for gs, -1 otherwise. */
    public int segment() {
        return segment;
    }

    /** Has a memory operand in ModRM (also lea, nop, prefetch: see {@link #memSize()}). */
    public boolean hasMemory() {
        return memory;
    }

    /** Register number, {@link #NO_REG} or {@link #RIP}. */
    public int memBase() {
        return base;
    }

    public int memIndex() {
        return index;
    }

    public int memScale() {
        return scale;
    }

    public long memDisp() {
        return disp;
    }

    public boolean isRipRelative() {
        return base == RIP;
    }

    public long ripTarget() {
        return address + length + disp;
    }

    /** Where the displacement stands in the instruction. */
    public int dispOffset() {
        return dispOffset;
    }

    public int modRmOffset() {
        return modRmOffset;
    }

    /** Bytes accessed by the memory operand; 0 if it is no access, or one whose size is not known. */
    public int memSize() {
        return memSize;
    }

    public boolean readsMemory() {
        return reads;
    }

    public boolean writesMemory() {
        return writes;
    }

    /** The access may leave out parts (masks, gather): its size is an upper bound. */
    public boolean isMasked() {
        return masked;
    }

    /** 8, or 4 with an address-size prefix. */
    public int addressSize() {
        return addressSize;
    }

    /** movs, cmps, stos, lods, scas, ins, outs. */
    public boolean isString() {
        return string;
    }

    /** General registers that may be read: bit i is register i. */
    public int gprReads() {
        return gprs;
    }

    /** General registers that may be written. */
    public int gprWrites() {
        return gprs;
    }

    /** Status flags that may be read. */
    public int flagsRead() {
        return flagsRead;
    }

    /** Status flags that are certainly written (or undefined) afterwards. */
    public int flagsWritten() {
        return flagsWritten;
    }

    /** Address, bytes and flow. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(Long.toHexString(address)).append(':');
        for (int i = 0; i < length; i++) {
            s.append(' ').append(Integer.toHexString(bytes[i] & 0xff | 0x100).substring(1));
        }
        return s.append(' ').append(flow).toString();
    }
}
