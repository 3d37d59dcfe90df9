// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.PrintStream;

import muninn.linux.Mapping;

/** What a tool tells the engine and hears from it. Every method is called with the engine's lock held. */
public interface Tool {
    /** Whether accesses are checked against shadow memory. */
    boolean usesShadow();

    /**
     * Distinguishes the code translated for this tool, with the options that change it, from all other: part of the cache's key.
     * {@code null}: the code is made for one address space and is not kept.
     */
    String codeKey();

    /** What slow code needs to know of instructions; {@code null} if the tool does not follow definedness. */
    default SlowSteps steps() {
        return null;
    }

    /** Decides what is counted in each block; {@code null} if the tool counts nothing. Not together with a shadow. */
    default BlockCounts.Chooser counts() {
        return null;
    }

    /** System-Java image to place in the client, or {@code null}. */
    default RuntimeImage image() {
        return null;
    }

    /** Functions to replace in this address space. */
    default Redirects redirects(AddressSpace space) {
        return Redirects.NONE;
    }

    /** The address space is laid out, nothing has run yet; after a fork, {@code parent} is where it was copied from. */
    default void started(AddressSpace space, AddressSpace parent) {}

    /** A request of kind {@link RuntimeStubs#REQUEST_TOOL} or above. */
    default void request(ClientThread thread, int kind) {}

    /** New executable mapping, found when its first instruction is to be translated. */
    default void mapped(AddressSpace space, Mapping module) {}

    /** The process is about to end by exit or exit_group, all its threads still there. */
    default void exiting(ClientThread thread) {}

    /** Lines for {@code --stats}. */
    default void stats(PrintStream out) {}

    /**
     * The process is about to die of a signal.
     *
     * @param pc client pc
     * @param state client registers by hardware number
     * @param info siginfo, 128 bytes
     */
    default void dying(ClientThread thread, int signal, long pc, long[] state, byte[] info) {}

    /** The process has ended; {@code status} is wait's. */
    default void ended(AddressSpace space, int status) {}

    /** The wait status to end with, given the program's own. */
    default int finalStatus(int status) {
        return status;
    }

    /** Functions of the client to run before exit (the libraries' own clean-up), in this order. */
    default long[] functionsBeforeExit(AddressSpace space) {
        return new long[0];
    }

    /**
     * An instruction touched an address where nothing is mapped; the signal follows.
     *
     * @param size bytes; 0 if execution itself came to that address
     */
    default void accessFault(ClientThread thread, long pc, long[] state, long address, int size, boolean write) {}
}
