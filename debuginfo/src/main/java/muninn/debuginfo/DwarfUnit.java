// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.Arrays;

/** A compilation unit of {@code .debug_info}: its header, its bases, and reading of its entries. */
final class DwarfUnit {
    private static final int DW_AT_SIBLING = 0x01;
    private static final int DW_AT_NAME = 0x03;
    private static final int DW_AT_STMT_LIST = 0x10;
    private static final int DW_AT_LOW_PC = 0x11;
    private static final int DW_AT_HIGH_PC = 0x12;
    private static final int DW_AT_COMP_DIR = 0x1b;
    private static final int DW_AT_ABSTRACT_ORIGIN = 0x31;
    private static final int DW_AT_SPECIFICATION = 0x47;
    private static final int DW_AT_RANGES = 0x55;
    private static final int DW_AT_CALL_FILE = 0x58;
    private static final int DW_AT_CALL_LINE = 0x59;
    private static final int DW_AT_LINKAGE_NAME = 0x6e;
    private static final int DW_AT_STR_OFFSETS_BASE = 0x72;
    private static final int DW_AT_ADDR_BASE = 0x73;
    private static final int DW_AT_RNGLISTS_BASE = 0x74;
    private static final int DW_AT_MIPS_LINKAGE_NAME = 0x2007;
    private static final int DW_AT_GNU_RANGES_BASE = 0x2132;
    private static final int DW_AT_GNU_ADDR_BASE = 0x2133;
    private static final int MOST_RANGES = 1 << 20;

    final DwarfSections sections;
    final int start;
    final int end;
    final int version;
    final int offsetSize;
    final int addressSize;
    final int firstEntry;
    private final long abbreviationsAt;
    private Abbreviations abbreviations;

    private long stringBase;
    private long addressBase;
    private long rangeBase;
    private long low;
    String name;
    String directory;
    long statements = -1;
    /** Pairs of {start, end} that the unit covers. */
    long[] ranges = {};

    LineTable lineTable;
    FunctionTree functions;

    /** Reads the header at the cursor and moves the cursor behind the unit. */
    DwarfUnit(DwarfSections sections, Cursor c) {
        this.sections = sections;
        start = c.at;
        long length = c.initialLength();
        if (length > c.remaining()) {
            throw new BrokenInput("unit cut off");
        }
        end = c.at + (int) length;
        offsetSize = c.offsetSize;
        int given = 0;
        int address = 8;
        long abbreviationsOffset = -1;
        int first = end;
        try {
            given = c.u16();
            if (given == 5) {
                int kind = c.u8();
                address = c.u8();
                abbreviationsOffset = c.offset();
                // Skeletons and split units carry an id, type units a signature and an offset.
                c.skip(kind == 4 || kind == 5 ? 8 : kind == 2 || kind == 6 ? 8 + offsetSize : 0);
                first = c.at;
            } else if (given >= 2 && given <= 4) {
                abbreviationsOffset = c.offset();
                address = c.u8();
                first = c.at;
            }
        } catch (BrokenInput e) {
            abbreviationsOffset = -1;
        }
        version = given;
        addressSize = address;
        abbreviationsAt = abbreviationsOffset;
        firstEntry = Math.min(first, end);
        c.at = end;
    }

    /** Reads the root entry: name, directory, bases, ranges. A broken root leaves a unit that covers nothing. */
    void readRoot() {
        try {
            if (abbreviationsAt < 0) {
                return;
            }
            abbreviations = new Abbreviations(sections.abbreviations(), abbreviationsAt);
            Entry root = new Entry();
            // Two passes: the bases may stand behind the attributes that need them.
            Cursor c = cursor(firstEntry);
            read(c, root);
            stringBase = root.stringBase >= 0 ? root.stringBase : version == 5 ? 2L * offsetSize : 0;
            addressBase = root.addressBase >= 0 ? root.addressBase : version == 5 ? 8 : 0;
            rangeBase = root.rangeBase >= 0 ? root.rangeBase : version == 5 ? 4 + 2L * offsetSize : 0;
            c.seek(firstEntry);
            read(c, root);
            name = root.name;
            directory = root.directory;
            statements = root.statements;
            low = root.hasLow ? root.low : 0;
            ranges = ranges(root);
        } catch (BrokenInput e) {
            ranges = new long[0];
        }
    }

    Cursor cursor(long at) {
        Cursor c = new Cursor(sections.info(), at, end);
        c.offsetSize = offsetSize;
        return c;
    }

