// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Waits for children and tracees of the calling thread only ({@code __WNOTHREAD}), so children that other threads of the JVM
 * started are left to them. Statuses that a nested wait took by the way can be put back. Used by the tracer thread.
 */
public final class Wait {
    private static final int WNOHANG = 1;
    private static final int WNOTHREAD = 0x2000_0000;
    private static final int WALL = 0x4000_0000;

    private final MemorySegment place = Arena.ofAuto().allocate(8, 8);
    private int[] back = new int[8];
    private int backCount;
    private int status;

    /** With nothing put back. */
    public Wait() {}

    /** Waits for task {@code tid}, or for any with -1. Returns its id; or a negative errno, -ECHILD if there is none. */
    public int next(int tid) {
        return next(tid, 0);
    }

    /** As {@link #next}, but returns 0 at once when nothing has happened. */
    public int poll(int tid) {
        return next(tid, WNOHANG);
    }

    private int next(int tid, int flags) {
        for (int i = 0; i < backCount; i += 2) {
            if (tid == -1 || back[i] == tid) {
                int found = back[i];
                status = back[i + 1];
                backCount -= 2;
                System.arraycopy(back, i + 2, back, i, backCount - i);
                return found;
            }
        }
        while (true) {
            long r = Syscall.call(Syscall.WAIT4, tid, place.address(), WALL | WNOTHREAD | flags, 0);
            if (r != -Errno.EINTR) {
                status = place.get(ValueLayout.JAVA_INT, 0);
                return (int) r;
            }
        }
    }

    /** Status of the task that {@link #next} returned; {@link Stop#of} decodes it. */
    public int status() {
        return status;
    }

    /** Makes a later {@link #next} return this first. */
    public void putBack(int tid, int waitStatus) {
        if (backCount == back.length) {
            back = Arrays.copyOf(back, 2 * backCount);
        }
        back[backCount++] = tid;
        back[backCount++] = waitStatus;
    }

    /** Reaps a process that is about to end, letting it pass its exit event; returns the wait status, or a negative errno. */
    public static int forEnd(int pid) {
        Wait w = new Wait();
        while (true) {
            int r = w.next(pid);
            if (r < 0) {
                return r;
            }
            if ((w.status & 0x7f) != 0x7f) {
                return w.status;
            }
            Ptrace.cont(pid, 0);
        }
    }
}
