// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.Arrays;
import java.util.function.Consumer;

/** Function symbols sorted by address. Of several names for one address the one that people write is kept. */
public final class SymbolTable {
    private static final int SYMBOL_SIZE = 24;
    /** How many symbols before the nearest one are looked at for one that covers the address. */
    private static final int LOOK_BACK = 8;

    private final Symbol[] sorted;

    private SymbolTable(Symbol[] sorted) {
        this.sorted = sorted;
    }

    static SymbolTable of(ElfFile file) {
        Collector collector = new Collector(file);
        forEach(file, Section.SHT_SYMTAB, collector);
        forEach(file, Section.SHT_DYNSYM, collector);
        return new SymbolTable(collector.sorted());
    }

    public int size() {
        return sorted.length;
    }

    /** The symbol whose extent holds the address, or null. A symbol without a size reaches to the next one. */
    public Symbol at(long vaddr) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (Long.compareUnsigned(sorted[mid].value(), vaddr) <= 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        for (int i = low - 1; i >= 0 && i >= low - LOOK_BACK; i--) {
            Symbol symbol = sorted[i];
            long inside = vaddr - symbol.value();
            if (Long.compareUnsigned(inside, symbol.size()) < 0 || symbol.size() == 0 && i == low - 1) {
                return symbol;
            }
        }
        return null;
    }

    /** Every symbol of the tables of one type, as far as they can be read. */
    static void forEach(ElfFile file, int sectionType, Consumer<Symbol> sink) {
        for (int i = 0; i < file.sections().size(); i++) {
            Section section = file.sections().get(i);
            if (section.type() != sectionType) {
                continue;
            }
            byte[] strings = file.content(section.link());
            Cursor c = new Cursor(file.content(i));
            boolean versioned = sectionType == Section.SHT_DYNSYM;
            for (int index = 0; c.remaining() >= SYMBOL_SIZE; index++) {
                long nameAt = c.u32();
                int kind = c.u8();
                c.skip(1);
                int home = c.u16();
                long value = c.u64();
                long size = c.u64();
                String name = index == 0 ? null : Cursor.stringAt(strings, nameAt);
                if (name == null || name.isEmpty()) {
                    continue;
                }
                // Names like "memcpy@@GLIBC_2.14", which linkers since 2.35 write into .symtab, stay as they are: reports show them.
                String version = versioned ? file.dynamic().version(index) : null;
                sink.accept(new Symbol(name, value, size, kind & 15, kind >> 4, home, version,
                    versioned && file.dynamic().hidden(index)));
            }
        }
    }

    private static final class Collector implements Consumer<Symbol> {
        private final ElfFile file;
        private Symbol[] kept = new Symbol[256];
        private int count;

        Collector(ElfFile file) {
            this.file = file;
        }

        @Override
        public void accept(Symbol symbol) {
            boolean code = symbol.isFunction() || symbol.type() == Symbol.STT_NOTYPE && inCode(symbol);
            if (!code || symbol.section() == 0 || symbol.name().startsWith("$")) {
                return;
            }
            if (count == kept.length) {
                kept = Arrays.copyOf(kept, 2 * count);
            }
            kept[count++] = symbol;
        }

        private boolean inCode(Symbol symbol) {
            int home = symbol.section();
            return home < file.sections().size() && file.sections().get(home).isExecutable();
        }

        Symbol[] sorted() {
            Symbol[] all = Arrays.copyOf(kept, count);
            Arrays.sort(all, Collector::compare);
            int out = 0;
            for (int i = 0; i < all.length; i++) {
                if (out == 0 || all[out - 1].value() != all[i].value()) {
                    all[out++] = all[i];
                }
            }
            return Arrays.copyOf(all, out);
        }

        private static int compare(Symbol a, Symbol b) {
            int order = Long.compareUnsigned(a.value(), b.value());
            if (order == 0) {
                order = Integer.compare(rank(a), rank(b));
            }
            return order != 0 ? order : a.name().compareTo(b.name());
        }

        /** Length of a name without its version. */
        private static int unversioned(String name) {
            int at = name.indexOf('@', 1);
            return at < 0 ? name.length() : at;
        }

        /** Functions with a size first, then the shorter name, then global before weak before local. */
        private static int rank(Symbol symbol) {
            int rank = (symbol.isFunction() ? 0 : 0x2000_0000) + (symbol.size() != 0 ? 0 : 0x1000_0000);
            return rank + 3 * Math.min(unversioned(symbol.name()), 1 << 20) + switch (symbol.binding()) {
                case 1 -> 0;
                case 2 -> 1;
                default -> 2;
            };
        }
    }
}
