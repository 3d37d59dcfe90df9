// SPDX-License-Identifier: MIT
package muninn.engine;

/** Looks at every chain of fragments that has just been put into an arena. */
interface ChainInspector {
    /**
     * The last {@code emitted.size()} bytes of {@code arena} are new.
     *
     * @param client where the first fragment starts
     * @param text the client's bytes
     */
    void chain(Arena arena, long client, FragmentEmitter emitted, TextSource text);
}
