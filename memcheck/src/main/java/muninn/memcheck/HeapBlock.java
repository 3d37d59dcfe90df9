// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * A heap block as the allocator knows it.
 *
 * @param address first byte of the payload
 * @param size payload bytes as the client asked for
 * @param name what it is called: a block, or one that stands where another one was freed recently
 * @param state alloc'd, free'd, or client-defined: of a pool
 * @param freed whether it waits in quarantine
 * @param allocStack where it was allocated, with the heap function's own frame first
 * @param freeStack where it was freed; {@code null} for a live block
 */
public record HeapBlock(long address, long size, String name, String state, boolean freed, long[] allocStack, long[] freeStack) {}
