// SPDX-License-Identifier: MIT
package muninn.tool;

/**
 * A tool at work, in the controller: one object for a run with all its processes. It is called by one thread at a time. What an
 * exception says goes to the user, with the tool's name; the program under analysis is ended.
 */
public interface Analysis {
    /**
     * A block of straight code is about to be translated: the tool says what is to be counted in it. A block is translated again when its
     * code has changed or was mapped elsewhere, so several blocks may have the same address.
     */
    void block(Block block, Counting counting);

    /** A process is about to end; its memory and its counters are still there. Not called when a process becomes another by exec. */
    void ended(EndedProcess process);
}
