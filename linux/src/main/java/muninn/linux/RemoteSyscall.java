// SPDX-License-Identifier: MIT
package muninn.linux;

/**
 * Makes a stopped tracee execute system calls; afterwards its registers and signal mask are what they were.
 *
 * <p>It runs from system-call stop to system-call stop, not by single steps: the trap of a step is a forced signal, which would reset
 * the client's disposition where it blocks or ignores SIGTRAP. All signals are blocked meanwhile; a group-stop that intervenes is
 * asked for again afterwards, and whatever ends the task is put back into the {@link Wait}.
 *
 * <p>Good at exec stops, at the first stop of a new task and at stops on the exit of a system call. At a signal-delivery-stop the signal cannot be
 * delivered by resuming afterwards, since the task has moved on: send it again. A call that the stop interrupted is executed again
 * from its start.
 *
 * <p>Belongs to the tracer thread; an object serves one task from {@link #begin} to {@link #end}.
 */
public final class RemoteSyscall {
    private static final int INSTRUCTION_LENGTH = 2;
    private static final long INSTRUCTION = 0x050f;
    private static final int RAX = 0;
    private static final int[] ARGUMENTS = {7, 6, 2, 10, 8, 9};
    private static final int ERESTARTSYS = 512;
    private static final int ERESTARTNOINTR = 513;
    private static final int ERESTARTNOHAND = 514;
    private static final int ERESTART_RESTARTBLOCK = 516;
    private static final int RESTART_SYSCALL = 219;

    private final Wait wait;
    private final UserRegs saved = new UserRegs();
    private final UserRegs asked = new UserRegs();
    private final UserRegs work = new UserRegs();
    private int tid;
    private long at;
    private long original;
    private long mask;
    private boolean patched;
    private boolean groupStopped;
    private int postponed;

    /** @param wait the tracer's, into which statuses are put back */
    public RemoteSyscall(Wait wait) {
        this.wait = wait;
    }

    /** As {@link #begin(int, long)}, with an instruction written over the tracee's current one until {@link #end}. */
    public long begin(int task) {
        return begin(task, 0);
    }

    /**
     * Takes over the stopped task.
     *
     * @param gadget address of a {@code syscall} instruction in the task's memory, or 0
     * @return 0, or a negative errno (-ESRCH: it is gone)
     */
    public long begin(int task, long gadget) {
        tid = task;
        groupStopped = false;
        postponed = 0;
        long r = Ptrace.getRegs(tid, saved);
        if (r < 0) {
            return r;
        }
        patched = gadget == 0;
        at = patched ? saved.rip() : gadget;
        if (patched) {
            original = Ptrace.peek(tid, at);
            r = Ptrace.poke(tid, at, original & -1L << 8 * INSTRUCTION_LENGTH | INSTRUCTION);
            if (r < 0) {
                return r;
            }
        }
        mask = Ptrace.sigMask(tid);
        return Ptrace.setSigMask(tid, -1L);
    }

    /** One system call with up to six arguments; returns its result, or -ESRCH if the task ended. */
    public long call(long nr, long... arguments) {
        asked.copyFrom(saved);
        asked.setGpr(RAX, nr);
        for (int i = 0; i < arguments.length; i++) {
            asked.setGpr(ARGUMENTS[i], arguments[i]);
        }
        asked.setRip(at);
        asked.set(UserRegs.ORIG_RAX, -1);
        long r = Ptrace.setRegs(tid, asked);
        if (r < 0) {
            return r;
        }
        // Stops: exit from the call in which the task stood (if any), entry, exit.
        boolean entered = false;
        while (true) {
            r = Ptrace.syscallStep(tid, 0);
            if (r < 0 || wait.next(tid) < 0) {
                return -Errno.ESRCH;
            }
            int status = wait.status();
            if ((status & 0x7f) != 0x7f || status >>> 16 == Ptrace.EVENT_EXIT) {
                wait.putBack(tid, status);
                return -Errno.ESRCH;
            }
            Stop stop = Stop.of(status);
            if (stop instanceof Stop.GroupStop) {
                groupStopped = true;
            } else if (stop instanceof Stop.SyscallStop) {
                r = Ptrace.getRegs(tid, work);
                if (r < 0) {
                    return r;
                }
                if (work.rip() == at + INSTRUCTION_LENGTH) {
                    if (entered) {
                        return work.gpr(RAX);
                    }
                    entered = true;
                } else {
                    finishOwnCall();
                }
            } else if (stop instanceof Stop.Signal s) {
                // Only SIGSTOP passes the mask; sent again at once it would come again at once.
                postponed = s.signal();
            }
        }
    }

    /**
     * The task leaves the call of its own in which it stood. An event inside a call (exec, clone) comes before the kernel writes the
     * result: that went over what was asked for, and belongs to the state to be restored.
     */
    private void finishOwnCall() {
        if (work.gpr(RAX) != asked.gpr(RAX)) {
            saved.setGpr(RAX, work.gpr(RAX));
            Ptrace.setRegs(tid, asked);
        }
    }

    /** Gives the task its registers, memory and mask back; it stays stopped. */
    public long end() {
        if (patched) {
            Ptrace.poke(tid, at, original);
        }
        Ptrace.setSigMask(tid, mask);
        restartInterrupted();
        long r = Ptrace.setRegs(tid, saved);
        if (groupStopped) {
            Ptrace.interrupt(tid);
        }
        if (postponed != 0) {
            Syscall.kill(tid, postponed);
        }
        return r;
    }

    /** The kernel's own restart belongs to the stop that is now past: go back to the instruction by hand. */
    private void restartInterrupted() {
        long nr = saved.get(UserRegs.ORIG_RAX);
        long result = saved.gpr(RAX);
        boolean again = result == -ERESTARTSYS || result == -ERESTARTNOINTR || result == -ERESTARTNOHAND;
        if (nr >= 0 && (again || result == -ERESTART_RESTARTBLOCK)) {
            saved.setGpr(RAX, again ? nr : RESTART_SYSCALL);
            saved.setRip(saved.rip() - INSTRUCTION_LENGTH);
            saved.set(UserRegs.ORIG_RAX, -1);
        }
    }

    /** A single call in a task stopped where {@link #begin(int)} may be used. */
    public long once(int task, long nr, long... arguments) {
        long r = begin(task);
        if (r < 0) {
            return r;
        }
        long result = call(nr, arguments);
        end();
        return result;
    }
}
