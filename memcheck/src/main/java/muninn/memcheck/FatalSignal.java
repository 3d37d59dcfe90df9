// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * The signal of which the client dies.
 *
 * @param stack client pcs at that moment
 * @param signal number
 * @param code si_code: above 0 for a fault raised by the kernel
 * @param address si_addr of a fault
 * @param mainStackSize limit of the main thread's stack in bytes, for the hint about a stack overflow
 * @param coreDumped whether the kernel writes a core file
 */
public record FatalSignal(long[] stack, int signal, int code, long address, long mainStackSize, boolean coreDumped) {
    private static final String[] NAMES = {"", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
        "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP",
        "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS"};
    static final int SIGILL = 4;
    static final int SIGBUS = 7;
    static final int SIGFPE = 8;
    static final int SIGSEGV = 11;
    private static final int SEGV_MAPERR = 1;
    private static final int SI_KERNEL = 0x80;

    /** Whether the client's own instruction is the cause. */
    boolean isFault() {
        return code > 0 && (signal == SIGILL || signal == SIGBUS || signal == SIGFPE || signal == SIGSEGV);
    }

    boolean isUnmappedAccess() {
        return signal == SIGSEGV && code == SEGV_MAPERR;
    }

    String name() {
        return signal > 0 && signal < NAMES.length ? NAMES[signal]
                : signal >= 34 && signal <= 64 ? "SIGRT" + (signal - 32) : "SIG" + signal;
    }

    String headline() {
        return "Process terminating with default action of signal " + signal + " (" + name() + ")"
                + (coreDumped ? ": dumping core" : "");
    }

    /** What the fault was, or {@code null} when the code says nothing. */
    String event() {
        if (!isFault()) {
            return null;
        }
        if (code == SI_KERNEL) {
            return signal == SIGSEGV ? " General Protection Fault" : null;
        }
        String words = words();
        return words == null ? null : " " + words + " at address " + Decimal.pc(address);
    }

    /** The kernel's codes of include/uapi/asm-generic/siginfo.h, in Valgrind's words. */
    private String words() {
        return switch (signal * 16 + code) {
            case SIGSEGV * 16 + 1 -> "Access not within mapped region";
            case SIGSEGV * 16 + 2 -> "Bad permissions for mapped region";
            case SIGILL * 16 + 1 -> "Illegal opcode";
            case SIGILL * 16 + 2 -> "Illegal operand";
            case SIGILL * 16 + 3 -> "Illegal addressing mode";
            case SIGILL * 16 + 4 -> "Illegal trap";
            case SIGILL * 16 + 5 -> "Privileged opcode";
            case SIGILL * 16 + 6 -> "Privileged register";
            case SIGILL * 16 + 7 -> "Coprocessor error";
            case SIGILL * 16 + 8 -> "Internal stack error";
            case SIGFPE * 16 + 1 -> "Integer divide by zero";
            case SIGFPE * 16 + 2 -> "Integer overflow";
            case SIGFPE * 16 + 3 -> "FP divide by zero";
            case SIGFPE * 16 + 4 -> "FP overflow";
            case SIGFPE * 16 + 5 -> "FP underflow";
            case SIGFPE * 16 + 6 -> "FP inexact";
            case SIGFPE * 16 + 7 -> "FP invalid operation";
            case SIGFPE * 16 + 8 -> "FP subscript out of range";
            case SIGBUS * 16 + 1 -> "Invalid address alignment";
            case SIGBUS * 16 + 2 -> "Non-existent physical address";
            case SIGBUS * 16 + 3 -> "Hardware error";
            default -> null;
        };
    }
}
