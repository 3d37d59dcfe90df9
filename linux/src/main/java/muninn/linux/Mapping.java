// SPDX-License-Identifier: MIT
package muninn.linux;

/** One line of {@code /proc/pid/maps}; addresses are unsigned, {@code end} is exclusive. */
public record Mapping(long start, long end, boolean readable, boolean writable, boolean executable, boolean shared,
        long offset, long inode, String path) {
    public boolean contains(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }
}
