// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Source lines of an ELF file: the rows of all programs in {@code .debug_line} (DWARF 2 to 5). A broken program costs itself only. */
public final class LineRows {
    private final byte[] data;
    private final byte[] lineStrings;
    private final byte[] strings;
    private long[] pcs = new long[256];
    /** File number and line, packed; -1 ends a sequence. */
    private long[] places = new long[256];
    private int count;
    private final List<String> files = new ArrayList<>();
    private int at;

    private LineRows(byte[] data, byte[] lineStrings, byte[] strings) {
        this.data = data;
        this.lineStrings = lineStrings;
        this.strings = strings;
    }

    /** Rows of the file; empty if it has none. */
    public static LineRows of(ElfFile elf) {
        LineRows rows = new LineRows(orEmpty(elf.content(".debug_line")), orEmpty(elf.content(".debug_line_str")),
                orEmpty(elf.content(".debug_str")));
        while (rows.at + 4 < rows.data.length) {
            int next = rows.data.length;
            try {
                long length = rows.fixed(4);
                boolean wide = length == 0xffff_ffffL;
                if (wide) {
                    length = rows.fixed(8);
                }
                next = (int) Math.min(rows.data.length, rows.at + length);
                rows.program(next, wide ? 8 : 4);
            } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
                // This program is broken; the next one need not be.
            }
            rows.at = next;
        }
        rows.sort();
        return rows;
    }

    private static byte[] orEmpty(byte[] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    /** Base name of the source file at a pc of the file, or {@code null}. */
    public String file(long pc) {
        int i = row(pc);
        return i < 0 ? null : files.get((int) (places[i] >>> 32));
    }

    /** Line at a pc, or 0. */
    public int line(long pc) {
        int i = row(pc);
        return i < 0 ? 0 : (int) places[i];
    }

    private int row(long pc) {
        int i = Arrays.binarySearch(pcs, 0, count, pc);
        if (i < 0) {
            i = -i - 2;
        }
        // The last row of equal addresses counts.
        while (i >= 0 && i + 1 < count && pcs[i + 1] == pcs[i]) {
            i++;
        }
        return i < 0 || places[i] == -1 ? -1 : i;
    }

    // ---- reading ----

    private long fixed(int bytes) {
        long v = 0;
        for (int i = 0; i < bytes; i++) {
            v |= (data[at + i] & 0xffL) << 8 * i;
        }
        at += bytes;
        return v;
    }

    private long uleb() {
        long v = 0;
        for (int shift = 0;; shift += 7) {
            int b = data[at++] & 0xff;
            v |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return v;
            }
        }
    }

    private long sleb() {
        long v = 0;
        for (int shift = 0;;) {
            int b = data[at++] & 0xff;
            v |= (long) (b & 0x7f) << shift;
            shift += 7;
            if (b < 0x80) {
                return shift < 64 && (b & 0x40) != 0 ? v | -1L << shift : v;
            }
        }
    }

    private static String string(byte[] from, int start) {
        int end = start;
        while (from[end] != 0) {
            end++;
        }
        return new String(from, start, end - start, StandardCharsets.UTF_8);
    }

    private String inlineString() {
        String s = string(data, at);
        while (data[at++] != 0) { }
        return s;
    }

    private void program(int end, int offsetSize) {
        int version = (int) fixed(2);
        if (version < 2 || version > 5) {
            return;
        }
        if (version == 5) {
            at += 2;
        }
        long headerLength = fixed(offsetSize);
        int start = (int) (at + headerLength);
        int minimum = (int) fixed(1);
        if (version >= 4) {
            at++;
        }
        at++;
        int lineBase = (byte) fixed(1);
        int lineRange = (int) fixed(1);
        int opcodeBase = (int) fixed(1);
        int[] lengths = new int[Math.max(opcodeBase, 1)];
        for (int i = 1; i < opcodeBase; i++) {
            lengths[i] = (int) fixed(1);
        }
        int first = files.size();
        if (version == 5) {
            entries(offsetSize, false);
            entries(offsetSize, true);
        } else {
            // Numbering starts at 1.
            files.add("???");
            while (data[at] != 0) {
                inlineString();
            }
            at++;
            while (data[at] != 0) {
                files.add(base(inlineString()));
                uleb();
                uleb();
                uleb();
            }
        }
        if (lineRange != 0) {
            at = start;
            run(end, minimum, lineBase, lineRange, opcodeBase, lengths, first);
        }
    }

    private static String base(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void entries(int offsetSize, boolean keep) {
        int formats = (int) fixed(1);
        long[] kinds = new long[formats * 2];
        for (int i = 0; i < formats * 2; i++) {
            kinds[i] = uleb();
        }
        long n = uleb();
        for (long i = 0; i < n; i++) {
            String path = "???";
            for (int f = 0; f < formats; f++) {
                String s = null;
                switch ((int) kinds[2 * f + 1]) {
                    case 0x08 -> s = inlineString();
                    case 0x1f -> s = string(lineStrings, (int) fixed(offsetSize));
                    case 0x0e -> s = string(strings, (int) fixed(offsetSize));
                    case 0x0b -> at++;
                    case 0x05 -> at += 2;
                    case 0x06 -> at += 4;
                    case 0x07 -> at += 8;
                    case 0x0f -> uleb();
                    case 0x1e -> at += 16;
                    case 0x09 -> {
                        long length = uleb();
                        at += (int) length;
                    }
                    default -> throw new IndexOutOfBoundsException();
                }
                if (kinds[2 * f] == 1 && s != null) {
                    path = s;
                }
            }
            if (keep) {
                files.add(base(path));
            }
        }
    }

    private void run(int end, int minimum, int lineBase, int lineRange, int opcodeBase, int[] lengths, int first) {
        long pc = 0;
        int file = 1;
        int line = 1;
        while (at < end) {
            int op = data[at++] & 0xff;
            if (op >= opcodeBase) {
                pc += (long) ((op - opcodeBase) / lineRange) * minimum;
                line += lineBase + (op - opcodeBase) % lineRange;
                add(pc, first + file, line);
                continue;
            }
            switch (op) {
                case 0 -> {
                    int length = (int) uleb();
                    int next = at + length;
                    int sub = length == 0 ? -1 : data[at++] & 0xff;
                    if (sub == 1) {
                        addRow(pc, -1);
                        pc = 0;
                        file = 1;
                        line = 1;
                    } else if (sub == 2) {
                        pc = fixed(length - 1);
                    }
                    at = next;
                }
                case 1 -> add(pc, first + file, line);
                case 2 -> pc += uleb() * minimum;
                case 3 -> line += (int) sleb();
                case 4 -> file = (int) uleb();
                case 8 -> pc += (long) ((255 - opcodeBase) / lineRange) * minimum;
                case 9 -> pc += fixed(2);
                default -> {
                    for (int i = 0; i < lengths[op]; i++) {
                        uleb();
                    }
                }
            }
        }
    }

    private void add(long pc, int file, int line) {
        addRow(pc, file >= 0 && file < files.size() ? (long) file << 32 | line & 0xffff_ffffL : -1);
    }

    private void addRow(long pc, long place) {
        if (count == pcs.length) {
            pcs = Arrays.copyOf(pcs, count * 2);
            places = Arrays.copyOf(places, count * 2);
        }
        pcs[count] = pc;
        places[count++] = place;
    }

    private void sort() {
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        // Stable; an end of sequence goes in front of rows that start at the same pc.
        Arrays.sort(order, (a, b) -> pcs[a] != pcs[b] ? Long.compare(pcs[a], pcs[b])
                : Boolean.compare(places[a] != -1, places[b] != -1));
        long[] p = new long[count];
        long[] q = new long[count];
        for (int i = 0; i < count; i++) {
            p[i] = pcs[order[i]];
            q[i] = places[order[i]];
        }
        pcs = p;
        places = q;
    }
}
