// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What happens when signals reach the controller instead of, or as well as, the client.
 *
 * <p>A key on the terminal (Ctrl-C, Ctrl-\, Ctrl-Z) sends its signal to both; the client alone decides what follows, so the
 * controller lets it pass and waits for the client's fate. A signal that somebody sent by kill(2) to the controller is meant for
 * the program: a few bytes of native code, installed as handler, send it on. (A kill of the whole process group thus reaches the
 * client twice at most; while the first is pending, the kernel merges them.)
 *
 * <p>The client gets the dispositions that this process inherited, whatever is installed here: {@link InheritedSignals} are read
 * first.
 */
public final class ControllerSignals {
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;
    private static final int SIGQUIT = 3;
    private static final int SIGUSR1 = 10;
    private static final int SIGTERM = 15;
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;
    private static final int SIGTSTP = 20;
    private static final int SIGTTIN = 21;
    private static final int SIGTTOU = 22;
    private static final int[] FORWARDED = {SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGTERM, SIGCONT};
    /** The client's group-stop stops us ({@link #stopSelf}); were we stopped first, nobody would hand it the signal. */
    private static final int[] LEFT_TO_CLIENT = {SIGTSTP, SIGTTIN, SIGTTOU};

    private ControllerSignals() {}

    /** Call once the client is started. */
    @SuppressWarnings("restricted")
    public static void install(int clientPid) {
        InheritedSignals.get();
        MemorySegment.ofAddress(NativeCode.address(NativeCode.FORWARD_PID)).reinterpret(4).set(ValueLayout.JAVA_INT, 0, clientPid);
        for (int s : FORWARDED) {
            SignalAction.set(s, NativeCode.address(NativeCode.FORWARD));
        }
        for (int s : LEFT_TO_CLIENT) {
            SignalAction.set(s, SignalAction.IGNORE);
        }
    }

    /** Nothing is sent to the client any more: its pid may soon belong to another process. */
    @SuppressWarnings("restricted")
    public static void clientEnded() {
        MemorySegment.ofAddress(NativeCode.address(NativeCode.FORWARD_PID)).reinterpret(4).set(ValueLayout.JAVA_INT, 0, 0);
    }

    /**
     * Stops this process as the client was stopped, so that the shell sees its job stop; returns when it is continued. To be called
     * after the client's group-stop was left to itself by {@link Ptrace#listen}.
     *
     * @param signal signal of the group-stop: SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU
     */
    public static void stopSelf(int signal) {
        if (signal != SIGSTOP) {
            SignalAction.set(signal, SignalAction.DEFAULT);
            SignalAction.unblock(signal);
        }
        Syscall.tgkill(Syscall.pid(), Syscall.tid(), signal);
        if (signal != SIGSTOP) {
            SignalAction.set(signal, SignalAction.IGNORE);
        }
    }
}
