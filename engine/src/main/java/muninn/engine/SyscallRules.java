// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.Arrays;

import muninn.linux.Errno;
import muninn.linux.Syscall;
import muninn.runtime.AddressMap;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;

/**
 * The system calls an engine cannot ignore (dbi-facts 1.61). All others go straight to the kernel from the gate. The full
 * description of the kernel's interface is a module of its own later; this is what keeps the engine right.
 */
final class SyscallRules {
    private static final int MMAP = 9;
    private static final int MPROTECT = 10;
    private static final int MUNMAP = 11;
    private static final int RT_SIGACTION = 13;
    private static final int RT_SIGRETURN = 15;
    private static final int MREMAP = 25;
    private static final int CLONE = 56;
    private static final int FORK = 57;
    private static final int VFORK = 58;
    private static final int EXECVE = 59;
    private static final int EXIT = 60;
    private static final int PTRACE = 101;
    private static final int ARCH_PRCTL = 158;
    private static final int EXIT_GROUP = 231;
    private static final int EXECVEAT = 322;
    private static final int RSEQ = 334;
    private static final int CLONE3 = 435;
    private static final int MAP_SHADOW_STACK = 453;

    private static final int CLONE_VM = 0x100;
    private static final int SIGACTION_FLAGS = 8;
    private static final long SA_RESETHAND = 0x8000_0000L;
    private static final int MAP_FIXED = 0x10;
    private static final int ARCH_SET_GS = 0x1001;
    private static final int ARCH_GET_GS = 0x1004;
    private static final int ARCH_SHSTK_FIRST = 0x5001;
    private static final int ARCH_SHSTK_LAST = 0x5005;
    private static final int PTRACE_TRACEME = 0;
    private static final int EINVAL = 22;
    private static final int ENOMEM = 12;
    private static final int EEXIST = 17;

    /** Offset of rip in the frame that rt_sigreturn finds at rsp: ucontext, uc_mcontext at 40, gregs[16]. */
    private static final int FRAME_RIP = 40 + 16 * 8;

    private static final int CLONE_ARGS_STACK = 40;
    /** So much of a new thread's stack is painted. */
    private static final long THREAD_STACK = 64 << 10;

    private final Engine engine;
    private final ClientCalls calls;

    SyscallRules(Engine engine, ClientCalls calls) {
        this.engine = engine;
        this.calls = calls;
    }

    /**
     * The routing table of the gate: 1 for calls that are asked about.
     *
     * @param all each of them is
     */
    static byte[] routes(boolean all) {
        byte[] routes = new byte[RuntimeStubs.ROUTE_COUNT];
        Arrays.fill(routes, (byte) (all ? 1 : 0));
        int[] asked = {MMAP, MPROTECT, MUNMAP, RT_SIGACTION, RT_SIGRETURN, MREMAP, CLONE, FORK, VFORK, EXECVE, EXIT, PTRACE, ARCH_PRCTL,
            EXIT_GROUP, EXECVEAT, RSEQ, CLONE3, MAP_SHADOW_STACK};
        for (int nr : asked) {
            routes[nr] = 1;
        }
        return routes;
    }

    /** Whether the call that has not been made ends the process. */
    boolean isExit(ClientThread t) {
        return t.arg(0) == EXIT_GROUP || t.arg(0) == EXIT && t.space.threads.size() == 1;
    }

