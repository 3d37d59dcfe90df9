// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Memory of one address space of a tracee, through {@code /proc/pid/mem}, which passes page protections. The descriptor
 * stays with the address space: it survives the end of the thread by which it was opened, and shows nothing of a later exec's image.
 * Addresses are unsigned; those above the middle (the vsyscall page) cannot be read.
 */
public final class RemoteMemory implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final int STRING_PIECE = 256;
    private static final long PAGE = 4096;

    private final int fd;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER, 4096);

    private RemoteMemory(int fd) {
        this.fd = fd;
    }

    /** Opens the memory of the process; {@code null} if it is gone or may not be read. */
    public static RemoteMemory open(int pid) {
        long fd = Syscall.open("/proc/".concat(Integer.toString(pid)).concat("/mem"), Syscall.O_RDWR, 0);
        return fd < 0 ? null : new RemoteMemory((int) fd);
    }

    /** Reads up to {@code length} bytes; returns how many were read, or a negative errno if not even the first. */
    public synchronized int read(long address, byte[] into, int offset, int length) {
        int done = 0;
        while (done < length) {
            int n = Math.min(length - done, BUFFER);
            long got = Syscall.call(Syscall.PREAD64, fd, buffer.address(), n, address + done);
            if (got <= 0) {
                return done > 0 ? done : (int) got;
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, offset + done, (int) got);
            done += (int) got;
            if (got < n) {
                return done;
            }
        }
        return done;
    }

    /** Writes all bytes; returns the count, or a negative errno. */
    public synchronized int write(long address, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            int n = Math.min(length - done, BUFFER);
            MemorySegment.copy(from, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, n);
            long put = Syscall.call(Syscall.PWRITE64, fd, buffer.address(), n, address + done);
            if (put <= 0) {
                return done > 0 ? done : (int) put;
            }
            done += (int) put;
        }
        return done;
    }

    /** Writes a whole segment; returns the count of bytes, or a negative errno. */
    public synchronized int write(long address, MemorySegment from) {
        long done = 0;
        while (done < from.byteSize()) {
            long n = Math.min(from.byteSize() - done, BUFFER);
            MemorySegment.copy(from, done, buffer, 0, n);
            long put = Syscall.call(Syscall.PWRITE64, fd, buffer.address(), n, address + done);
            if (put <= 0) {
                return done > 0 ? (int) done : (int) put;
            }
            done += put;
        }
        return (int) done;
    }

    /** The bytes at {@code address} up to a zero byte, which is left out; at most {@code limit}; {@code null} if none can be read. */
    public byte[] readString(long address, int limit) {
        byte[] piece = new byte[Math.min(limit, STRING_PIECE)];
        byte[] all = new byte[0];
        while (all.length < limit) {
            // up to the end of a page: the next one may not be there
            int n = (int) Math.min(Math.min(piece.length, limit - all.length), PAGE - (address + all.length & PAGE - 1));
            int got = read(address + all.length, piece, 0, n);
            if (got <= 0) {
                return all.length == 0 ? null : all;
            }
            int end = 0;
            while (end < got && piece[end] != 0) {
                end++;
            }
            int had = all.length;
            all = Arrays.copyOf(all, had + end);
            System.arraycopy(piece, 0, all, had, end);
            if (end < got) {
                return all;
            }
        }
        return all;
    }

    /** The long at {@code address}; 0 if it cannot be read. */
    public synchronized long getLong(long address) {
        long got = Syscall.call(Syscall.PREAD64, fd, buffer.address(), 8, address);
        return got == 8 ? buffer.get(ValueLayout.JAVA_LONG, 0) : 0;
    }

    public synchronized void putLong(long address, long value) {
        buffer.set(ValueLayout.JAVA_LONG, 0, value);
        Syscall.call(Syscall.PWRITE64, fd, buffer.address(), 8, address);
    }

    @Override
    public void close() {
        Syscall.call(Syscall.CLOSE, fd);
    }
}
