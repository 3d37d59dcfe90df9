// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.function.ToIntFunction;

import muninn.engine.StubAssembler.Label;
import muninn.isa.code.Reg;
import muninn.runtime.AddressMap;
import muninn.runtime.Mailbox;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.runtime.definedness.Descriptor;

/**
 * The hand-assembled part of the runtime: leaving the cache, the lookup behind inline probes, the system-call gate, the mailbox
 * call, and going back. Fragments reach it through a vector table at a fixed address below 2 GiB.
 *
 * <pre>
 * RUNTIME_BASE          vector table, routing table of system calls
 * RUNTIME_BASE + 0x1000 this code
 * RUNTIME_BASE + 0x4000 system-Java image
 * </pre>
 */
public final class RuntimeStubs {
    private static final int BASE = (int) AddressMap.RUNTIME_BASE;
    static final int VECTOR_EXIT = BASE;
    static final int VECTOR_INDIRECT = BASE + 8;
    static final int VECTOR_SYSCALL = BASE + 16;
    static final int VECTOR_EVENT = BASE + 24;
    static final int VECTOR_REDIRECT = BASE + 32;
    /** From slow code to the client address in r11. */
    static final int VECTOR_SLOW = BASE + 40;
    /** To the slow version of the client address in r11, whatever is defined. */
    static final int VECTOR_SLOW_ONE = BASE + 48;
    /** A step of slow code: r11 = its descriptor. */
    static final int VECTOR_STEP = BASE + 56;
    /** Behind the template of a step. */
    public static final int VECTOR_STEP_END = BASE + 64;
    /** rsp has moved from {@link ThreadArea#OLD_RSP} by an unknown amount: r11 = where to go back to. */
    static final int VECTOR_STACK = BASE + 72;
    /** From slow code whose client bytes at the address in r11 have changed. */
    static final int VECTOR_SLOW_STALE = BASE + 80;
    /** One byte for each system-call number below 512: 0 goes straight to the kernel. */
    static final int ROUTES = BASE + 0x400;
    static final int ROUTE_COUNT = 512;
    /** Indexed by bits 8 to 15 of the number: 0 where {@link #ROUTES} has an entry. */
    private static final int ROUTE_PAGES = BASE + 0x600;
    private static final int CODE = BASE + 0x1000;
    /** Where the system-Java image starts. */
    public static final long IMAGE = AddressMap.RUNTIME_BASE + 0x4000;

    /** Request kinds. Arguments: exit pc, next pc, or the system call's number and arguments. */
    static final int REQUEST_EXIT = 1;
    static final int REQUEST_LOOKUP = 2;
    static final int REQUEST_SYSCALL = 3;
    static final int REQUEST_SYSCALL_DONE = 4;
    /** Answer to {@link #ANSWER_CALL} or {@link #ANSWER_INVOKE}: argument 0 is the result. */
    static final int REQUEST_RESULT = 5;
    /**
     * A signal waits, and the thread is at a boundary: argument 0 is the cache pc at which it would go on; 0: argument 1 is the
     * client pc; 1: in front of the client's system call.
     */
    static final int REQUEST_SIGNAL = 6;
    /** The slow fragment for the client pc in argument 1 is wanted. */
    static final int REQUEST_SLOW = 7;
    /** As {@link #REQUEST_SLOW}; the one that there is was made of other bytes. */
    static final int REQUEST_SLOW_STALE = 8;
    /** From 16 on: kinds of tools, posted by system Java. */
    public static final int REQUEST_TOOL = 16;

    /** Go on at cache pc value 0. */
    static final int ANSWER_GO = 0;
    /** Make system call value 0 with arguments values 1 to 6 for the controller, post the result. */
    static final int ANSWER_CALL = 1;
    /** Make the client's own system call at the gate; value 0 non-zero: post the result. */
    static final int ANSWER_GATE = 3;
    /** The client's system call is over with result value 0. */
    static final int ANSWER_RETURN = 4;
    /** Call runtime code at value 0 with arguments values 1 to 4, post the result. */
    static final int ANSWER_INVOKE = 5;
    /** Go on at client pc value 0 through the lookup table. */
    static final int ANSWER_CLIENT = 6;
    /** Go on at cache pc value 0, after value 1 stores into the table of slow fragments: slot, client pc, cache pc, from DATA on. */
    static final int ANSWER_ENTER = 7;
    static final int ENTER_BYTES = 24;

    private static final int SYS_FUTEX = 202;
    private static final int SPINS = 400;

    private final byte[] image = new byte[0x4000];
    /** Address of the client's system-call instruction, and behind it. */
    final long gate;
    final long gateBehind;
    /** First instruction of a thread that goes on at {@link ThreadArea#RESUME_PC} with all registers the client's. */
    final long resume;
    /** The slow lookup, to which empty table slots lead. */
    final long lookup;
    /** {@code nop; nop} for stepping. */
    final long nop;
    /** Routine for {@link #ANSWER_INVOKE}: stores value 2 at value 1, then value 4 at value 3. */
    final long storeTwo;
    /** Range of code in which the thread is on its way into the cache with nothing left to ask. */
    final long leaveStart;
    final long leaveEnd;
    final long codeEnd;
    /** Offsets of the way from the runtime to the gate, behind the last look for signals. */
    private int gateLeaveStart;
    private int gateLeaveEnd;
    /** Offsets of the way from the look at a system call to what decides about it. */
    private final int callLeaveStart;
    private final int callLeaveEnd;

