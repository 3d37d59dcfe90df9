// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** Reads memory of the client (normally through {@code /proc/PID/mem}). */
@FunctionalInterface
public interface ClientMemory {
    /**
     * Copies {@code length} bytes from client address {@code address} to {@code into[offset..]}.
     *
     * @return how many bytes could be read: fewer than {@code length} when a page is missing, 0 when the first is, never negative
     */
    int read(long address, byte[] into, int offset, int length);
}
