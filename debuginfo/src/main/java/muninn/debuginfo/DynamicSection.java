// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.ArrayList;
import java.util.List;

/**
 * The dynamic section, found by its program header as ld.so does, so that it works without section headers. Lookups by
 * name go through {@code DT_GNU_HASH} and touch a few words only.
 */
public final class DynamicSection {
    private static final int DT_NEEDED = 1;
    private static final int DT_HASH = 4;
    private static final int DT_STRTAB = 5;
    private static final int DT_SYMTAB = 6;
    private static final int DT_STRSZ = 10;
    private static final int DT_SONAME = 14;
    private static final long DT_GNU_HASH = 0x6fff_fef5L;
    private static final long DT_VERSYM = 0x6fff_fff0L;
    private static final long DT_VERDEF = 0x6fff_fffcL;
    private static final long DT_VERDEFNUM = 0x6fff_fffdL;

    private static final int SYMBOL_SIZE = 24;
    private static final byte[] NOTHING = {};

    private final ElfFile file;
    private byte[] strings = NOTHING;
    private byte[] symbols = NOTHING;
    private byte[] hash = NOTHING;
    private boolean gnu;
    private byte[] versions = NOTHING;
    private String[] versionNames = {};
    private String soname;
    private final List<String> needed = new ArrayList<>();

    DynamicSection(ElfFile file) {
        this.file = file;
        for (Segment segment : file.segments()) {
            if (segment.type() == Segment.PT_DYNAMIC) {
                try {
                    read(new Cursor(file.fileBytes(segment.offset(), segment.fileSize())));
                } catch (BrokenInput e) {
                    file.report("dynamic section: " + e.getMessage());
                }
                return;
            }
        }
    }

    private void read(Cursor c) {
        long stringsAt = 0;
        long stringsSize = 0;
        long symbolsAt = 0;
        long gnuHashAt = 0;
        long hashAt = 0;
        long versionsAt = 0;
        long definitionsAt = 0;
        long definitions = 0;
        long sonameAt = -1;
        List<Long> neededAt = new ArrayList<>();
        while (c.remaining() >= 16) {
            long tag = c.u64();
            long value = c.u64();
            if (tag == 0) {
                break;
            } else if (tag == DT_STRTAB) {
                stringsAt = value;
            } else if (tag == DT_STRSZ) {
                stringsSize = value;
            } else if (tag == DT_SYMTAB) {
                symbolsAt = value;
            } else if (tag == DT_GNU_HASH) {
                gnuHashAt = value;
            } else if (tag == DT_HASH) {
                hashAt = value;
            } else if (tag == DT_VERSYM) {
                versionsAt = value;
            } else if (tag == DT_VERDEF) {
                definitionsAt = value;
            } else if (tag == DT_VERDEFNUM) {
                definitions = value;
            } else if (tag == DT_SONAME) {
                sonameAt = value;
            } else if (tag == DT_NEEDED) {
                neededAt.add(value);
            }
        }
        strings = file.bytesAt(stringsAt, stringsSize);
        soname = sonameAt < 0 ? null : Cursor.stringAt(strings, sonameAt);
        for (long at : neededAt) {
            String name = Cursor.stringAt(strings, at);
            if (name != null) {
                needed.add(name);
            }
        }
        // The tables have no sizes of their own: they end before the string table, or with their segment.
        long symbolsEnd = Long.compareUnsigned(stringsAt, symbolsAt) > 0 ? stringsAt - symbolsAt : Integer.MAX_VALUE;
        symbols = symbolsAt == 0 ? NOTHING : file.bytesAt(symbolsAt, symbolsEnd);
        gnu = gnuHashAt != 0;
        long tableAt = gnu ? gnuHashAt : hashAt;
        long tableEnd = Long.compareUnsigned(symbolsAt, tableAt) > 0 ? symbolsAt - tableAt : Integer.MAX_VALUE;
        hash = tableAt == 0 ? NOTHING : file.bytesAt(tableAt, tableEnd);
        if (versionsAt != 0) {
            versions = file.bytesAt(versionsAt, symbols.length / SYMBOL_SIZE * 2L);
            readDefinitions(definitionsAt, definitions);
        }
    }

