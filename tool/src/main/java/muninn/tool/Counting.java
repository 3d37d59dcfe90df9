// SPDX-License-Identifier: MIT
package muninn.tool;

/** Says what is counted in a block: a few instructions in line, without a call and without a lock. */
public interface Counting {
    /** A counter of the run, 64 bits in each thread of each process. There are two million. */
    record Counter(int number) {}

    /**
     * A new counter.
     *
     * @throws IllegalStateException if there are no more
     */
    Counter counter();

    /**
     * Adds an amount each time an instruction of the block is about to be executed.
     *
     * @param instruction index in {@link Block#instructions}
     * @param amount 0 to 2^31 - 1
     * @throws IllegalArgumentException if there is no such instruction or the amount is out of range
     */
    void add(int instruction, Counter counter, int amount);

    /**
     * Adds an amount each time the conditional jump at the end of the block is taken.
     *
     * @throws IllegalArgumentException if the block does not end with one, or it is {@code loop} or {@code jrcxz}
     */
    void addWhenTaken(Counter counter, int amount);
}
