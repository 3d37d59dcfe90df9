// SPDX-License-Identifier: MIT
package muninn.isa;

/** What an instruction does to control flow, as far as a translator cares. */
public enum Flow {
    /** Falls through. */
    NEXT,
    /** {@code jmp rel}. */
    JUMP,
    /** {@code jcc rel}. */
    BRANCH,
    /** {@code loop, loope, loopne, jrcxz, jecxz}: rel8 only. */
    LOOP,
    /** {@code call rel}. */
    CALL,
    /** {@code jmp r/m64}. */
    JUMP_INDIRECT,
    /** {@code call r/m64}. */
    CALL_INDIRECT,
    /** {@code ret, ret imm16}. */
    RETURN,
    /** {@code syscall}. */
    SYSCALL,
    /** {@code int n, int3, int1, into}. */
    INTERRUPT,
    /** {@code jmp far, call far, retf, iret, sysret, sysexit, sysenter}. */
    FAR,
    /** {@code xbegin rel}. */
    XBEGIN,
    /** {@code hlt, ud0, ud1, ud2} and everything that is certainly invalid in 64-bit mode: faults, never falls through. */
    TRAP,
}
