// SPDX-License-Identifier: MIT
package muninn.linux;

/**
 * The signal state that this process got from whoever started it (a shell, nohup), which the client gets in turn. Signal n is bit
 * n - 1. What HotSpot has changed is told apart as far as possible: its first thread, which runs no Java, keeps the original mask;
 * it respects an ignored HUP, INT and TERM; an ignored SIGPIPE or SIGQUIT it replaces by its handler, which is not seen here.
 *
 * @param blocked mask of blocked signals
 * @param ignored signals whose disposition is SIG_IGN
 */
public record InheritedSignals(long blocked, long ignored) {
    /** 32 and 33 belong to the C library's threads, which ignore them in some versions. */
    private static final long LIBC = 1L << 31 | 1L << 32;

    private static volatile InheritedSignals first;

    /** The state as it was when this was first asked: before {@link ControllerSignals} changes it. */
    public static InheritedSignals get() {
        InheritedSignals s = first;
        if (s == null) {
            byte[] status = Syscall.readFile("/proc/self/status");
            s = status == null ? new InheritedSignals(0, 0) : new InheritedSignals(field(status, 'B', 'l', 'k'),
                    field(status, 'I', 'g', 'n') & ~LIBC);
            first = s;
        }
        return s;
    }

    /** Value of the line {@code Sig???:} of a {@code /proc/pid/status}; 0 if there is none. */
    static long field(byte[] status, char a, char b, char c) {
        for (int i = 0; i + 8 < status.length; i++) {
            if (status[i] == 'S' && status[i + 1] == 'i' && status[i + 2] == 'g' && status[i + 3] == a && status[i + 4] == b
                    && status[i + 5] == c && status[i + 6] == ':') {
                long v = 0;
                for (int p = i + 8; p < status.length && status[p] != '\n'; p++) {
                    v = v << 4 | Character.digit(status[p], 16);
                }
                return v;
            }
        }
        return 0;
    }
}
