// SPDX-License-Identifier: MIT
package muninn.engine;

/**
 * Compiled system Java, ready to be copied into clients.
 *
 * @param bytes code, then data from {@code dataOffset} (a multiple of the page size) on
 * @param memoryEvent offset of the routine for failed checks
 * @param redirect offset of the routine for replaced functions
 */
public record RuntimeImage(byte[] bytes, int dataOffset, int memoryEvent, int redirect) {}
