// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * Where an undefined value was created.
 *
 * @param stack client pcs, innermost first, callers as return address minus one; of a stack allocation the function alone
 */
public record Origin(Kind kind, long[] stack) {
    /** What created it; the words are Valgrind's. */
    public enum Kind {
        HEAP("by a heap allocation"), STACK("by a stack allocation"), CLIENT("by a client request");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }
}
