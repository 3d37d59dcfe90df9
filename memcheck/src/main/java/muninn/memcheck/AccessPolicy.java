// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** Which accesses to partly accessible memory are errors, and in what pieces Valgrind reports them. */
public final class AccessPolicy {
    private AccessPolicy() {}

    /**
     * Whether a load counts as harmless although some of its bytes must not be accessed: naturally aligned, of 4, 8, 16 or 32
     * bytes, at least one byte good (string routines read whole words; {@code --partial-loads-ok=yes} is the default).
     *
     * @param bad how many of the bytes must not be accessed
     */
    public static boolean isHarmlessLoad(long address, int size, int bad) {
        boolean word = size == 4 || size == 8 || size == 16 || size == 32;
        return word && (address & (size - 1)) == 0 && bad < size;
    }

    /** Size of the pieces in which a store is reported: 8 for vector stores, else the store's own size. */
    public static int storePiece(int size) {
        return size > 8 && size % 8 == 0 ? 8 : size;
    }
}
