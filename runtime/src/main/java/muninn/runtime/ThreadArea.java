// SPDX-License-Identifier: MIT
package muninn.runtime;

/**
 * Layout of a thread's private area in the client; the GS base points to its first byte. Declared once, used by the
 * emitter, by system Java and by the controller. Offsets are bytes.
 */
public final class ThreadArea {
    /** Address of this area itself. */
    public static final int SELF = 0x00;
    /** The client's r10 and r11 while the client runs in the cache (the hardware registers are ours). */
    public static final int CLIENT_R10 = 0x08;
    public static final int CLIENT_R11 = 0x10;
    /** Spill slots of fragment code. */
    public static final int SPILL_RCX = 0x18;
    public static final int SPILL_RAX = 0x20;
    public static final int SPILL_2 = 0x28;
    public static final int SPILL_3 = 0x30;
    public static final int SHADOW_BASE = 0x38;
    /** Address of this thread's mailbox page. */
    public static final int MAILBOX = 0x40;
    /** Initial stack pointer of runtime code (16-byte aligned). */
    public static final int RUNTIME_SP = 0x48;
    /** Client pc to go on at when the runtime returns to the cache. */
    public static final int NEXT_PC = 0x50;
    /** Client pc behind the syscall instruction being executed. */
    public static final int SYSCALL_NEXT = 0x58;
    /** Client pc at which a rewritten signal frame resumes. */
    public static final int RESUME_PC = 0x60;
    /** GS base of the client itself. */
    public static final int CLIENT_GS_BASE = 0x68;
    /** Cache pc of the exit (or event) by which the cache was left. */
    public static final int EXIT_PC = 0x70;
    /** Saved rflags while in the runtime. */
    public static final int FLAGS = 0x78;
    /** Client general registers, saved while in the runtime: 16 longs in hardware order. */
    public static final int GPRS = 0x80;
    /** One of the STATE_ constants. */
    public static final int STATE = 0x100;
    /** Set by the tracer while this thread is stopped: a signal waits for the next boundary. */
    public static final int PENDING_SIGNAL = 0x108;
    public static final int TID = 0x110;
    /** Address being accessed, size and kind of a memory event handed to the runtime. */
    public static final int EVENT_ADDRESS = 0x118;
    public static final int EVENT_SIZE = 0x120;
    /** Client pc of the instruction that caused the event. */
    public static final int EVENT_PC = 0x128;
    /** Cache pc at which the runtime goes back to the cache, or at which a system call returns. */
    public static final int NEXT_CACHE = 0x130;
    /** Non-zero: the controller wants to hear the result of the system call in progress. */
    public static final int AFTER_SYSCALL = 0x138;

    /** Stack pointer before an instruction that moves it by an amount known only when it runs. */
    public static final int OLD_RSP = 0x150;
    /** Lowest address of this thread's stack; all ones if that is not known. */
    public static final int STACK_START = 0x158;
    /** Behind the highest address of this thread's stack. */
    public static final int STACK_END = 0x170;

    /** Non-zero: a step works on behalf of the client's instruction at {@link #EVENT_PC}, and reads what that will read. */
    public static final int STEPPING = 0x160;

    /** Address of this thread's counters. */
    public static final int COUNTERS = 0x178;

    /** Number of the client's system call that is being made. */
    public static final int SYSCALL_NUMBER = 0x168;

    /** Return cache: entries (cache pc), indexed by the low byte of the client's return address; an entry checks that it is meant. */
    public static final int RETURN_VALUES = 0x1000;
    public static final int RETURN_SLOTS = 256;

    /** {@link ShadowRegisters} lie behind the return cache. The runtime's own stack lies between these. */
    public static final int STACK_LOW = 0x4000;
    public static final int SIZE = 0x4_0000;

    public static final int STATE_CACHE = 0;
    public static final int STATE_RUNTIME = 1;
    public static final int STATE_SYSCALL = 2;

    private ThreadArea() {}

    /** Offset of the saved client register with hardware number {@code reg} (0..15). */
    public static int gpr(int reg) {
        return GPRS + 8 * reg;
    }
}
