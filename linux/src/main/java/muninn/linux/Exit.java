// SPDX-License-Identifier: MIT
package muninn.linux;

/** Ends the controller by the signal that ended the client, so that the caller's {@code wait} sees no difference. */
public final class Exit {
    private static final int PRCTL_SET_DUMPABLE = 4;
    private static final int FAILED_TO_DIE = 128;

    private Exit() {}

    /**
     * Does not return. No core file of the JVM is written; standard output and error are flushed. A signal whose default is not to
     * end a process makes an exit code of 128 + signal.
     */
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
