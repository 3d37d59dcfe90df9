// SPDX-License-Identifier: MIT
package muninn.tool;

/** An instruction of the program, as it stands in its memory. */
public interface Instruction {
    /** What it does to control flow. */
    enum Kind {
        /** The next one follows. */
        PLAIN,
        /** A jump to a known address. */
        JUMP,
        /** A conditional jump to a known address, {@code loop} and {@code jrcxz} among them. */
        BRANCH,
        CALL,
        JUMP_INDIRECT,
        CALL_INDIRECT,
        RETURN,
        SYSCALL,
        /** Faults, far jumps, interrupts. */
        OTHER
    }

    long address();

    /** 1 to 15 bytes. */
    int length();

    /** In Intel's words: {@code mov}, {@code vpaddd}. */
    String mnemonic();

    Kind kind();

    /**
     * Where it leads.
     *
     * @throws IllegalStateException unless it is a jump, branch or call to a known address
     */
    long target();

    /** Bytes that it loads from memory, 0 if none; what {@code rep} repeats counts once, what {@code push} and {@code call} store apart. */
    int loadBytes();

    /** Bytes that it stores to memory, 0 if none; with those of {@code push} and {@code call}. */
    int storeBytes();
}
