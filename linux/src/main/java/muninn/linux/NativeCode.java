// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The machine code that the controller itself calls or lets the kernel call, in one executable page. Everything is reached through
 * one downcall shape, because each further shape costs milliseconds of a cold JVM, and nothing needs libc's errno.
 *
 * <p>Offsets of the functions are {@link #CALL}, {@link #SPAWN}, {@link #FORWARD} and {@link #RESTORE}.
 */
final class NativeCode {
    /** {@code long (nr, a, b, c, d, e, f)}: a system call with the kernel's own result. */
    private static final int CALL = 0;
    /** {@code long (script)}: see {@link Launch}. */
    private static final int SPAWN = 0x40;
    /** Signal handler that hands a signal on to the process whose pid lies at {@link #FORWARD_PID}. */
    static final int FORWARD = 0x140;
    /** Ends a signal handler. */
    static final int RESTORE = 0x180;
    /** An int, writable: the word lies in a page of its own behind the code. */
    static final int FORWARD_PID = 0x1000;
    private static final int CODE_SIZE = 0x1000;

    private static final int RW = 3;
    private static final int RX = 5;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    /* mov rax,rdi; mov rdi,rsi; mov rsi,rdx; mov rdx,rcx; mov r10,r8; mov r8,r9; mov r9,[rsp+8]; syscall; ret */
    private static final String CALL_CODE = "4889f8 4889f7 4889d6 4889ca 4d89c2 4d89c8 4c8b4c2408 0f05 c3";

    /* Blocks every signal, so that no handler of the JVM can run in the child; clones with shared memory and shared stack (the child
     * pushes nothing); restores the parent's mask. The child then works through the script, one system call an entry.
     *
     *         push rbx; push r12; mov rbx,rdi
     *         mov eax,14; mov edi,2; mov rsi,rbx; lea rdx,[rbx+8]; mov r10d,8; syscall    rt_sigprocmask(SETMASK, script, script+8, 8)
     *         mov eax,56; mov edi,0x111; xor esi,esi; xor edx,edx; xor r10d,r10d; xor r8d,r8d; syscall     clone(VM|SIGCHLD)
     *         test eax,eax; jz child; mov r12,rax
     *         mov eax,14; mov edi,2; lea rsi,[rbx+8]; xor edx,edx; mov r10d,8; syscall
     *         mov rax,r12; pop r12; pop rbx; ret
     * child:  add rbx,16
     * entry:  mov rax,[rbx]; mov rdi,[rbx+8]; mov rsi,[rbx+16]; mov rdx,[rbx+24]; mov r10,[rbx+32]; mov r8,[rbx+40]; mov r9,[rbx+48]
     *         syscall; mov [rbx+64],rax
     *         cmp dword [rbx+56],0; je next; cmp rax,-11; jne entry                       a gate: again until EAGAIN
     * next:   add rbx,72; jmp entry */
    private static final String SPAWN_CODE = "53 4154 4889fb"
            + "b80e000000 bf02000000 4889de 488d5308 41ba08000000 0f05"
            + "b838000000 bf11010000 31f6 31d2 4531d2 4531c0 0f05"
            + "85c0 7422 4989c4"
            + "b80e000000 bf02000000 488d7308 31d2 41ba08000000 0f05"
            + "4c89e0 415c 5b c3"
            + "4883c310"
            + "488b03 488b7b08 488b7310 488b5318 4c8b5320 4c8b4328 4c8b4b30"
            + "0f05 48894340"
            + "837b3800 7406 4883f8f5 75d3"
            + "4883c348 ebcd";

    /* void (int signal, siginfo_t *info, void *context): what the terminal sent reaches the client without us (si_code SI_KERNEL).
     * cmp dword [rsi+8],0x80; je end; mov esi,edi; mov edi,[rip+pid]; test edi,edi; jle end; mov eax,62; syscall; end: ret */
    private static final String FORWARD_CODE = "817e0880000000 7413 89fe 8b3daf0e0000 85ff 7e07 b83e000000 0f05 c3";

    /* mov eax,15; syscall: rt_sigreturn */
    private static final String RESTORE_CODE = "b80f000000 0f05";

    private static final MethodHandle SHAPE = shape();
    private static final long BASE = build(Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow());
    private static final MemorySegment SYSCALL = MemorySegment.ofAddress(BASE + CALL);

    private NativeCode() {}

    @SuppressWarnings("restricted")
    private static MethodHandle shape() {
        ValueLayout w = ValueLayout.JAVA_LONG;
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(w, w, w, w, w, w, w, w));
    }

    /** Maps and fills the pages by libc's {@code syscall}, whose errors show as -1. */
    @SuppressWarnings("restricted")
    private static long build(MemorySegment libc) {
        long at = invoke(libc, Syscall.MMAP, 0, 2L * CODE_SIZE, RW, PRIVATE_ANONYMOUS, -1, 0);
        if (at == -1) {
            throw new IllegalStateException("no memory for native code");
        }
        MemorySegment page = MemorySegment.ofAddress(at).reinterpret(CODE_SIZE);
        put(page, CALL, CALL_CODE);
        put(page, SPAWN, SPAWN_CODE);
        put(page, FORWARD, FORWARD_CODE);
        put(page, RESTORE, RESTORE_CODE);
        if (invoke(libc, Syscall.MPROTECT, at, CODE_SIZE, RX, 0, 0, 0) == -1) {
            throw new IllegalStateException("memory cannot be made executable");
        }
        return at;
    }

    private static void put(MemorySegment page, int at, String hex) {
        byte[] code = new byte[hex.length() / 2];
        int n = 0;
        int high = -1;
        for (int i = 0; i < hex.length(); i++) {
            int d = Character.digit(hex.charAt(i), 16);
            if (d >= 0) {
                if (high < 0) {
                    high = d;
                } else {
                    code[n++] = (byte) (high << 4 | d);
                    high = -1;
                }
            }
        }
        MemorySegment.copy(MemorySegment.ofArray(code), 0, page, at, n);
    }

    /** Address of one of the functions or of the word behind them. */
    static long address(int offset) {
        return BASE + offset;
    }

    private static long invoke(MemorySegment code, long nr, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) SHAPE.invokeExact(code, nr, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new IllegalStateException("native call " + nr, t);
        }
    }

    static long call(long nr, long a, long b, long c, long d, long e, long f) {
        return invoke(SYSCALL, nr, a, b, c, d, e, f);
    }

    /** Runs the spawn function; returns the child's pid or a negative errno. */
    static long spawn(long script) {
        return invoke(MemorySegment.ofAddress(BASE + SPAWN), script, 0, 0, 0, 0, 0, 0);
    }
}
