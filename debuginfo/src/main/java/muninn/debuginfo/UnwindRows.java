// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import muninn.runtime.UnwindWalk;

/**
 * The compact unwind rows of an ELF file, for searches in the controller: for each change of the rules a pc and one packed
 * rule, in the form that {@link UnwindWalk} documents. Made by {@link UnwindTableBuilder}.
 */
public final class UnwindRows {
    private final long base;
    private final int[] table;

    private UnwindRows(long base, int[] table) {
        this.base = base;
        this.table = table;
    }

    /** Rows of the file; empty if it has none. */
    public static UnwindRows of(ElfFile elf) {
        return new UnwindRows(elf.lowestAddress(), UnwindTableBuilder.build(elf));
    }

    public int count() {
        return table.length / 2;
    }

    /** Address in the file from which the row's rule holds. */
    public long pc(int row) {
        return base + (table[2 * row] & 0xffff_ffffL);
    }

    /** The packed rule of a row. */
    public int rule(int row) {
        return table[2 * row + 1];
    }

    /** The rule that holds at an address of the file; 0 (stop) where none is known. */
    public int ruleAt(long pc) {
        long offset = pc - base;
        if (offset < 0 || offset >>> 32 != 0) {
            return 0;
        }
        int low = 0;
        int high = count();
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (Integer.compareUnsigned(table[2 * mid], (int) offset) <= 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low == 0 ? 0 : rule(low - 1);
    }
}
