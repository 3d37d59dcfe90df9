// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * An error as it happened. Stacks are client pcs, innermost first, callers as return address minus one.
 * Where the address lies is looked up only for errors that are printed (see {@link ErrorLog}).
 */
public sealed interface MemoryError {
    /** Thread number, 1 for the main thread. */
    int tid();

    long[] stack();

    /** A load of {@code size} bytes of which at least one must not be accessed. */
    record InvalidRead(int tid, long[] stack, long address, int size) implements MemoryError {}

    /** A store of {@code size} bytes of which at least one must not be accessed. */
    record InvalidWrite(int tid, long[] stack, long address, int size) implements MemoryError {}

    /** Execution came to an address from which no instruction can be fetched. */
    record InvalidJump(int tid, long[] stack, long address) implements MemoryError {}

    /** A pointer that is no live heap block was given to a freeing function. */
    record InvalidFree(int tid, long[] stack, long address) implements MemoryError {}

    /** A block was released by a function of another family than the one that allocated it. */
    record MismatchedFree(int tid, long[] stack, long address) implements MemoryError {}

    /** A size that is negative as a signed number; {@code argument} and {@code function} are the names printed. */
    record FishyValue(int tid, long[] stack, String function, String argument, long value) implements MemoryError {}

    /** A jump or move depends on a condition that is not defined. */
    record UndefinedCondition(int tid, long[] stack) implements MemoryError {}

    /** An address, or another value that has an effect at once, of {@code size} bytes is not defined. */
    record UndefinedValue(int tid, long[] stack, int size) implements MemoryError {}

    /** A client request names a memory pool that there is not. */
    record InvalidPool(int tid, long[] stack, long address) implements MemoryError {}

    /** A client request found a byte that is not accessible, or not defined. */
    record ClientCheck(int tid, long[] stack, long address, boolean undefined) implements MemoryError {}

    /**
     * What a system call is given cannot be used.
     *
     * @param parameter reads like {@code write(buf)}
     * @param memory the parameter's value is defined, but memory it points to is not, or cannot be accessed, at {@code address}
     * @param undefined it is not defined, rather than not accessible
     */
    record SyscallParam(int tid, long[] stack, String parameter, long address, boolean memory, boolean undefined) implements MemoryError {}

    /** Copying between overlapping ranges; {@code size} is negative for functions that have no size argument. */
    record Overlap(int tid, long[] stack, String function, long destination, long source, long size) implements MemoryError {}
}