    private void readDefinitions(long at, long count) {
        if (at == 0) {
            return;
        }
        Cursor c = new Cursor(file.bytesAt(at, Integer.MAX_VALUE));
        versionNames = new String[64];
        long next = 0;
        for (long i = 0; i < count && i < 0x7fff; i++) {
            c.seek(next + 4);
            int index = c.u16() & 0x7fff;
            c.skip(6);
            long auxiliary = c.u32();
            long step = c.u32();
            c.seek(next + auxiliary);
            String name = Cursor.stringAt(strings, c.u32());
            if (index >= versionNames.length) {
                versionNames = java.util.Arrays.copyOf(versionNames, 2 * index);
            }
            versionNames[index] = name;
            if (step == 0) {
                return;
            }
            next += step;
        }
    }

    /** DT_SONAME, or null. */
    public String soname() {
        return soname;
    }

    /** DT_NEEDED entries in order. */
    public List<String> needed() {
        return List.copyOf(needed);
    }

    Symbol find(String name, String version) {
        try {
            Symbol found = gnu ? findByGnuHash(name, version) : findByHash(name, version);
            return found;
        } catch (BrokenInput e) {
            return null;
        }
    }

    private Symbol findByGnuHash(String name, String version) {
        int h = 5381;
        for (int i = 0; i < name.length(); i++) {
            h = h * 33 + name.charAt(i);
        }
        Cursor c = new Cursor(hash);
        int buckets = c.s32();
        int firstHashed = c.s32();
        int bloomWords = c.s32();
        if (buckets <= 0 || bloomWords < 0 || firstHashed < 0) {
            throw new BrokenInput("hash table");
        }
        long bucketsAt = 16 + 8L * bloomWords;
        c.seek(bucketsAt + 4L * Integer.remainderUnsigned(h, buckets));
        int index = c.s32();
        if (index < firstHashed) {
            return null;
        }
        Symbol fallback = null;
        c.seek(bucketsAt + 4L * buckets + 4L * (index - firstHashed));
        while (true) {
            int chained = c.s32();
            if ((chained | 1) == (h | 1)) {
                Symbol symbol = symbol(index);
                if (symbol.isDefined() && symbol.name().equals(name)) {
                    if (version == null ? !symbol.hidden() : version.equals(symbol.version())) {
                        return symbol;
                    }
                    fallback = version == null ? symbol : null;
                }
            }
            if ((chained & 1) != 0) {
                return fallback;
            }
            index++;
        }
    }

    private Symbol findByHash(String name, String version) {
        int count = hash.length < 8 ? symbols.length / SYMBOL_SIZE : new Cursor(hash, 4, hash.length).s32();
        Symbol fallback = null;
        for (int i = 1; i < count && (i + 1) * (long) SYMBOL_SIZE <= symbols.length; i++) {
            Symbol symbol = symbol(i);
            if (symbol.isDefined() && symbol.name().equals(name)) {
                if (version == null ? !symbol.hidden() : version.equals(symbol.version())) {
                    return symbol;
                }
                fallback = version == null ? symbol : fallback;
            }
        }
        return fallback;
    }

    private Symbol symbol(int index) {
        Cursor c = new Cursor(symbols);
        c.seek((long) index * SYMBOL_SIZE);
        long nameAt = c.u32();
        int kind = c.u8();
        c.skip(1);
        int section = c.u16();
        long value = c.u64();
        String name = Cursor.stringAt(strings, nameAt);
        return new Symbol(name == null ? "" : name, value, c.u64(), kind & 15, kind >> 4, section, version(index),
            hidden(index));
    }

    String version(int index) {
        if (2L * index + 2 > versions.length) {
            return null;
        }
        int number = versions[2 * index] & 0xff | (versions[2 * index + 1] & 0x7f) << 8;
        // 0 and 1 stand for "local" and "global without a version".
        return number > 1 && number < versionNames.length ? versionNames[number] : null;
    }

    boolean hidden(int index) {
        return 2L * index + 2 <= versions.length && versions[2 * index + 1] < 0;
    }
}