    /** @param routines what the tool has for the client; {@code null} if nothing */
    RuntimeStubs(byte[] routes, RuntimeImage routines) {
        long event = address(routines, RuntimeImage::memoryEvent);
        long redirect = address(routines, RuntimeImage::redirect);
        // The tool follows definedness only if it has steps.
        long step = routines == null || routines.step() == 0 ? 0 : address(routines, RuntimeImage::step);
        long finish = address(routines, RuntimeImage::finish);
        long beforeCall = address(routines, RuntimeImage::beforeSyscall);
        long afterCall = address(routines, RuntimeImage::syscall);
        StubAssembler a = new StubAssembler();
        Label common = a.newLabel();
        Label leave = a.newLabel();
        Label leaveClient = a.newLabel();
        Label leaveTail = a.newLabel();
        Label indirect = a.newLabel();
        Label post = a.newLabel();
        Label boundary = a.newLabel();
        Label dispatch = a.newLabel();
        Label slowThere = a.newLabel();

        // -- direct exit: r11 = its stub
        int exitAt = a.position();
        a.storeGs64(ThreadArea.EXIT_PC, Reg.R11);
        a.movImm(Reg.R10, REQUEST_EXIT);
        a.jmp(common);

        // -- behind an inline probe: r11 = client pc
        a.bind(indirect);
        int indirectAt = a.position();
        lookup(a, common);

        // -- sigreturn, new threads: registers are the client's own
        int resumeAt = a.position();
        a.storeGs64(ThreadArea.CLIENT_R10, Reg.R10);
        a.storeGs64(ThreadArea.CLIENT_R11, Reg.R11);
        a.loadGs64(Reg.R11, ThreadArea.RESUME_PC);
        a.storeGs64(ThreadArea.SPILL_RCX, Reg.RCX);
        a.loadGs64(Reg.RCX, ThreadArea.PENDING_SIGNAL);
        Label quiet = a.newLabel();
        a.jrcxz(quiet);
        a.loadGs64(Reg.RCX, ThreadArea.SPILL_RCX);
        a.storeGs64(ThreadArea.NEXT_PC, Reg.R11);
        a.jmp(boundary);
        a.bind(quiet);
        a.loadGs64(Reg.RCX, ThreadArea.SPILL_RCX);
        a.jmp(dispatch);

        // -- system call
        int syscallAt = a.position();
        Label asked = a.newLabel();
        Label low = a.newLabel();
        Label inTable = a.newLabel();
        Label direct = a.newLabel();
        int lookedAtAt = a.position();
        if (routines != null) {
            a.storeGs64(ThreadArea.SYSCALL_NUMBER, Reg.RAX);
            save(a);
            a.loadGs64(Reg.RDI, ThreadArea.SELF);
            a.movImm(Reg.RAX, beforeCall);
            a.callReg(Reg.RAX);
            // A signal that came meanwhile goes first: the way through the controller looks for it.
            a.loadGs64(Reg.RAX, ThreadArea.PENDING_SIGNAL);
            lookedAtAt = a.position();
            a.test64(Reg.RAX);
            Label quietCall = a.newLabel();
            a.jcc(StubAssembler.E, quietCall);
            restore(a);
            a.jmp(asked);
            a.bind(quietCall);
            restore(a);
        }
        int restoredAt = a.position();
        // Flags are the client's: only moves and jrcxz. rcx and r11 are clobbered by the instruction anyway.
        a.mov32(Reg.RCX, Reg.RAX);
        a.bswap32(Reg.RCX);
        a.movzx16(Reg.RCX, Reg.RCX);
        a.jrcxz(low);
        a.jmp(asked);
        a.bind(low);
        a.movzxEcxAh();
        a.movzx8Mem(Reg.RCX, Reg.RCX, ROUTE_PAGES);
        a.jrcxz(inTable);
        a.jmp(asked);
        a.bind(inTable);
        a.movzx16(Reg.RCX, Reg.RAX);
        a.movzx8Mem(Reg.RCX, Reg.RCX, ROUTES);
        a.jrcxz(direct);
        a.bind(asked);
        a.movImm(Reg.R10, REQUEST_SYSCALL);
        a.jmp(common);

        a.bind(direct);
        a.loadGs64(Reg.R10, ThreadArea.CLIENT_R10);
        int gateAt = a.position();
        a.syscall();
        int gateBehindAt = a.position();
        a.storeGs64(ThreadArea.CLIENT_R11, Reg.R11);
        Label done = a.newLabel();
        if (step != 0) {
            save(a);
            a.loadGs64(Reg.RDI, ThreadArea.SELF);
            a.movImm(Reg.RAX, afterCall);
            a.callReg(Reg.RAX);
            writtenByKernel(a);
            a.loadGs64(Reg.RCX, ThreadArea.SYSCALL_NEXT);
            a.storeGs64(ThreadArea.gpr(Reg.RCX), Reg.RCX);
            Label tell = a.newLabel();
            a.loadGs64(Reg.RDX, ThreadArea.AFTER_SYSCALL);
            a.test64(Reg.RDX);
            a.jcc(StubAssembler.NE, tell);
            a.loadGs64(Reg.RDX, ThreadArea.PENDING_SIGNAL);
            a.test64(Reg.RDX);
            a.jcc(StubAssembler.E, leave);
            // The place where the call returns in the cache may be no instruction yet: the signal is told the client pc.
            a.storeGs64(ThreadArea.NEXT_PC, Reg.RCX);
            a.jmp(leaveClient);
            a.bind(tell);
            restore(a);
        }
        a.loadGs64(Reg.RCX, ThreadArea.AFTER_SYSCALL);
        a.jrcxz(done);
        a.movImm(Reg.R10, REQUEST_SYSCALL_DONE);
        a.jmp(common);
        a.bind(done);
        a.loadGs64(Reg.RCX, ThreadArea.SYSCALL_NEXT);
        a.loadGs64(Reg.R10, ThreadArea.SHADOW_BASE);
        a.jmpGs(ThreadArea.NEXT_CACHE);

        // -- memory event: r11 = cache pc to go back to
        int eventAt = a.position();
        a.storeGs64(ThreadArea.EXIT_PC, Reg.R11);
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.R11);
        if (step != 0) {
            definedQuickly(a);
        }
        save(a);
        if (event != 0) {
            a.loadGs64(Reg.RDI, ThreadArea.SELF);
            a.movImm(Reg.RAX, event);
            a.callReg(Reg.RAX);
        }
        if (step != 0) {
            // Undefined bytes are loaded: the slow version of this instruction follows.
            a.test32(Reg.RAX);
            a.jcc(StubAssembler.E, leave);
            a.loadGs64(Reg.RAX, ThreadArea.EVENT_PC);
            a.storeGs64(ThreadArea.NEXT_PC, Reg.RAX);
            a.leaRip(Reg.RAX, slowThere);
            a.storeGs64(ThreadArea.NEXT_CACHE, Reg.RAX);
        }
        a.jmp(leave);