    /** Reads the entry at the cursor; false for the null entry that ends a list of siblings. */
    boolean read(Cursor c, Entry e) {
        e.clear();
        long code = c.uleb();
        if (code == 0) {
            return false;
        }
        if (abbreviations == null) {
            throw new BrokenInput("unit without abbreviations");
        }
        Abbreviations.Shape shape = abbreviations.shape(code);
        e.tag = shape.tag();
        e.children = shape.children();
        int[] attributes = shape.attributes();
        for (int i = 0; i < attributes.length; i += 2) {
            int form = attributes[i + 1];
            if (form == Form.INDIRECT) {
                form = c.ulebInt();
            }
            attribute(c, e, attributes[i], form, shape.constants()[i >> 1]);
        }
        if (e.hasHigh && e.highIsLength) {
            e.high += e.low;
        }
        return true;
    }

    private void attribute(Cursor c, Entry e, int attribute, int form, long constant) {
        switch (attribute) {
            case DW_AT_SIBLING -> e.sibling = reference(c, form);
            case DW_AT_NAME -> e.name = string(c, form);
            case DW_AT_LINKAGE_NAME, DW_AT_MIPS_LINKAGE_NAME -> e.linkageName = string(c, form);
            case DW_AT_COMP_DIR -> e.directory = string(c, form);
            case DW_AT_STMT_LIST -> e.statements = number(c, form, constant);
            case DW_AT_LOW_PC -> {
                e.low = address(c, form);
                e.hasLow = true;
            }
            case DW_AT_HIGH_PC -> {
                e.hasHigh = true;
                e.highIsLength = !isAddress(form);
                e.high = e.highIsLength ? number(c, form, constant) : address(c, form);
            }
            case DW_AT_ABSTRACT_ORIGIN, DW_AT_SPECIFICATION -> e.origin = reference(c, form);
            case DW_AT_RANGES -> {
                e.rangesIndexed = form == Form.RNGLISTX;
                e.ranges = number(c, form, constant);
            }
            case DW_AT_CALL_FILE -> e.callFile = number(c, form, constant);
            case DW_AT_CALL_LINE -> e.callLine = number(c, form, constant);
            case DW_AT_STR_OFFSETS_BASE -> e.stringBase = number(c, form, constant);
            case DW_AT_ADDR_BASE, DW_AT_GNU_ADDR_BASE -> e.addressBase = number(c, form, constant);
            case DW_AT_RNGLISTS_BASE, DW_AT_GNU_RANGES_BASE -> e.rangeBase = number(c, form, constant);
            default -> Form.skip(c, form, version, addressSize);
        }
    }

    private long number(Cursor c, int form, long constant) {
        switch (form) {
            case Form.DATA1, Form.FLAG:
                return c.u8();
            case Form.DATA2:
                return c.u16();
            case Form.DATA4:
                return c.u32();
            case Form.DATA8:
                return c.u64();
            case Form.SDATA:
                return c.sleb();
            case Form.UDATA, Form.RNGLISTX:
                return c.uleb();
            case Form.SEC_OFFSET:
                return c.offset();
            case Form.IMPLICIT_CONST:
                return constant;
            default:
                Form.skip(c, form, version, addressSize);
                return -1;
        }
    }

    private static boolean isAddress(int form) {
        return form == Form.ADDR || form == Form.ADDRX || form >= Form.ADDRX1 && form <= Form.ADDRX4
            || form == Form.GNU_ADDR_INDEX;
    }

    private long address(Cursor c, int form) {
        return switch (form) {
            case Form.ADDR -> c.unsigned(addressSize);
            case Form.ADDRX, Form.GNU_ADDR_INDEX -> addressAt(c.uleb());
            case Form.ADDRX1 -> addressAt(c.u8());
            case Form.ADDRX2 -> addressAt(c.u16());
            case Form.ADDRX3 -> addressAt(c.u24());
            case Form.ADDRX4 -> addressAt(c.u32());
            default -> throw new BrokenInput("form of an address");
        };
    }

    private long addressAt(long index) {
        byte[] table = sections.addresses();
        long at = addressBase + index * addressSize;
        // A skeleton's first pass has no base yet; its answer is not used.
        return index < 0 || at < 0 || at + addressSize > table.length ? 0 : new Cursor(table, at, table.length).unsigned(addressSize);
    }

