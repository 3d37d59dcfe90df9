// SPDX-License-Identifier: MIT
package muninn.isa;

/** INTERIM decoder result of the lead; replaced by the isa branch. */
public final class Insn {
    byte[] b = new byte[15];
    long address; int length; boolean truncated; Flow flow = Flow.NEXT; long target; int condition; int segment = -1;
    boolean memory; int base = -1, index = -1, scale = 1; long disp; int dispOffset, dispSize, modRmOffset = -1; int gprs; boolean lock;
    public long address() { return address; }
    public int length() { return length; }
    public boolean isTruncated() { return truncated; }
    public byte byteAt(int i) { return b[i]; }
    public void copyTo(byte[] dst, int at) { System.arraycopy(b, 0, dst, at, length); }
    public Flow flow() { return flow; }
    public long target() { return target; }
    public int condition() { return condition; }
    public int segment() { return segment; }
    public boolean hasMemory() { return memory; }
    public int memBase() { return base; }
    public int memIndex() { return index; }
    public int memScale() { return scale; }
    public long memDisp() { return disp; }
    public boolean isRipRelative() { return base == -2; }
    public long ripTarget() { return address + length + disp; }
    public int dispOffset() { return dispOffset; }
    public int modRmOffset() { return modRmOffset; }
    public int memSize() { return 0; }
    public boolean readsMemory() { return false; }
    public boolean writesMemory() { return false; }
    public boolean isMasked() { return false; }
    public boolean memIndexIsVector() { return false; }
    public int addressSize() { return 8; }
    public boolean isString() { return false; }
    public int gprReads() { return gprs; }
    public int gprWrites() { return gprs; }
    public int flagsRead() { return Flags.STATUS; }
    public int flagsWritten() { return 0; }
    @Override public String toString() { StringBuilder s = new StringBuilder(Long.toHexString(address)).append(':'); for (int i = 0; i < length; i++) s.append(' ').append(Integer.toHexString(b[i] & 255 | 256).substring(1)); return s.append(' ').append(flow).toString(); }
}