        // -- replaced function: r11 = its number
        int redirectAt = a.position();
        a.storeGs64(ThreadArea.EXIT_PC, Reg.R11);
        save(a);
        if (redirect != 0) {
            a.loadGs64(Reg.RDI, ThreadArea.SELF);
            a.loadGs64(Reg.RSI, ThreadArea.EXIT_PC);
            a.movImm(Reg.RAX, redirect);
            a.callReg(Reg.RAX);
        }
        if (step != 0) {
            // The function's result is defined.
            a.loadGs64(Reg.RAX, ShadowRegisters.DIRTY);
            a.raw(0x48, 0x83, 0xe0, 0xfe);                        // and rax, ~1
            a.storeGs64(ShadowRegisters.DIRTY, Reg.RAX);
            defineGpr(a, Reg.RAX);
        }
        a.jmp(leaveClient);

        // -- a boundary, at client pc NEXT_PC: looks for signals
        a.bind(boundary);
        save(a);
        a.jmp(leaveClient);

        // -- r10 = request kind: save, ask, obey
        a.bind(common);
        Label ask = a.newLabel();
        storeGprs(a);
        a.mov64(Reg.R12, Reg.R10);
        switchStack(a);
        a.loadGs64(Reg.RBX, ThreadArea.MAILBOX);
        a.cmpImm32(Reg.R12, REQUEST_SYSCALL);
        Label notSyscall = a.newLabel();
        a.jcc(StubAssembler.B, notSyscall);
        a.cmpImm32(Reg.R12, REQUEST_SYSCALL_DONE);
        a.jcc(StubAssembler.A, notSyscall);
        int[] args = {Reg.RAX, Reg.RDI, Reg.RSI, Reg.RDX, -1, Reg.R8, Reg.R9, Reg.RSP};
        for (int i = 0; i < args.length; i++) {
            a.loadGs64(Reg.RCX, args[i] < 0 ? ThreadArea.CLIENT_R10 : ThreadArea.gpr(args[i]));
            a.store64(Reg.RBX, Mailbox.arg(i), Reg.RCX);
        }
        a.jmp(ask);
        a.bind(notSyscall);
        a.loadGs64(Reg.RCX, ThreadArea.EXIT_PC);
        a.store64(Reg.RBX, Mailbox.arg(0), Reg.RCX);
        a.loadGs64(Reg.RCX, ThreadArea.NEXT_PC);
        a.store64(Reg.RBX, Mailbox.arg(1), Reg.RCX);

        a.bind(ask);
        a.call(post);
        obey(a, ask, leave, leaveClient, indirect, direct);

