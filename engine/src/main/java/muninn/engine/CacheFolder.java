// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

import muninn.linux.Errno;
import muninn.linux.FileStatus;
import muninn.linux.Syscall;

/** A folder of files that belong to their user alone. */
final class CacheFolder {
    private static final int OWNER_ONLY = 0700;
    private static final int DIRECTORY = 0040000;
    private static final int TYPE = 0170000;
    private static final int O_WRONLY_CREAT_EXCL = 1 | 0100 | 0200;

    private CacheFolder() {}

    /** Makes the folder and those above it where they are missing; whether it is there, and nobody else can write to it. */
    static boolean prepare(String folder) {
        FileStatus status = FileStatus.of(folder);
        if (status == null) {
            int slash = folder.lastIndexOf('/');
            if (slash > 0 && FileStatus.of(folder.substring(0, slash)) == null) {
                prepare(folder.substring(0, slash));
            }
            try (Arena arena = Arena.ofConfined()) {
                Syscall.call(Syscall.MKDIR, arena.allocateFrom(folder, StandardCharsets.UTF_8).address(), OWNER_ONLY, 0);
            }
            status = FileStatus.of(folder);
        }
        return status != null && (status.mode() & TYPE) == DIRECTORY && status.isPrivate();
    }

    /** Puts {@code content} in place of the file, or leaves it as it was; whether it was replaced. */
    static boolean replace(String path, MemorySegment content) {
        String fresh = path + '.' + Syscall.pid();
        long fd = Syscall.open(fresh, O_WRONLY_CREAT_EXCL, 0600);
        if (fd < 0) {
            return false;
        }
        long done = 0;
        while (done < content.byteSize()) {
            long n = Syscall.call(Syscall.WRITE, fd, content.address() + done, content.byteSize() - done, 0);
            if (n <= 0 && n != -Errno.EINTR) {
                break;
            }
            done += Math.max(n, 0);
        }
        Syscall.close((int) fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = arena.allocateFrom(fresh, StandardCharsets.UTF_8);
            if (done == content.byteSize()
                    && Syscall.call(Syscall.RENAME, from.address(), arena.allocateFrom(path, StandardCharsets.UTF_8).address(), 0) == 0) {
                return true;
            }
            Syscall.call(Syscall.UNLINK, from.address());
        }
        return false;
    }

    /** Removes the files written longest ago, here and in the sister folders (those of other builds), until all take {@code limit} bytes. */
    static void limit(String folder, long limit) {
        File[] builds = new File(folder).getParentFile().listFiles(File::isDirectory);
        if (builds == null) {
            return;
        }
        File[] files = Arrays.stream(builds).map(f -> f.listFiles(File::isFile)).filter(a -> a != null).flatMap(Arrays::stream)
                .sorted(Comparator.comparingLong(File::lastModified).reversed()).toArray(File[]::new);
        long sum = 0;
        for (File f : files) {
            sum += f.length();
            if (sum > limit) {
                f.delete();
            }
        }
        for (File build : builds) {
            // Fails while something is in it.
            build.delete();
        }
    }
}
