// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** Recorded stacks by id. */
@FunctionalInterface
public interface StackSource {
    /** Client pcs of context {@code id}, innermost first; empty when there is none. */
    long[] stack(int id);
}
