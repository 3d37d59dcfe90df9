// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** Layouts in which an interior pointer is as good as a pointer to the start. Valgrind's, without multiple inheritance. */
enum Heuristic {
    STDSTRING("stdstring"),
    LENGTH64("length64"),
    NEWARRAY("newarray");

    final String text;

    Heuristic(String text) {
        this.text = text;
    }

    /** The layout that explains a pointer {@code offset} bytes into a block, or {@code null}. */
    static Heuristic explain(WordReader words, long start, long size, long offset) {
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