        // -- leave through the lookup table, to NEXT_PC
        a.bind(leaveClient);
        Label lookupThere = a.newLabel();
        a.leaRip(Reg.RAX, lookupThere);
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.RAX);
        a.jmp(leave);

        // -- go back to the cache at NEXT_CACHE
        a.bind(leave);
        a.loadGs64(Reg.RAX, ThreadArea.PENDING_SIGNAL);
        // From here on a new signal would not be seen.
        int leaveStartAt = a.position();
        a.test64(Reg.RAX);
        Label signal = a.newLabel();
        a.jcc(StubAssembler.NE, signal);
        a.bind(leaveTail);
        restore(a);
        a.jmpGs(ThreadArea.NEXT_CACHE);
        a.bind(lookupThere);
        a.loadGs64(Reg.R11, ThreadArea.NEXT_PC);
        a.jmp(dispatch);
        Label one = a.newLabel();
        a.bind(slowThere);
        a.loadGs64(Reg.R11, ThreadArea.NEXT_PC);
        a.jmp(one);
        int leaveEndAt = a.position();

        a.bind(signal);
        a.loadGs64(Reg.RBX, ThreadArea.MAILBOX);
        a.loadGs64(Reg.RCX, ThreadArea.NEXT_CACHE);
        a.leaRip(Reg.RAX, lookupThere);
        a.cmp64(Reg.RCX, Reg.RAX);
        Label atCache = a.newLabel();
        Label atClient = a.newLabel();
        a.jcc(StubAssembler.E, atClient);
        a.leaRip(Reg.RAX, slowThere);
        a.cmp64(Reg.RCX, Reg.RAX);
        a.jcc(StubAssembler.NE, atCache);
        a.bind(atClient);
        a.movImm(Reg.RCX, 0);
        a.bind(atCache);
        a.store64(Reg.RBX, Mailbox.arg(0), Reg.RCX);
        a.loadGs64(Reg.RCX, ThreadArea.NEXT_PC);
        a.store64(Reg.RBX, Mailbox.arg(1), Reg.RCX);
        a.movImm(Reg.R12, REQUEST_SIGNAL);
        a.jmp(ask);

        int nopAt = a.position();
        a.nop();
        a.nop();

        // -- rdi, rdx = addresses, rsi, rcx = longs
        int storeTwoAt = a.position();
        a.store64(Reg.RDI, 0, Reg.RSI);
        a.store64(Reg.RDX, 0, Reg.RCX);
        a.ret();

        int slowAt = a.position();
        a.bind(dispatch);
        if (step == 0) {
            a.jmp(indirect);
        }
        dispatch(a, one, indirect, boundary, common);
        int staleAt = a.position();
        a.storeGs64(ThreadArea.NEXT_PC, Reg.R11);
        a.movImm(Reg.R10, REQUEST_SLOW_STALE);
        a.jmp(common);
        int stepAt = a.position();
        int stepEndAt = step(a, step, finish, leaveTail);
        int stackAt = a.position();
        stackMoved(a);

        a.bind(post);
        post(a);

        byte[] code = a.bytes();
        System.arraycopy(code, 0, image, CODE - BASE, code.length);
        putLong(VECTOR_EXIT, CODE + exitAt);
        putLong(VECTOR_INDIRECT, CODE + indirectAt);
        putLong(VECTOR_SYSCALL, CODE + syscallAt);
        putLong(VECTOR_EVENT, CODE + eventAt);
        putLong(VECTOR_REDIRECT, CODE + redirectAt);
        putLong(VECTOR_SLOW, CODE + slowAt);
        putLong(VECTOR_SLOW_ONE, CODE + a.at(one));
        putLong(VECTOR_STEP, CODE + stepAt);
        putLong(VECTOR_STEP_END, CODE + stepEndAt);
        putLong(VECTOR_STACK, CODE + stackAt);
        putLong(VECTOR_SLOW_STALE, CODE + staleAt);
        System.arraycopy(routes, 0, image, ROUTES - BASE, ROUTE_COUNT);
        for (int i = ROUTE_COUNT >> 8; i < 256; i++) {
            image[ROUTE_PAGES - BASE + i] = 1;
        }
        gate = CODE + gateAt;
        gateBehind = CODE + gateBehindAt;
        resume = CODE + resumeAt;
        lookup = CODE + indirectAt;
        nop = CODE + nopAt;
        storeTwo = CODE + storeTwoAt;
        leaveStart = CODE + leaveStartAt;
        leaveEnd = CODE + leaveEndAt;
        codeEnd = CODE + code.length;
        callLeaveStart = lookedAtAt;
        callLeaveEnd = restoredAt;
    }

    private static long address(RuntimeImage routines, ToIntFunction<RuntimeImage> offset) {
        return routines == null ? 0 : IMAGE + offset.applyAsInt(routines);
    }

    /** Nothing more is asked before the cache or the gate is reached, whatever the thread's state says. */
    boolean leaving(long pc) {
        return pc >= leaveStart && pc < leaveEnd || pc >= CODE + gateLeaveStart && pc < CODE + gateLeaveEnd
                || pc >= CODE + callLeaveStart && pc < CODE + callLeaveEnd;
    }

    /** The first 16 KiB of the runtime image. */
    byte[] image() {
        return image;
    }

    private void putLong(int address, long value) {
        for (int i = 0; i < 8; i++) {
            image[address - BASE + i] = (byte) (value >> 8 * i);
        }
    }

    /** All general registers but the stolen ones and rsp go to the thread area; flags are untouched. */
    private static void storeGprs(StubAssembler a) {
        for (int r = 0; r < 16; r++) {
            if (r != Reg.R10 && r != Reg.R11) {
                a.storeGs64(ThreadArea.gpr(r), r);
            }
        }
    }

    private static void switchStack(StubAssembler a) {
        a.storeGsInt(ThreadArea.STATE, ThreadArea.STATE_RUNTIME);
        a.loadGs64(Reg.RSP, ThreadArea.RUNTIME_SP);
        a.pushfq();
        a.pop(Reg.RAX);
        a.storeGs64(ThreadArea.FLAGS, Reg.RAX);
        a.cld();
    }

    private static void save(StubAssembler a) {
        storeGprs(a);
        switchStack(a);
    }

    private static void restore(StubAssembler a) {
        a.loadGs64(Reg.RAX, ThreadArea.FLAGS);
        a.push(Reg.RAX);
        a.popfq();
        a.storeGsInt(ThreadArea.STATE, ThreadArea.STATE_CACHE);
        for (int r = 0; r < 16; r++) {
            if (r != Reg.R10 && r != Reg.R11 && r != Reg.RSP) {
                a.loadGs64(r, ThreadArea.gpr(r));
            }
        }
        a.loadGs64(Reg.R10, ThreadArea.SHADOW_BASE);
        a.loadGs64(Reg.RSP, ThreadArea.gpr(Reg.RSP));
    }

    /** Linear probing from the slot of r11's low 16 bits; flags kept in rax. */
    private static void lookup(StubAssembler a, Label common) {
        Label next = a.newLabel();
        Label hit = a.newLabel();
        Label miss = a.newLabel();
        a.storeGs64(ThreadArea.NEXT_PC, Reg.R11);
        keepFlags(a);
        a.movzx16(Reg.R10, Reg.R11);
        a.neg64(Reg.R11);
        a.movImm(Reg.RCX, PROBES);
        a.bind(next);
        // Empty first: a jump to address 0 has the key of an empty slot.
        a.cmpIndexedZero64(Reg.R10, (int) AddressMap.LOOKUP_KEYS);
        a.jcc(StubAssembler.E, miss);
        a.cmpIndexed64(Reg.R10, (int) AddressMap.LOOKUP_KEYS, Reg.R11);
        a.jcc(StubAssembler.E, hit);
        a.inc32(Reg.R10);
        a.movzx16(Reg.R10, Reg.R10);
        a.dec32(Reg.RCX);
        a.jcc(StubAssembler.NE, next);
        a.bind(miss);
        restoreFlags(a);
        a.movImm(Reg.R10, REQUEST_LOOKUP);
        a.jmp(common);
        a.bind(hit);
        restoreFlags(a);
        a.loadGs64(Reg.R11, ThreadArea.NEXT_PC);
        a.jmpIndexed(Reg.R10, (int) AddressMap.LOOKUP_VALUES);
    }

    /**
     * In front of the runtime's own answer to a failed check: deals with what needs no report. The shadow of the access is compared
     * exactly; a store that makes undefined bytes defined is done here, unless it goes to the stack below the stack pointer.
     */
    private static void definedQuickly(StubAssembler a) {
        Label slow = a.newLabel();
        Label clean = a.newLabel();
        Label write = a.newLabel();
        Label inStack = a.newLabel();
        Label whole = a.newLabel();
        Label narrow = a.newLabel();
        keepFlags(a);
        a.loadGs64(Reg.R11, ThreadArea.EVENT_ADDRESS);
        a.loadGs64(Reg.RCX, ThreadArea.EVENT_SIZE);
        a.raw(0xf6, 0xc1, 1);                                     // test cl, READ
        a.jcc(StubAssembler.E, write);
        a.jmp(whole);
        a.bind(write);
        a.raw(0x4c, 0x8d, 0x54, 0x24, -AddressMap.RED_ZONE);      // lea r10, [rsp - red zone]
        a.cmp64(Reg.R11, Reg.R10);
        a.jcc(StubAssembler.AE, inStack);
        a.cmp64Gs(Reg.R11, ThreadArea.STACK_START);
        a.jcc(StubAssembler.AE, slow);
        a.bind(inStack);
        a.loadGs64(Reg.R10, ThreadArea.SHADOW_BASE);
        a.bind(whole);
        a.cmpImm32(Reg.RCX, 4 << 2);
        a.jcc(StubAssembler.B, narrow);
        a.raw(0x41, 0xf6, 0xc3, 3);                               // test r11b, 3
        a.jcc(StubAssembler.NE, slow);
        a.raw(0x49, 0xc1, 0xeb, 2);                               // shr r11, 2
        for (int size : new int[] {8, 4, 16, 32}) {
            Label other = a.newLabel();
            Label read = a.newLabel();
            a.cmpImm32(Reg.RCX, size << 2 | MemoryChecks.READ);
            a.jcc(StubAssembler.E, read);
            a.cmpImm32(Reg.RCX, size << 2 | MemoryChecks.WRITE);
            a.jcc(StubAssembler.NE, other);
            // Stores: all defined, or all undefined.
            if (size == 32) {
                a.movImm(Reg.RCX, 0x5555_5555_5555_5555L);
                a.raw(0x4b, 0x39, 0x0c, 0x1a);                    // cmp [r10+r11], rcx
            } else if (size == 16) {
                a.raw(0x43, 0x81, 0x3c, 0x1a, 0x55, 0x55, 0x55, 0x55);
            } else if (size == 8) {
                a.raw(0x66, 0x43, 0x81, 0x3c, 0x1a, 0x55, 0x55);
            } else {
                a.raw(0x43, 0x80, 0x3c, 0x1a, 0x55);
            }
            a.jcc(StubAssembler.NE, read);
            a.movImm(Reg.RCX, 0);
            a.raw(size == 8 ? new int[] {0x66, 0x43, 0x89, 0x0c, 0x1a} : size == 4 ? new int[] {0x43, 0x88, 0x0c, 0x1a}
                    : size == 16 ? new int[] {0x43, 0x89, 0x0c, 0x1a} : new int[] {0x4b, 0x89, 0x0c, 0x1a});
            a.jmp(clean);
            a.bind(read);
            a.raw(size == 8 ? new int[] {0x66, 0x43, 0x83, 0x3c, 0x1a, 0} : size == 4 ? new int[] {0x43, 0x80, 0x3c, 0x1a, 0}
                    : size == 16 ? new int[] {0x43, 0x83, 0x3c, 0x1a, 0} : new int[] {0x4b, 0x83, 0x3c, 0x1a, 0});
            a.jcc(StubAssembler.E, clean);
            a.jmp(slow);
            a.bind(other);
        }
        a.jmp(slow);
        narrow(a, narrow, slow, clean);
        a.bind(clean);
        restoreFlags(a);
        a.loadGs64(Reg.R10, ThreadArea.SHADOW_BASE);
        a.jmpGs(ThreadArea.NEXT_CACHE);
        a.bind(slow);
        restoreFlags(a);
    }

    /** One or two bytes at r11, ecx = size and kind, r10 = shadow base. */
    private static void narrow(StubAssembler a, Label start, Label slow, Label clean) {
        Label two = a.newLabel();
        Label test = a.newLabel();
        a.bind(start);
        a.storeGs64(ThreadArea.SPILL_2, Reg.RCX);
        a.raw(0x44, 0x89, 0xd9);                                  // mov ecx, r11d
        a.raw(0x83, 0xe1, 3);                                     // and ecx, 3
        a.raw(0x01, 0xc9);                                        // add ecx, ecx
        a.raw(0x49, 0xc1, 0xeb, 2);                               // shr r11, 2
        a.add64(Reg.R11, Reg.R10);
        a.raw(0x45, 0x0f, 0xb6, 0x13);                            // movzx r10d, byte [r11]
        a.raw(0x41, 0xd3, 0xea);                                  // shr r10d, cl
        a.raw(0x65, 0xf6, 0x04, 0x25);                            // test byte gs:[SPILL_2], 8
        a.i4Raw(ThreadArea.SPILL_2);
        a.raw(8);
        a.jcc(StubAssembler.NE, two);
        a.raw(0x41, 0x83, 0xe2, 3);                               // and r10d, 3
        a.jcc(StubAssembler.E, clean);
        a.raw(0x41, 0x83, 0xfa, 1);                               // cmp r10d, 1
        a.jcc(StubAssembler.NE, slow);
        a.movImm(Reg.R10, 3);
        a.jmp(test);
        a.bind(two);
        a.cmpImm32(Reg.RCX, 4);
        a.jcc(StubAssembler.A, slow);
        a.raw(0x41, 0x83, 0xe2, 15);
        a.jcc(StubAssembler.E, clean);
        a.raw(0x41, 0xf6, 0xc2, 10);                              // test r10b, 10: neither partial nor inaccessible
        a.jcc(StubAssembler.NE, slow);
        a.movImm(Reg.R10, 15);
        a.bind(test);
        a.raw(0x65, 0xf6, 0x04, 0x25);                            // a load of undefined bytes?
        a.i4Raw(ThreadArea.SPILL_2);
        a.raw(MemoryChecks.READ);
        a.jcc(StubAssembler.NE, slow);
        a.raw(0x41, 0xd3, 0xe2);                                  // shl r10d, cl
        a.raw(0x41, 0xf7, 0xd2);                                  // not r10d
        a.raw(0xf0, 0x45, 0x20, 0x13);                            // lock and [r11], r10b
        a.jmp(clean);
    }

    /**
     * Where slow code goes on: at the fast version of the client address in r11 if all general registers and flags are defined, else at
     * the slow one.
     */
    private static void dispatch(StubAssembler a, Label one, Label indirect, Label boundary, Label common) {
        Label search = a.newLabel();
        Label clean = a.newLabel();
        Label signal = a.newLabel();
        Label miss = a.newLabel();
        a.storeGs64(ThreadArea.NEXT_PC, Reg.R11);
        keepFlags(a);
        a.loadGs64(Reg.RCX, ThreadArea.PENDING_SIGNAL);
        a.test64(Reg.RCX);
        a.jcc(StubAssembler.NE, signal);
        a.loadGs64(Reg.RCX, ShadowRegisters.DIRTY);
        a.raw(0xf7, 0xc1);                                        // test ecx, general registers and flags
        a.i4Raw((1 << ShadowRegisters.DIRTY_VECTOR) - 1);
        a.jcc(StubAssembler.E, clean);
        a.jmp(search);
        a.bind(clean);
        restoreFlags(a);
        a.jmp(indirect);
        a.bind(signal);
        restoreFlags(a);
        a.jmp(boundary);
        a.bind(one);
        a.storeGs64(ThreadArea.NEXT_PC, Reg.R11);
        keepFlags(a);
        a.bind(search);
        a.raw(0x45, 0x89, 0xda);                                  // mov r10d, r11d
        a.raw(0x41, 0x81, 0xe2);                                  // and r10d, slots - 1
        a.i4Raw(AddressMap.SLOW_SLOTS - 1);
        Label[] found = new Label[AddressMap.SLOW_PROBES];
        for (int probe = 0; probe < found.length; probe++) {
            found[probe] = a.newLabel();
        }
        Label verify = a.newLabel();
        a.movImm(Reg.RCX, AddressMap.SLOW_TABLE);
        a.raw(0x49, 0xc1, 0xe2, 4);                               // shl r10, 4
        a.add64(Reg.R10, Reg.RCX);
        for (int probe = 0; probe < AddressMap.SLOW_PROBES; probe++) {
            a.raw(0x4d, 0x39, 0x5a, AddressMap.SLOW_PAIR * probe); // cmp [r10 + 16 * probe], r11
            a.jcc(StubAssembler.E, found[probe]);
        }
        a.jmp(miss);
        for (int probe = 0; probe < AddressMap.SLOW_PROBES; probe++) {
            a.bind(found[probe]);
            a.raw(0x4d, 0x8b, 0x52, AddressMap.SLOW_PAIR * probe + 8); // mov r10, [r10 + 16 * probe + 8]
            a.jmp(verify);
        }
        a.bind(verify);
        a.raw(0x4d, 0x85, 0xd2);                                  // test r10, r10
        a.jcc(StubAssembler.E, miss);
        a.loadSigned32(Reg.RCX, Reg.R10, -4);
        a.add64(Reg.RCX, Reg.R10);
        a.cmp64(Reg.RCX, Reg.R11);
        a.jcc(StubAssembler.NE, miss);
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.R10);
        restoreFlags(a);
        a.loadGs64(Reg.R10, ThreadArea.SHADOW_BASE);
        a.jmpGs(ThreadArea.NEXT_CACHE);
        a.bind(miss);
        restoreFlags(a);
        a.movImm(Reg.R10, REQUEST_SLOW);
        a.jmp(common);
    }

    private static void defineGpr(StubAssembler a, int reg) {
        a.storeGsInt(ShadowRegisters.GPRS + 8 * reg, 0);
    }

    /** What the kernel has written into rax, rcx and r11 is defined. */
    private static void writtenByKernel(StubAssembler a) {
        a.loadGs64(Reg.RCX, ShadowRegisters.DIRTY);
        a.raw(0x48, 0x81, 0xe1);                                  // and rcx, ~(rax, rcx, r11)
        a.i4Raw(~(1 << Reg.RAX | 1 << Reg.RCX | 1 << Reg.R11));
        a.storeGs64(ShadowRegisters.DIRTY, Reg.RCX);
        defineGpr(a, Reg.RAX);
        defineGpr(a, Reg.RCX);
        defineGpr(a, Reg.R11);
    }

    /** @return offset of what follows a template */
    private static int step(StubAssembler a, long step, long finish, Label leave) {
        Label noX87 = a.newLabel();
        Label done = a.newLabel();
        a.storeGs64(ThreadArea.EXIT_PC, Reg.R11);
        a.loadSigned32(Reg.R10, Reg.R11, -8);
        a.raw(0x4f, 0x8d, 0x14, 0x1a);                            // lea r10, [r10 + r11]
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.R10);
        a.loadSigned32(Reg.R10, Reg.R11, -4);
        a.raw(0x4f, 0x8d, 0x14, 0x1a);
        a.storeGs64(ThreadArea.EVENT_PC, Reg.R10);
        save(a);
        a.storeGsInt(ThreadArea.STEPPING, 1);
        a.loadGs64(Reg.RDI, ThreadArea.SELF);
        a.loadGs64(Reg.RSI, ThreadArea.EXIT_PC);
        a.raw(0xf3, 0x48, 0x0f, 0xae, 0xc0);                      // rdfsbase rax
        a.storeGs64(ShadowRegisters.FS_BASE, Reg.RAX);
        a.testMem32(Reg.RSI, Descriptor.FLAGS, Descriptor.NEEDS_X87);
        a.jcc(StubAssembler.E, noX87);
        a.raw(0x48, 0x0f, 0xae, 0x87);                            // fxsave64 [rdi + values]
        a.i4Raw(ShadowRegisters.X87_VALUES);
        a.bind(noX87);
        a.movImm(Reg.RAX, step);
        a.callReg(Reg.RAX);
        a.test32(Reg.RAX);
        a.jcc(StubAssembler.E, done);
        a.loadGs64(Reg.RAX, ThreadArea.EXIT_PC);
        a.raw(0x48, 0x83, 0xc0, Descriptor.BYTES);                // add rax, bytes
        a.raw(0xff, 0xe0);                                        // jmp rax
        int end = a.position();
        a.loadGs64(Reg.RDI, ThreadArea.SELF);
        a.loadGs64(Reg.RSI, ThreadArea.EXIT_PC);
        a.movImm(Reg.RAX, finish);
        a.callReg(Reg.RAX);
        a.bind(done);
        a.storeGsInt(ThreadArea.STEPPING, 0);
        // No signal may come between the shadow and the instruction itself.
        a.jmp(leave);
        return end;
    }

    /** Above this many bytes a movement of rsp leads to another stack ({@code --max-stackframe}). */
    private static final int MAX_STACK_FRAME = 2_000_000;

    /** Paints what rsp has left behind, from OLD_RSP on. */
    private static void stackMoved(StubAssembler a) {
        Label done = a.newLabel();
        Label longs = a.newLabel();
        Label next = a.newLabel();
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.R11);
        keepFlags(a);
        a.mov64(Reg.RCX, Reg.RSP);
        a.loadGs64(Reg.R11, ThreadArea.OLD_RSP);
        a.raw(0x4c, 0x29, 0xd9);                                  // sub rcx, r11
        a.raw(0x48, 0x83, 0xe9, 1);                               // sub rcx, 1
        a.raw(0x48, 0x81, 0xf9);                                  // cmp rcx, max
        a.i4Raw(MAX_STACK_FRAME);
        a.jcc(StubAssembler.AE, done);
        toOtherStack(a, done);
        a.raw(0x49, 0xc1, 0xeb, 2);                               // shr r11, 2
        a.add64(Reg.R11, Reg.R10);
        a.raw(0x48, 0x83, 0xc1, 4);                               // rcx + 1 + 3 bytes
        a.raw(0x48, 0xc1, 0xe9, 2);                               // groups
        a.movImm(Reg.R10, 0x5555_5555_5555_5555L);
        a.bind(longs);
        a.raw(0x48, 0x83, 0xe9, 8);                               // sub rcx, 8
        a.jcc(StubAssembler.B, next);
        a.raw(0x4d, 0x89, 0x13);                                  // mov [r11], r10
        a.raw(0x49, 0x83, 0xc3, 8);                               // add r11, 8
        a.jmp(longs);
        a.bind(next);
        a.raw(0x48, 0x83, 0xc1, 8);
        Label bytes = a.newLabel();
        a.bind(bytes);
        a.raw(0x48, 0x83, 0xe9, 1);
        a.jcc(StubAssembler.B, done);
        a.raw(0x45, 0x88, 0x13);                                  // mov [r11], r10b
        a.raw(0x49, 0xff, 0xc3);                                  // inc r11
        a.jmp(bytes);
        a.bind(done);
        restoreFlags(a);
        a.loadGs64(Reg.R10, ThreadArea.SHADOW_BASE);
        a.jmpGs(ThreadArea.NEXT_CACHE);
    }

    /** Leaves if r11 and rsp are on different stacks of those that the client has made known; rcx is kept, r10 the shadow base again. */
    private static void toOtherStack(StubAssembler a, Label done) {
        Label same = a.newLabel();
        Label none = a.newLabel();
        Label oldNext = a.newLabel();
        Label newNext = a.newLabel();
        Label oldLoop = a.newLabel();
        Label newLoop = a.newLabel();
        a.movImm(Reg.R10, AddressMap.STACKS_BASE);
        a.raw(0x49, 0x83, 0x3a, 0);                               // cmp qword [r10], 0
        a.jcc(StubAssembler.E, none);
        a.storeGs64(ThreadArea.SPILL_2, Reg.RCX);
        a.raw(0x49, 0x8b, 0x0a);                                  // mov rcx, [r10]
        a.bind(oldLoop);
        a.raw(0x49, 0x83, 0xc2, 16);                              // add r10, 16
        a.raw(0x4d, 0x3b, 0x1a);                                  // cmp r11, [r10]
        a.jcc(StubAssembler.B, oldNext);
        a.raw(0x4d, 0x3b, 0x5a, 8);                               // cmp r11, [r10 + 8]
        a.jcc(StubAssembler.AE, oldNext);
        a.raw(0x49, 0x3b, 0x22);                                  // cmp rsp, [r10]
        a.jcc(StubAssembler.B, done);
        a.raw(0x49, 0x3b, 0x62, 8);                               // cmp rsp, [r10 + 8]
        a.jcc(StubAssembler.A, done);
        a.jmp(same);
        a.bind(oldNext);
        a.dec32(Reg.RCX);
        a.jcc(StubAssembler.NE, oldLoop);
        a.movImm(Reg.R10, AddressMap.STACKS_BASE);
        a.raw(0x49, 0x8b, 0x0a);
        a.bind(newLoop);
        a.raw(0x49, 0x83, 0xc2, 16);
        a.raw(0x49, 0x3b, 0x22);
        a.jcc(StubAssembler.B, newNext);
        a.raw(0x49, 0x3b, 0x62, 8);
        a.jcc(StubAssembler.B, done);
        a.bind(newNext);
        a.dec32(Reg.RCX);
        a.jcc(StubAssembler.NE, newLoop);
        a.bind(same);
        a.loadGs64(Reg.RCX, ThreadArea.SPILL_2);
        a.bind(none);
        a.loadGs64(Reg.R10, ThreadArea.SHADOW_BASE);
    }

    /** How far a key may lie from its own slot. */
    static final int PROBES = 32;

    /** Puts flags, rax and rcx aside, until {@link #restoreFlags}. */
    private static void keepFlags(StubAssembler a) {
        a.storeGs64(ThreadArea.SPILL_RAX, Reg.RAX);
        a.storeGs64(ThreadArea.SPILL_RCX, Reg.RCX);
        a.lahfSetoAl();
    }

    private static void restoreFlags(StubAssembler a) {
        a.addAl7fSahf();
        a.loadGs64(Reg.RAX, ThreadArea.SPILL_RAX);
        a.loadGs64(Reg.RCX, ThreadArea.SPILL_RCX);
    }

    /** rbx = mailbox, eax = answer. */
    private void obey(StubAssembler a, Label ask, Label leave, Label leaveClient, Label indirect, Label gateDirect) {
        Label call = a.newLabel();
        Label gate = a.newLabel();
        Label ret = a.newLabel();
        Label invoke = a.newLabel();
        Label client = a.newLabel();
        a.cmpImm32(Reg.RAX, ANSWER_CALL);
        a.jcc(StubAssembler.E, call);
        a.cmpImm32(Reg.RAX, ANSWER_GATE);
        a.jcc(StubAssembler.E, gate);
        a.cmpImm32(Reg.RAX, ANSWER_RETURN);
        a.jcc(StubAssembler.E, ret);
        a.cmpImm32(Reg.RAX, ANSWER_INVOKE);
        a.jcc(StubAssembler.E, invoke);
        a.cmpImm32(Reg.RAX, ANSWER_CLIENT);
        a.jcc(StubAssembler.E, client);
        Label go = a.newLabel();
        a.cmpImm32(Reg.RAX, ANSWER_ENTER);
        a.jcc(StubAssembler.NE, go);
        a.load64(Reg.RCX, Reg.RBX, Mailbox.value(1));
        a.mov64(Reg.RSI, Reg.RBX);
        Label store = a.newLabel();
        a.bind(store);
        a.load64(Reg.RDX, Reg.RSI, Mailbox.DATA);
        a.load64(Reg.RAX, Reg.RSI, Mailbox.DATA + 16);
        a.store64(Reg.RDX, 8, Reg.RAX);
        a.load64(Reg.RAX, Reg.RSI, Mailbox.DATA + 8);
        a.store64(Reg.RDX, 0, Reg.RAX);
        a.raw(0x48, 0x83, 0xc6, ENTER_BYTES);                     // add rsi, bytes
        a.dec32(Reg.RCX);
        a.jcc(StubAssembler.NE, store);
        a.bind(go);
        a.load64(Reg.RCX, Reg.RBX, Mailbox.value(0));
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.RCX);
        a.jmp(leave);

        a.bind(call);
        a.load64(Reg.RAX, Reg.RBX, Mailbox.value(0));
        a.load64(Reg.RDI, Reg.RBX, Mailbox.value(1));
        a.load64(Reg.RSI, Reg.RBX, Mailbox.value(2));
        a.load64(Reg.RDX, Reg.RBX, Mailbox.value(3));
        a.load64(Reg.R10, Reg.RBX, Mailbox.value(4));
        a.load64(Reg.R8, Reg.RBX, Mailbox.value(5));
        a.load64(Reg.R9, Reg.RBX, Mailbox.value(6));
        a.syscall();
        a.store64(Reg.RBX, Mailbox.arg(0), Reg.RAX);
        a.movImm(Reg.R12, REQUEST_RESULT);
        a.jmp(ask);

        a.bind(invoke);
        a.load64(Reg.RAX, Reg.RBX, Mailbox.value(0));
        a.load64(Reg.RDI, Reg.RBX, Mailbox.value(1));
        a.load64(Reg.RSI, Reg.RBX, Mailbox.value(2));
        a.load64(Reg.RDX, Reg.RBX, Mailbox.value(3));
        a.load64(Reg.RCX, Reg.RBX, Mailbox.value(4));
        a.callReg(Reg.RAX);
        a.store64(Reg.RBX, Mailbox.arg(0), Reg.RAX);
        a.movImm(Reg.R12, REQUEST_RESULT);
        a.jmp(ask);

        a.bind(gate);
        a.load64(Reg.RCX, Reg.RBX, Mailbox.value(0));
        a.storeGs64(ThreadArea.AFTER_SYSCALL, Reg.RCX);
        Label toGate = a.newLabel();
        Label noSignal = a.newLabel();
        // A signal that came meanwhile is handled before the call, which may block; but a rewritten sigreturn is under way.
        a.loadGs64(Reg.RCX, ThreadArea.gpr(Reg.RAX));
        a.cmpImm32(Reg.RCX, 15);
        a.jcc(StubAssembler.E, noSignal);
        a.loadGs64(Reg.RCX, ThreadArea.PENDING_SIGNAL);
        gateLeaveStart = a.position();
        a.test64(Reg.RCX);
        a.jcc(StubAssembler.E, noSignal);
        a.movImm(Reg.RCX, 1);
        a.store64(Reg.RBX, Mailbox.arg(0), Reg.RCX);
        a.movImm(Reg.R12, REQUEST_SIGNAL);
        a.jmp(ask);
        a.bind(noSignal);
        Label gateThere = a.newLabel();
        a.loadGs64(Reg.RCX, ThreadArea.NEXT_CACHE);
        a.storeGs64(ThreadArea.SPILL_2, Reg.RCX);
        a.leaRip(Reg.RAX, gateThere);
        a.jmp(toGate);
        a.bind(gateThere);
        a.loadGs64(Reg.R11, ThreadArea.SPILL_2);
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.R11);
        a.jmp(gateDirect);
        a.bind(toGate);
        restoreTo(a);
        gateLeaveEnd = a.position();

        a.bind(ret);
        a.load64(Reg.RCX, Reg.RBX, Mailbox.value(0));
        a.storeGs64(ThreadArea.gpr(Reg.RAX), Reg.RCX);
        a.loadGs64(Reg.RCX, ThreadArea.SYSCALL_NEXT);
        a.storeGs64(ThreadArea.gpr(Reg.RCX), Reg.RCX);
        a.loadGs64(Reg.RCX, ThreadArea.FLAGS);
        a.storeGs64(ThreadArea.CLIENT_R11, Reg.RCX);
        a.movImm(Reg.RCX, 0);
        a.storeGs64(ThreadArea.AFTER_SYSCALL, Reg.RCX);
        a.jmp(leave);

        a.bind(client);
        a.load64(Reg.RCX, Reg.RBX, Mailbox.value(0));
        a.storeGs64(ThreadArea.NEXT_PC, Reg.RCX);
        a.jmp(leaveClient);
    }

    /** Restores everything and jumps to the address in rax, without looking for signals: the gate is a boundary itself. */
    private static void restoreTo(StubAssembler a) {
        a.storeGs64(ThreadArea.NEXT_CACHE, Reg.RAX);
        restore(a);
        a.jmpGs(ThreadArea.NEXT_CACHE);
    }

    /** rbx = mailbox, r12d = kind: posts, waits, returns the answer in eax. Clobbers what a system call clobbers. */
    private static void post(StubAssembler a) {
        Label posted = a.newLabel();
        Label spin = a.newLabel();
        Label sleep = a.newLabel();
        Label answered = a.newLabel();
        a.store32(Reg.RBX, Mailbox.KIND, Reg.R12);
        a.movImm(Reg.RAX, Mailbox.POSTED);
        a.store32(Reg.RBX, Mailbox.STATE, Reg.RAX);
        a.movImm(Reg.RDI, AddressMap.MAILBOX_BASE + Mailbox.DOORBELL);
        a.movImm(Reg.RAX, 1);
        a.lockAdd32(Reg.RDI, 0, Reg.RAX);
        a.load32(Reg.RAX, Reg.RDI, Mailbox.SLEEPING - Mailbox.DOORBELL);
        a.test32(Reg.RAX);
        a.jcc(StubAssembler.E, posted);
        a.movImm(Reg.RSI, 1);
        a.movImm(Reg.RDX, 1);
        a.movImm(Reg.RAX, SYS_FUTEX);
        a.syscall();
        a.bind(posted);
        a.movImm(Reg.RDX, SPINS);
        a.bind(spin);
        a.load32(Reg.RAX, Reg.RBX, Mailbox.STATE);
        a.cmpImm32(Reg.RAX, Mailbox.ANSWERED);
        a.jcc(StubAssembler.E, answered);
        a.pause();
        a.dec32(Reg.RDX);
        a.jcc(StubAssembler.NE, spin);
        a.bind(sleep);
        a.movImm(Reg.RAX, 1);
        a.store32(Reg.RBX, Mailbox.WAITING, Reg.RAX);
        a.mov64(Reg.RDI, Reg.RBX);
        a.movImm(Reg.RSI, 0);
        a.movImm(Reg.RDX, Mailbox.POSTED);
        a.movImm(Reg.R10, 0);
        a.movImm(Reg.RAX, SYS_FUTEX);
        a.syscall();
        a.load32(Reg.RAX, Reg.RBX, Mailbox.STATE);
        a.cmpImm32(Reg.RAX, Mailbox.ANSWERED);
        a.jcc(StubAssembler.NE, sleep);
        a.bind(answered);
        a.movImm(Reg.RAX, 0);
        a.store32(Reg.RBX, Mailbox.WAITING, Reg.RAX);
        a.store32(Reg.RBX, Mailbox.STATE, Reg.RAX);
        a.load32(Reg.RAX, Reg.RBX, Mailbox.ANSWER);
        a.ret();
    }
}