    /** Decides about a call that has not been made; answers the thread. */
    void before(ClientThread t) {
        int nr = (int) t.arg(0);
        long a = t.arg(1);
        long b = t.arg(2);
        if (engine.syscalls() != null && engine.supervisor.isFirst(t)) {
            engine.syscalls().add(nr);
        }
        switch (nr) {
            case MMAP -> {
                if (ours(a, b)) {
                    // A wish for a place that is ours: fixed ones are refused, others come to lie where the kernel likes.
                    finish(t, (t.arg(4) & MAP_FIXED) != 0 ? -ENOMEM : (t.arg(4) & Syscall.MAP_FIXED_NOREPLACE) != 0 ? -EEXIST
                            : calls.call(t, MMAP, 0, b, t.arg(3), t.arg(4), t.arg(5), t.arg(6)));
                } else {
                    if ((t.arg(4) & MAP_FIXED) != 0) {
                        t.space.changing(a, a + b, 0, t, calls);
                    }
                    gate(t, false);
                }
            }
            case MUNMAP, MPROTECT -> {
                if (ours(a, b)) {
                    finish(t, nr == MUNMAP ? -EINVAL : -ENOMEM);
                } else {
                    // W^X: code that becomes writable may be other code when it is executed again.
                    t.space.changing(a, a + b, nr == MUNMAP ? 0 : (int) t.arg(3), t, calls);
                    gate(t, false);
                }
            }
            case MREMAP -> {
                if (ours(a, b) || ours(t.arg(5), t.arg(3)) && (t.arg(4) & 2) != 0) {
                    finish(t, -EINVAL);
                } else {
                    t.space.changing(a, a + b, 0, t, calls);
                    gate(t, false);
                }
            }
            case RT_SIGACTION -> {
                engine.supervisor.handlersChanged();
                if (b != 0 && (t.space.memory.getLong(b + SIGACTION_FLAGS) & SA_RESETHAND) != 0) {
                    engine.supervisor.handlersReset();
                }
                t.changesHandlers = true;
                gate(t, true);
            }
            case RT_SIGRETURN -> {
                handlerReturns(t, t.arg(7));
                gate(t, false);
            }
            case CLONE, CLONE3, FORK, VFORK -> clone(t, nr, a);
            case EXIT_GROUP -> {
                engine.supervisor.exiting(t);
            }
            case EXIT -> {
                if (isExit(t)) {
                    engine.supervisor.exiting(t);
                } else {
                    gate(t, false);
                }
            }
            case EXECVE, EXECVEAT -> gate(t, true);
            case PTRACE -> {
                if (a == PTRACE_TRACEME) {
                    finish(t, 0);
                } else {
                    gate(t, false);
                }
            }
            case ARCH_PRCTL -> {
                int code = (int) a;
                if (code == ARCH_SET_GS) {
                    t.setSlot(ThreadArea.CLIENT_GS_BASE, b);
                    finish(t, 0);
                } else if (code == ARCH_GET_GS) {
                    t.space.memory.putLong(b, t.slot(ThreadArea.CLIENT_GS_BASE));
                    finish(t, 0);
                } else if (code >= ARCH_SHSTK_FIRST && code <= ARCH_SHSTK_LAST) {
                    finish(t, -EINVAL);
                } else {
                    gate(t, false);
                }
            }
            // rseq: a cache pc is never inside a client's critical section, so the kernel must not be asked (dbi-facts 1.52).
            case RSEQ, MAP_SHADOW_STACK -> finish(t, -Errno.ENOSYS);
            default -> gate(t, false);
        }
    }

    /** Hears the result of a call it asked to be told about. */
    void after(ClientThread t) {
        long result = t.arg(0);
        t.forking = false;
        if (t.changesHandlers) {
            t.changesHandlers = false;
            engine.supervisor.handlersChanged();
        }
        if (t.child != null && result < 0) {
            engine.release(t.child);
            t.child = null;
        }
        finish(t, result);
    }

    /** Makes the client's call at the gate. */
    void gate(ClientThread t, boolean tell) {
        t.answer(RuntimeStubs.ANSWER_GATE, tell ? 1 : 0);
    }

    /** The kernel will read where the thread goes on from the frame: that place becomes ours. */
    private void handlerReturns(ClientThread t, long frame) {
        long rip = t.space.memory.getLong(frame + FRAME_RIP);
        t.setSlot(ThreadArea.RESUME_PC, rip);
        t.space.memory.putLong(frame + FRAME_RIP, engine.stubs.resume);
        if (engine.tool.steps() != null) {
            t.handlerShadows.leaving(t, frame);
        }
    }

