// SPDX-License-Identifier: MIT
package muninn.linux;

/** Ends the controller the way the client ended, so that the caller's {@code wait} sees no difference. */
public final class Exit {
    private static final int PRCTL_SET_DUMPABLE = 4;
    private static final int FAILED_TO_DIE = 128;

    private Exit() {}

    /**
     * Does not return. Standard output and error are flushed first.
     *
     * @param waitStatus the client's, as {@link Wait#status} gives it, of an end (not of a stop)
     */
    public static void like(int waitStatus) {
        int signal = waitStatus & 0x7f;
        if (signal == 0) {
            code(waitStatus >> 8 & 0xff);
        } else {
            signal(signal);
        }
    }

    /** Ends with an exit code of 0..255; no shutdown hook runs. */
    public static void code(int code) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    /** Ends by a signal, without a core file of the JVM; by code 128 + signal if the signal does not end a process. */
    public static void signal(int signal) {
        System.out.flush();
        System.err.flush();
        long[] core = Syscall.limit(0, Syscall.RLIMIT_CORE);
        if (core != null) {
            Syscall.setLimit(0, Syscall.RLIMIT_CORE, 0, core[1]);
        }
        // A limit of 0 does not hold for a core handler behind a pipe.
        Syscall.call(Syscall.PRCTL, PRCTL_SET_DUMPABLE, 0, 0, 0);
        SignalAction.set(signal, SignalAction.DEFAULT);
        SignalAction.unblock(signal);
        Syscall.tgkill(Syscall.pid(), Syscall.tid(), signal);
        Runtime.getRuntime().halt(FAILED_TO_DIE + signal);
    }
}
