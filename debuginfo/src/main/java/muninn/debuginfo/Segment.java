// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/**
 * A program header.
 *
 * @param type       PT_ number
 * @param flags      1 executable, 2 writable, 4 readable
 * @param offset     of its bytes in the file
 * @param address    as the file counts it
 * @param fileSize   bytes in the file
 * @param memorySize bytes in memory
 * @param alignment  of the address
 */
public record Segment(int type, int flags, long offset, long address, long fileSize, long memorySize, long alignment) {
    public static final int PT_LOAD = 1;
    public static final int PT_DYNAMIC = 2;
    public static final int PT_INTERP = 3;
    public static final int PT_NOTE = 4;
    public static final int PT_TLS = 7;
    public static final int PT_GNU_EH_FRAME = 0x6474_e550;
    public static final int PT_GNU_STACK = 0x6474_e551;

    public boolean isExecutable() {
        return (flags & 1) != 0;
    }

    boolean holds(long vaddr) {
        return Long.compareUnsigned(vaddr, address) >= 0 && Long.compareUnsigned(vaddr - address, fileSize) < 0;
    }
}
