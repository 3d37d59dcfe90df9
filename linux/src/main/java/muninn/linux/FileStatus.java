// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What stat(2) tells of a file; times are nanoseconds since 1970. Layout: {@code struct stat} of x86-64 (asm/stat.h).
 *
 * @param mode type and permissions, {@code st_mode}
 */
public record FileStatus(long device, long inode, int mode, int owner, long size, long modified, long changed) {
    private static final int NEWFSTATAT = 262;
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int SIZE = 144;

    /** Of the file at the path, links followed; {@code null} if there is none or it cannot be seen. */
    public static FileStatus of(String path) {
        return stat(AT_FDCWD, path, 0);
    }

    /** Of an open file. */
    public static FileStatus of(int fd) {
        return stat(fd, "", AT_EMPTY_PATH);
    }

    private static FileStatus stat(int fd, String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(SIZE, 8);
            if (Syscall.call(NEWFSTATAT, fd, arena.allocateFrom(path, StandardCharsets.UTF_8).address(), s.address(), flags) < 0) {
                return null;
            }
            return new FileStatus(s.get(ValueLayout.JAVA_LONG, 0), s.get(ValueLayout.JAVA_LONG, 8), s.get(ValueLayout.JAVA_INT, 24),
                    s.get(ValueLayout.JAVA_INT, 28), s.get(ValueLayout.JAVA_LONG, 48), time(s, 88), time(s, 104));
        }
    }

    private static long time(MemorySegment s, int at) {
        return s.get(ValueLayout.JAVA_LONG, at) * 1_000_000_000L + s.get(ValueLayout.JAVA_LONG, at + 8);
    }

    /** Only its owner, who is this process's user, can write to it. */
    public boolean isPrivate() {
        return owner == (int) Syscall.call(Syscall.GETEUID, 0) && (mode & 022) == 0;
    }
}
