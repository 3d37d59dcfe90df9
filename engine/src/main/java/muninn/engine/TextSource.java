// SPDX-License-Identifier: MIT
package muninn.engine;

/** Where the translator gets client bytes from. */
interface TextSource {
    /**
     * Reads up to {@code into.length} bytes at {@code client}.
     *
     * @return how many bytes were read: fewer at the end of readable memory, 0 or less if there is none
     */
    int read(Arena arena, long client, byte[] into);
}
