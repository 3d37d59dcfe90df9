// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.MemorySegment;

/** A memfd mapped in the controller; the client opens it by {@link #path()} and maps pieces of it. */
public final class SharedMemory {
    private final int fd;
    private final MemorySegment memory;

    /** @param size bytes; memory is only used where it is touched */
    public SharedMemory(String name, long size) {
        long r = Syscall.call(Syscall.MEMFD_CREATE, Syscall.cString(name).address(), 1, 0);
        if (r < 0) {
            throw new IllegalStateException("memfd_create: errno " + -r);
        }
        fd = (int) r;
        Syscall.call(Syscall.FTRUNCATE, fd, size, 0);
        memory = Syscall.map(size, Syscall.PROT_READ | Syscall.PROT_WRITE, Syscall.MAP_SHARED, fd, 0);
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Path by which another process of the same user opens it while the controller lives. */
    public String path() {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd;
    }
}