    /** A thread in front of its system call gets a signal instead, and will call again: what {@link #before} has done is undone. */
    void undo(ClientThread t, long nr, long stack) {
        if (nr == RT_SIGRETURN && t.space.memory.getLong(stack + FRAME_RIP) == engine.stubs.resume) {
            t.space.memory.putLong(stack + FRAME_RIP, t.slot(ThreadArea.RESUME_PC));
            if (engine.tool.steps() != null) {
                t.handlerShadows.keep(t, stack);
            }
        }
        if (t.child != null) {
            engine.release(t.child);
            t.child = null;
        }
        t.forking = false;
        t.changesHandlers = false;
        t.setSlot(ThreadArea.AFTER_SYSCALL, 0);
    }

    private void finish(ClientThread t, long result) {
        t.answer(RuntimeStubs.ANSWER_RETURN, result);
    }

    private static boolean ours(long start, long length) {
        long end = start + length;
        return Long.compareUnsigned(start, AddressMap.HIGH_END) < 0 && Long.compareUnsigned(end, AddressMap.HIGH_START) > 0
                || Long.compareUnsigned(start, AddressMap.LOOKUP_KEYS + AddressMap.LOOKUP_SIZE) < 0
                && Long.compareUnsigned(end, AddressMap.RUNTIME_BASE) > 0;
    }

    /** Prepares the thread area of a child that shares memory; a child with memory of its own gets its mailbox at birth. */
    private void clone(ClientThread t, int nr, long a) {
        long flags = switch (nr) {
            case CLONE -> a;
            case CLONE3 -> t.space.memory.getLong(a);
            case VFORK -> CLONE_VM;
            default -> 0;
        };
        t.forking = (flags & CLONE_VM) == 0;
        ClientThread child;
        if (t.forking) {
            child = null;
        } else {
            child = engine.newThread(t.space);
            if (child == null) {
                finish(t, -11);
                return;
            }
            prepareArea(t, child);
            if (nr == CLONE3 && engine.tool.steps() != null) {
                paintStack(t, child, a);
            }
        }
        t.child = child;
        gate(t, true);
    }

    /** The top of a new thread's stack, which struct clone_args describes. */
    private static void paintStack(ClientThread t, ClientThread child, long args) {
        long stack = t.space.memory.getLong(args + CLONE_ARGS_STACK);
        long size = t.space.memory.getLong(args + CLONE_ARGS_STACK + 8);
        if (stack != 0 && size > 0) {
            child.setSlot(ThreadArea.STACK_START, Supervisor.paintStack(t.space, stack + size & -16, Math.min(size, THREAD_STACK)));
            child.setSlot(ThreadArea.STACK_END, stack + size);
        }
    }

    private void prepareArea(ClientThread parent, ClientThread child) {
        byte[] head = new byte[ThreadArea.RETURN_VALUES];
        parent.space.memory.read(parent.area(), head, 0, head.length);
        parent.space.memory.write(child.area(), head, 0, head.length);
        if (engine.tool.steps() != null) {
            // Clean registers have a shadow of zeros, whatever an earlier thread has left here.
            byte[] shadow = new byte[ShadowRegisters.REGISTER_BYTES];
            parent.space.memory.read(parent.area() + ShadowRegisters.GPRS, shadow, 0, shadow.length);
            parent.space.memory.write(child.area() + ShadowRegisters.GPRS, shadow, 0, shadow.length);
        }
        child.space.clearReturnCache(child);
        engine.supervisor.identify(child, parent.space);
        child.setSlot(ThreadArea.AFTER_SYSCALL, 0);
        child.setSlot(ThreadArea.PENDING_SIGNAL, 0);
        child.setSlot(ThreadArea.STATE, ThreadArea.STATE_CACHE);
        // The gate's way back was put aside while the call was asked about.
        child.setSlot(ThreadArea.NEXT_CACHE, parent.slot(ThreadArea.NEXT_CACHE));
    }
}
