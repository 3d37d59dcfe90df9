// SPDX-License-Identifier: MIT
package muninn.linux;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Keeps the JVM's own open files from the client. The JVM opens its class files without close-on-exec; what the user's shell left
 * open for the program must stay open, so only what a JVM typically holds is marked: files of the Java installation, jars, and the
 * sources of random numbers.
 */
final class Descriptors {
    private static final int FCNTL = 72;
    private static final int READLINK = 89;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int PATH_MAX = 4096;

    private Descriptors() {}

    static void hideOwn() {
        String[] names = new File("/proc/self/fd").list();
        if (names == null) {
            return;
        }
        // String.concat, not +: this is start-up, and the first + costs milliseconds
        String home = System.getProperty("java.home", "").concat("/");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(PATH_MAX);
            for (String name : names) {
                int fd = Integer.parseInt(name);
                if (fd <= 2 || (Syscall.call(FCNTL, fd, F_GETFD, 0) & FD_CLOEXEC) != 0) {
                    continue;
                }
                MemorySegment link = arena.allocateFrom("/proc/self/fd/".concat(name), StandardCharsets.US_ASCII);
                long n = Syscall.call(READLINK, link.address(), target.address(), PATH_MAX);
                if (n > 0 && isOwn(new String(target.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8), home)) {
                    Syscall.call(FCNTL, fd, F_SETFD, FD_CLOEXEC);
                }
            }
        }
    }

    static boolean isOwn(String path, String home) {
        return path.startsWith(home) || path.startsWith("/") && path.endsWith(".jar") || path.equals("/dev/random")
                || path.equals("/dev/urandom");
    }
}
