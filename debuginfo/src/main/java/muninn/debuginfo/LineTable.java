// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The line table of a unit, made by running its line program (DWARF 5, 6.2). */
final class LineTable {
    private static final int MOST_ROWS = 1 << 24;

    private final DwarfSections sections;
    private final DwarfUnit unit;
    private int version;
    private final List<String> directories = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private final List<Integer> fileDirectories = new ArrayList<>();

    /** Rows in order of the program: a sequence's rows ascend and the last of them has file -1. */
    private long[] addresses = new long[256];
    private int[] rowFiles = new int[256];
    private int[] rowLines = new int[256];
    private int rows;
    private int sequenceStart;
    /** Finished sequences: first row, row behind the last. */
    private int[] sequences = new int[32];
    private int sequenceCount;

    LineTable(DwarfUnit unit) {
        this.unit = unit;
        this.sections = unit.sections;
        if (unit.statements < 0) {
            return;
        }
        try {
            read();
        } catch (BrokenInput e) {
            // Sequences that were finished before the damage stay.
            rows = sequenceStart;
        }
    }

    private void read() {
        byte[] section = sections.lines();
        Cursor c = new Cursor(section, unit.statements, section.length);
        long length = c.initialLength();
        c.end = (int) Math.min(c.end, c.at + length);
        version = c.u16();
        if (version < 2 || version > 5) {
            throw new BrokenInput("line table version");
        }
        int addressSize = unit.addressSize;
        if (version == 5) {
            addressSize = c.u8();
            c.skip(1);
        }
        long headerLength = c.offset();
        long program = c.at + headerLength;
        int minimum = c.u8();
        // Operations of a bundle (VLIW machines only; 1 here) and the default of is_stmt, which is not used.
        c.skip(version >= 4 ? 2 : 1);
        int lineBase = (byte) c.u8();
        int lineRange = c.u8();
        int opcodeBase = c.u8();
        byte[] operands = new byte[opcodeBase];
        for (int i = 1; i < opcodeBase; i++) {
            operands[i] = (byte) c.u8();
        }
        if (lineRange == 0 || opcodeBase == 0) {
            throw new BrokenInput("line table header");
        }
        if (version == 5) {
            readNames(c, true, addressSize);
            readNames(c, false, addressSize);
        } else {
            readOldNames(c);
        }
        c.seek(program);
        run(c, minimum, lineBase, lineRange, opcodeBase, operands);
    }

    private void readOldNames(Cursor c) {
        directories.add(unit.directory);
        for (String name = c.string(); !name.isEmpty(); name = c.string()) {
            directories.add(name);
        }
        // Files count from 1; the unit's own name stands in for 0.
        files.add(unit.name);
        fileDirectories.add(0);
        for (String name = c.string(); !name.isEmpty(); name = c.string()) {
            files.add(name);
            fileDirectories.add(c.ulebInt());
            c.uleb();
            c.uleb();
        }
    }

    private void readNames(Cursor c, boolean directory, int addressSize) {
        int formats = c.u8();
        int[] format = new int[2 * formats];
        for (int i = 0; i < format.length; i++) {
            format[i] = c.ulebInt();
        }
        int count = c.ulebInt();
        for (int n = 0; n < count && (formats > 0 && !c.atEnd()); n++) {
            String name = null;
            int home = 0;
            for (int i = 0; i < format.length; i += 2) {
                int form = format[i + 1];
                if (format[i] == 1) {
                    name = name(c, form, addressSize);
                } else if (format[i] == 2) {
                    home = switch (form) {
                        case Form.DATA1 -> c.u8();
                        case Form.DATA2 -> c.u16();
                        default -> c.ulebInt();
                    };
                } else {
                    Form.skip(c, form, 5, addressSize);
                }
            }
            if (directory) {
                directories.add(name);
            } else {
                files.add(name);
                fileDirectories.add(home);
            }
        }
    }

    private String name(Cursor c, int form, int addressSize) {
        switch (form) {
            case Form.STRING:
                return c.string();
            case Form.LINE_STRP:
                return Cursor.stringAt(sections.lineStrings(), c.offset());
            case Form.STRP:
                return Cursor.stringAt(sections.strings(), c.offset());
            default:
                Form.skip(c, form, 5, addressSize);
                return null;
        }
    }

