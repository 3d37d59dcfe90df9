// SPDX-License-Identifier: MIT
package muninn.engine;

/**
 * Numbers of the system calls that a program's first thread made, for {@code --diff-native=end}. Left out are calls whose count is a
 * matter of time (futex, restarts, returns of signal handlers) and everything behind the call that ends the process.
 */
public final class SyscallLog {
    private static final int RT_SIGRETURN = 15;
    private static final int FUTEX = 202;
    private static final int RESTART_SYSCALL = 219;
    private static final int EXIT_GROUP = 231;
    private static final int SCHED_YIELD = 24;

    private final IntList numbers = new IntList(null, 1 << 10);
    private boolean over;

    SyscallLog() {}

    void add(long number) {
        if (over || number < 0 || number >= RuntimeStubs.ROUTE_COUNT || number == FUTEX || number == RESTART_SYSCALL || number == RT_SIGRETURN
                || number == SCHED_YIELD) {
            return;
        }
        numbers.add((int) number);
        over = number == EXIT_GROUP;
    }

    /** What comes now is not logged. */
    void end() {
        over = true;
    }

    /** The numbers in the order of the calls. */
    public int[] numbers() {
        return numbers.toArray();
    }
}
