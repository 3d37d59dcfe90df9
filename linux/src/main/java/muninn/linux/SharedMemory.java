// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.MemorySegment;

/** A memfd mapped in the controller; the client opens it by {@link #path()} and maps pieces of it. */
public final class SharedMemory {
    private static final int MFD_CLOEXEC = 1;

    private final int fd;
    private final MemorySegment memory;

    /** @param size bytes; memory is only used where it is touched */
    public SharedMemory(String name, long size) {
        long r = Syscall.call(Syscall.MEMFD_CREATE, Syscall.cString(name).address(), MFD_CLOEXEC, 0);
        if (r < 0) {
            throw new IllegalStateException("memfd_create: errno " + -r);
        }
        fd = (int) r;
        long sized = Syscall.call(Syscall.FTRUNCATE, fd, size, 0);
        if (sized < 0) {
            Syscall.close(fd);
            throw new IllegalStateException("ftruncate: errno " + -sized);
        }
        memory = Syscall.map(size, Syscall.PROT_READ | Syscall.PROT_WRITE, Syscall.MAP_SHARED, fd, 0);
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Path by which another process of the same user opens it while the controller lives. */
    public String path() {
        return "/proc/".concat(Integer.toString(Syscall.pid())).concat("/fd/").concat(Integer.toString(fd));
    }
}
