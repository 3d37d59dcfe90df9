// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/** A file that is no ELF file we can use; the message says why, in words for the user, without the path. */
public final class ElfException extends Exception {
    private static final long serialVersionUID = 1L;

    ElfException(String reason) {
        super(reason);
    }
}
