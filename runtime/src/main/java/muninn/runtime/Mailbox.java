// SPDX-License-Identifier: MIT
package muninn.runtime;

/**
 * A thread's mailbox: one page shared between client and controller. The client fills the request, sets
 * {@link #STATE} to {@link #POSTED}, adds one to the doorbell and wakes it; the controller answers, sets
 * {@link #ANSWERED} and wakes {@code STATE}. Offsets are bytes.
 */
public final class Mailbox {
    public static final int SIZE = 4096;

    /** Futex word of the mailbox. */
    public static final int STATE = 0;
    public static final int FREE = 0;
    public static final int POSTED = 1;
    public static final int ANSWERED = 2;

    /** Request kind (an int, one of the values of the engine's request table), then eight long arguments. */
    public static final int KIND = 4;
    public static final int ARGS = 8;
    /** The answer's kind (an int), then eight long values. */
    public static final int ANSWER = 0x48;
    public static final int VALUES = 0x50;
    /** 1 while the client sleeps on {@link #STATE}, so that an answer without a sleeper costs no system call. */
    public static final int WAITING = 0x90;
    /** Bytes that go with a request or an answer (paths, stacks). */
    public static final int DATA = 0x100;
    public static final int DATA_SIZE = SIZE - DATA;

    /** In page 0: count of posts (futex word), and 1 while the controller sleeps on it. */
    public static final int DOORBELL = 0;
    public static final int SLEEPING = 4;

    private Mailbox() {}

    public static int arg(int i) {
        return ARGS + 8 * i;
    }

    public static int value(int i) {
        return VALUES + 8 * i;
    }
}
