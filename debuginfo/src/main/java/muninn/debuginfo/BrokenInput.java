// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/** A file that does not say what its format demands. Never leaves this package: public methods turn it into a result. */
final class BrokenInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenInput(String reason) {
        // Thrown often by damaged files and never printed: a stack trace would only cost.
        super(reason, null, false, false);
    }
}
