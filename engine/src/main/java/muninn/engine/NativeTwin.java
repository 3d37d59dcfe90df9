// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.linux.Launch;
import muninn.linux.Ptrace;
import muninn.linux.UserRegs;
import muninn.linux.Wait;

/**
 * One native run of the program, for comparison: only its first thread is traced, and only its system calls are looked at.
 *
 * @param status wait status; a negative errno if the program could not be started
 * @param calls what the first thread called
 */
public record NativeTwin(int status, SyscallLog calls) {
    private static final int SIGTRAP = 5;
    private static final int SYSCALL_STOP = SIGTRAP | 0x80;
    /** What the kernel keeps in rax of an interrupted call that it will make again: -ERESTARTSYS to -ERESTART_RESTARTBLOCK. */
    private static final long RESTART_LOW = -516;
    private static final long RESTART_HIGH = -512;

    /** Runs the program to its end; belongs to the tracer thread. */
    public static NativeTwin run(RunOptions options) {
        SyscallLog calls = new SyscallLog();
        int pid = Launch.start(options.program(), options.arguments().toArray(new byte[0][]),
                options.environment().toArray(new byte[0][]));
        if (pid < 0) {
            return new NativeTwin(pid, calls);
        }
        Wait wait = new Wait();
        UserRegs regs = new UserRegs();
        // The execve that started it is left first.
        boolean inside = true;
        boolean restarts = false;
        Ptrace.syscallStep(pid, 0);
        while (true) {
            int tid = wait.next(-1);
            int status = wait.status();
            boolean stopped = (status & 0x7f) == 0x7f;
            if (tid < 0) {
                return new NativeTwin(tid, calls);
            }
            if (tid != pid) {
                if (stopped) {
                    // Born of the thread that is traced, and so traced too; of no interest.
                    Ptrace.detach(tid, 0);
                }
                continue;
            }
            if (!stopped) {
                return new NativeTwin(status, calls);
            }
            int event = status >>> 16;
            int stop = status >> 8 & 0xff;
            if (event == Ptrace.EVENT_STOP && stop != SIGTRAP) {
                Ptrace.listen(pid);
                continue;
            }
            if (stop == SYSCALL_STOP && Ptrace.getRegs(pid, regs) >= 0) {
                inside = !inside;
                if (inside && !restarts) {
                    calls.add(regs.get(UserRegs.ORIG_RAX));
                }
                restarts = !inside && regs.gpr(0) >= RESTART_LOW && regs.gpr(0) <= RESTART_HIGH;
            }
            if (event == Ptrace.EVENT_EXEC && !options.traceChildren()) {
                // Under the tool the new program runs unwatched.
                calls.end();
            }
            Ptrace.syscallStep(pid, event == 0 && stop != SYSCALL_STOP ? stop : 0);
        }
    }
}
