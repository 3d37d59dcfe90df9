// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.LinkedHashMap;
import java.util.Map;

import muninn.linux.UserRegs;
import muninn.runtime.AddressMap;
import muninn.runtime.ShadowRegisters;

/**
 * Definedness around signal handlers: a handler starts with defined registers and on a frame that the kernel has written; when it
 * returns, registers are as undefined as they were. A handler that never returns leaves an entry, of which there are never many.
 */
final class HandlerShadows {
    private static final int MOST = 256;
    private static final int REGISTERS = ShadowRegisters.REGISTER_BYTES;
    /** uc_mcontext.fpregs in struct ucontext (arch/x86/include/uapi/asm/sigcontext.h). */
    private static final int FPSTATE = 40 + 23 * 8;
    /** sw_reserved.magic1 and extended_size in struct _fpstate_64. */
    private static final int MAGIC = 464;
    private static final int MAGIC_VALUE = 0x4650_5853;
    private static final int FXSAVE = 512;
    private static final int RDX = 2;
    private static final int RSP = 4;
    private static final int LARGEST_FRAME = 64 << 10;

    private record Saved(long dirty, byte[] registers) {}

    /** By address of the ucontext. */
    private final Map<Long, Saved> saved = new LinkedHashMap<>();

    /** The thread stands at the first instruction of a handler. */
    void entered(ClientThread t, UserRegs regs) {
        long context = regs.gpr(RDX);
        keep(t, context);
        long start = regs.gpr(RSP);
        long end = frameEnd(t, context);
        if (end > start && end - start < LARGEST_FRAME) {
            long from = AddressMap.SHADOW_BASE + (start >>> 2);
            byte[] defined = new byte[(int) (AddressMap.SHADOW_BASE + (end >>> 2) - from)];
            t.space.memory.write(from, defined, 0, defined.length);
        }
    }

    /** Puts the registers' shadow aside until the handler with this frame returns. */
    void keep(ClientThread t, long context) {
        long dirty = t.slot(ShadowRegisters.DIRTY);
        if (dirty == 0) {
            saved.remove(context);
        } else {
            byte[] registers = new byte[REGISTERS];
            t.space.memory.read(t.area() + ShadowRegisters.GPRS, registers, 0, REGISTERS);
            saved.put(context, new Saved(dirty, registers));
            if (saved.size() > MOST) {
                saved.remove(saved.keySet().iterator().next());
            }
            define(t);
        }
    }

    private static long frameEnd(ClientThread t, long context) {
        long fpstate = t.space.memory.getLong(context + FPSTATE);
        if (fpstate == 0) {
            return context + FPSTATE + 8;
        }
        long words = t.space.memory.getLong(fpstate + MAGIC);
        return fpstate + ((int) words == MAGIC_VALUE ? words >>> 32 : FXSAVE);
    }

    /** rt_sigreturn has been asked for, with the stack pointer at the ucontext. */
    void leaving(ClientThread t, long context) {
        Saved s = saved.remove(context);
        if (s != null) {
            t.space.memory.write(t.area() + ShadowRegisters.GPRS, s.registers, 0, REGISTERS);
            t.setSlot(ShadowRegisters.DIRTY, s.dirty);
        } else if (t.slot(ShadowRegisters.DIRTY) != 0) {
            define(t);
        }
    }

    private static void define(ClientThread t) {
        t.setSlot(ShadowRegisters.DIRTY, 0);
        t.space.memory.write(t.area() + ShadowRegisters.GPRS, new byte[REGISTERS], 0, REGISTERS);
    }
}
