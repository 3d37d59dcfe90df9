// SPDX-License-Identifier: MIT
package muninn.linux;

/** Why a tracee reported: a decoded wait status of a task that was seized with {@link Ptrace#OPTIONS}. */
public sealed interface Stop {
    /** The task ended with this exit code (0..255). */
    record Exited(int code) implements Stop {}

    /** A signal ended the task. */
    record Killed(int signal, boolean dumpedCore) implements Stop {}

    /** The signal is about to be delivered: resuming with its number delivers it, with 0 drops it. */
    record Signal(int signal) implements Stop {}

    /** A {@code PTRACE_EVENT}: one of the EVENT_ constants of {@link Ptrace}, but for a group-stop. */
    record Event(int event) implements Stop {}

    /** The process is stopped by job control: {@link Ptrace#listen} leaves it so until SIGCONT. */
    record GroupStop(int signal) implements Stop {}

    /** Entry to or exit from a system call. */
    record SyscallStop() implements Stop {}

    SyscallStop SYSCALL_STOP = new SyscallStop();
    int SIGTRAP = 5;

    static Stop of(int status) {
        int low = status & 0x7f;
        int signal = status >> 8 & 0xff;
        int event = status >>> 16;
        if (low == 0) {
            return new Exited(signal);
        }
        if (low != 0x7f) {
            return new Killed(low, (status & 0x80) != 0);
        }
        if (event == Ptrace.EVENT_STOP && signal != SIGTRAP) {
            return new GroupStop(signal);
        }
        if (event != 0) {
            return new Event(event);
        }
        return signal == (SIGTRAP | 0x80) ? SYSCALL_STOP : new Signal(signal);
    }
}