    private void run(Cursor c, int minimum, int lineBase, int lineRange, int opcodeBase, byte[] operands) {
        long address = 0;
        int file = 1;
        int line = 1;
        int step = minimum;
        while (!c.atEnd()) {
            int op = c.u8();
            if (op >= opcodeBase) {
                int adjusted = op - opcodeBase;
                address += (long) (adjusted / lineRange) * step;
                line += lineBase + adjusted % lineRange;
                row(address, file, line);
                continue;
            }
            switch (op) {
                case 0 -> {
                    int size = c.ulebInt();
                    int next = c.at + size;
                    if (size > 0) {
                        int extended = c.u8();
                        if (extended == 1) {
                            row(address, -1, 0);
                            finishSequence();
                            address = 0;
                            file = 1;
                            line = 1;
                        } else if (extended == 2) {
                            address = c.unsigned(size - 1);
                        }
                    }
                    c.seek(next);
                }
                case 1 -> row(address, file, line);
                case 2 -> address += c.uleb() * step;
                case 3 -> line += (int) c.sleb();
                case 4 -> file = c.ulebInt();
                case 5, 12 -> c.uleb();
                case 6, 7, 10, 11 -> {
                    // statement, block, prologue and epilogue marks are of no use here
                }
                case 8 -> address += (long) ((255 - opcodeBase) / lineRange) * step;
                case 9 -> address += c.u16();
                default -> {
                    for (int i = 0; i < operands[op]; i++) {
                        c.uleb();
                    }
                }
            }
        }
    }

    private void row(long address, int file, int line) {
        if (rows == addresses.length) {
            if (rows >= MOST_ROWS) {
                throw new BrokenInput("too many line rows");
            }
            addresses = Arrays.copyOf(addresses, 2 * rows);
            rowFiles = Arrays.copyOf(rowFiles, 2 * rows);
            rowLines = Arrays.copyOf(rowLines, 2 * rows);
        }
        addresses[rows] = address;
        rowFiles[rows] = file;
        rowLines[rows++] = line;
    }

    private void finishSequence() {
        // Linkers set the address of discarded functions to 0.
        if (addresses[sequenceStart] == 0 || rows - sequenceStart < 2) {
            rows = sequenceStart;
            return;
        }
        if (2 * sequenceCount + 2 > sequences.length) {
            sequences = Arrays.copyOf(sequences, 2 * sequences.length);
        }
        sequences[2 * sequenceCount] = sequenceStart;
        sequences[2 * sequenceCount + 1] = rows;
        sequenceCount++;
        sequenceStart = rows;
    }

    /** Index of the row that holds at the address, or -1. */
    int find(long vaddr) {
        for (int s = 0; s < sequenceCount; s++) {
            int low = sequences[2 * s];
            int high = sequences[2 * s + 1];
            if (Long.compareUnsigned(vaddr, addresses[low]) < 0 || Long.compareUnsigned(vaddr, addresses[high - 1]) >= 0) {
                continue;
            }
            while (low < high) {
                int mid = (low + high) >>> 1;
                if (Long.compareUnsigned(addresses[mid], vaddr) <= 0) {
                    low = mid + 1;
                } else {
                    high = mid;
                }
            }
            return rowFiles[low - 1] < 0 ? -1 : low - 1;
        }
        return -1;
    }

    int line(int row) {
        return rowLines[row];
    }

    int file(int row) {
        return rowFiles[row];
    }

    /** The name of a file by its number in the table, as written there; null when unknown. */
    String fileName(long number) {
        return number < 0 || number >= files.size() ? null : files.get((int) number);
    }

    /** The directory of a file, made absolute by the unit's where possible; null when unknown. */
    String directory(long number) {
        if (number < 0 || number >= files.size()) {
            return null;
        }
        int home = fileDirectories.get((int) number);
        String name = home < 0 || home >= directories.size() ? null : directories.get(home);
        if (name == null || name.startsWith("/") || unit.directory == null) {
            return name;
        }
        return unit.directory + "/" + name;
    }
}
