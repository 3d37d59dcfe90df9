// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/**
 * A section header.
 *
 * @param name    empty where the string table is broken
 * @param type    SHT_ number
 * @param flags   SHF_ bits
 * @param address as the file counts it
 * @param offset  of its bytes in the file
 * @param size    in the file; in memory for SHT_NOBITS
 * @param link    index of a related section
 * @param entry   size of a table entry, or 0
 */
public record Section(String name, int type, long flags, long address, long offset, long size, int link, long entry) {
    static final int SHT_SYMTAB = 2;
    static final int SHT_NOBITS = 8;
    static final int SHT_DYNSYM = 11;
    static final int SHT_GNU_VERDEF = 0x6fff_fffd;
    static final int SHT_GNU_VERSYM = 0x6fff_ffff;
    static final long SHF_EXECINSTR = 4;
    static final long SHF_COMPRESSED = 0x800;

    boolean isExecutable() {
        return (flags & SHF_EXECINSTR) != 0;
    }
}
