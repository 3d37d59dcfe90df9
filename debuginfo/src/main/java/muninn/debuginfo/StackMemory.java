// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/** Reads a client's memory for the unwinder. */
@FunctionalInterface
public interface StackMemory {
    /** A 64-bit word was not readable. */
    final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        public Unreadable() {
            super("unreadable", null, false, false);
        }
    }

    /** The 8 bytes at an address, which need not be aligned. */
    long getLong(long address) throws Unreadable;
}
