// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** Layouts in which an interior pointer is as good as a pointer to the start: Valgrind's. */
enum Heuristic {
    STDSTRING("stdstring"),
    LENGTH64("length64"),
    NEWARRAY("newarray"),
    MULTIPLEINHERITANCE("multipleinheritance");

    /** All of them, as a set of {@link #bit}s. */
    static final int ALL = (1 << values().length) - 1;

    final String text;

    Heuristic(String text) {
        this.text = text;
    }

    int bit() {
        return 1 << ordinal();
    }

    /**
     * The layout that explains a pointer {@code offset} bytes into a block, or {@code null}.
     *
     * @param enabled set of those that are tried
     * @param tables {@code null} if nothing is known of functions
     */
    static Heuristic explain(int enabled, WordReader words, FunctionTables tables, long start, long size, long offset) {
        Heuristic plain = explain(words, start, size, offset);
        if (plain != null && (enabled & plain.bit()) != 0) {
            return plain;
        }
        // Base classes of one object: both parts start with a pointer to a table of functions.
        if ((enabled & MULTIPLEINHERITANCE.bit()) != 0 && tables != null && (offset & 7) == 0 && words.select(start)) {
            long outer = words.get(start);
            if (words.select(start + offset)) {
                long inner = words.get(start + offset);
                return tables.isTable(words, outer) && tables.isTable(words, inner) ? MULTIPLEINHERITANCE : null;
            }
        }
        return null;
    }

    private static Heuristic explain(WordReader words, long start, long size, long offset) {
        if (offset == 24 && words.select(start)) {
            long length = words.get(start);
            if (words.select(start + 8)) {
                long capacity = words.get(start + 8);
                // libstdc++ before C++11: length, capacity, count of references, then the characters with a final zero
                boolean fits = Long.compareUnsigned(length, capacity) <= 0 && capacity == size - 25;
                return fits && words.select(start + 16) ? STDSTRING : null;
            }
        }
        if (offset == 8 && words.select(start)) {
            long first = words.get(start);
            if (first == size - 8) {
                return LENGTH64;
            }
            // the count that new[] keeps before elements with a destructor
            return first > 0 && (size - 8) % first == 0 ? NEWARRAY : null;
        }
        return null;
    }
}
