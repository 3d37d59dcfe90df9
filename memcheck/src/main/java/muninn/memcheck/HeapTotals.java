// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * Counters of the allocator at the end of a run.
 *
 * @param bytesInUse payload bytes of live blocks
 * @param blocksInUse number of live blocks
 * @param allocations calls that returned a new block
 * @param frees calls that released one or tried to
 * @param bytesAllocated sum of all sizes asked for
 */
public record HeapTotals(long bytesInUse, long blocksInUse, long allocations, long frees, long bytesAllocated) {}