    /** Offset in .debug_info that a reference means, or -1 where it leads out of this file. */
    private long reference(Cursor c, int form) {
        switch (form) {
            case Form.REF1:
                return start + (long) c.u8();
            case Form.REF2:
                return start + (long) c.u16();
            case Form.REF4:
                return start + c.u32();
            case Form.REF8:
                return start + c.u64();
            case Form.REF_UDATA:
                return start + c.uleb();
            case Form.REF_ADDR:
                return version <= 2 ? c.unsigned(addressSize) : c.offset();
            default:
                Form.skip(c, form, version, addressSize);
                return -1;
        }
    }

    private String string(Cursor c, int form) {
        switch (form) {
            case Form.STRING:
                return c.string();
            case Form.STRP:
                return Cursor.stringAt(sections.strings(), c.offset());
            case Form.LINE_STRP:
                return Cursor.stringAt(sections.lineStrings(), c.offset());
            case Form.STRX, Form.GNU_STR_INDEX:
                return indexedString(c.uleb());
            case Form.STRX1:
                return indexedString(c.u8());
            case Form.STRX2:
                return indexedString(c.u16());
            case Form.STRX3:
                return indexedString(c.u24());
            case Form.STRX4:
                return indexedString(c.u32());
            default:
                Form.skip(c, form, version, addressSize);
                return null;
        }
    }

    private String indexedString(long index) {
        byte[] table = sections.stringOffsets();
        long at = stringBase + index * offsetSize;
        if (index < 0 || at < 0 || at + offsetSize > table.length) {
            return null;
        }
        return Cursor.stringAt(sections.strings(), new Cursor(table, at, table.length).unsigned(offsetSize));
    }

    /** Pairs of {start, end} that an entry covers; empty for none. */
    long[] ranges(Entry e) {
        if (e.ranges >= 0) {
            return version >= 5 ? rangeList(e) : oldRanges(e.ranges);
        }
        return e.hasLow && e.hasHigh && Long.compareUnsigned(e.low, e.high) < 0 ? new long[] {e.low, e.high} : new long[0];
    }

    private long[] oldRanges(long at) {
        byte[] section = sections.ranges();
        Cursor c = new Cursor(section, at, section.length);
        long[] found = new long[8];
        int n = 0;
        long base = low;
        while (n < MOST_RANGES) {
            long from = c.unsigned(addressSize);
            long to = c.unsigned(addressSize);
            if (from == 0 && to == 0) {
                break;
            }
            if (from == -1L) {
                base = to;
                continue;
            }
            found = add(found, n, base + from, base + to);
            n += 2;
        }
        return Arrays.copyOf(found, n);
    }

    private long[] rangeList(Entry e) {
        byte[] section = sections.rangeLists();
        long at = e.ranges;
        if (e.rangesIndexed) {
            at = rangeBase + new Cursor(section, rangeBase + e.ranges * offsetSize, section.length).unsigned(offsetSize);
        }
        Cursor c = new Cursor(section, at, section.length);
        long[] found = new long[8];
        int n = 0;
        long base = low;
        while (n < MOST_RANGES) {
            int kind = c.u8();
            long from;
            long to;
            switch (kind) {
                case 0 -> {
                    return Arrays.copyOf(found, n);
                }
                case 1 -> {
                    base = addressAt(c.uleb());
                    continue;
                }
                case 2 -> {
                    from = addressAt(c.uleb());
                    to = addressAt(c.uleb());
                }
                case 3 -> {
                    from = addressAt(c.uleb());
                    to = from + c.uleb();
                }
                case 4 -> {
                    from = base + c.uleb();
                    to = base + c.uleb();
                }
                case 5 -> {
                    base = c.unsigned(addressSize);
                    continue;
                }
                case 6 -> {
                    from = c.unsigned(addressSize);
                    to = c.unsigned(addressSize);
                }
                case 7 -> {
                    from = c.unsigned(addressSize);
                    to = from + c.uleb();
                }
                default -> throw new BrokenInput("unknown range entry");
            }
            found = add(found, n, from, to);
            n += 2;
        }
        return Arrays.copyOf(found, n);
    }

    private static long[] add(long[] list, int n, long from, long to) {
        long[] room = n + 2 > list.length ? Arrays.copyOf(list, 2 * list.length) : list;
        room[n] = from;
        room[n + 1] = Long.compareUnsigned(from, to) < 0 ? to : from;
        return room;
    }

    static boolean covers(long[] ranges, long vaddr) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (Long.compareUnsigned(vaddr, ranges[i]) >= 0 && Long.compareUnsigned(vaddr, ranges[i + 1]) < 0) {
                return true;
            }
        }
        return false;
    }
}
