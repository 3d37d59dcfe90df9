// SPDX-License-Identifier: MIT
package muninn.linux;

/** Error numbers of x86-64 Linux ({@code asm-generic/errno-base.h}, {@code errno.h}). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EACCES = 13;
    public static final int ENOSYS = 38;

    private Errno() {}
}
