// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.engine.StubAssembler.Label;
import muninn.isa.code.Reg;
import muninn.runtime.AddressMap;
import muninn.runtime.Mailbox;
import muninn.runtime.ThreadArea;

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

    /**
     * @param event system-Java routine for failed checks, argument the thread area; 0 if the tool has none
     * @param redirect system-Java routine for replaced functions, arguments thread area and function number; 0 if none
     */
    RuntimeStubs(byte[] routes, long event, long redirect) {
        StubAssembler a = new StubAssembler();
        Label common = a.newLabel();
        Label leave = a.newLabel();
        Label leaveTail = a.newLabel();
        Label indirect = a.newLabel();
        Label post = a.newLabel();

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
        a.movImm(Reg.R10, REQUEST_LOOKUP);
        a.jmp(common);
        a.bind(quiet);
        a.loadGs64(Reg.RCX, ThreadArea.SPILL_RCX);
        a.jmp(indirect);

        // -- system call
        int syscallAt = a.position();
        Label asked = a.newLabel();
        Label low = a.newLabel();
        Label inTable = a.newLabel();
        Label direct = a.newLabel();
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
        save(a);
        if (event != 0) {
            a.loadGs64(Reg.RDI, ThreadArea.SELF);
            a.movImm(Reg.RAX, event);
            a.callReg(Reg.RAX);
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
        Label leaveClient = a.newLabel();
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
        a.test64(Reg.RAX);
        Label signal = a.newLabel();
        a.jcc(StubAssembler.NE, signal);
        int leaveStartAt = a.position();
        a.bind(leaveTail);
        restore(a);
        a.jmpGs(ThreadArea.NEXT_CACHE);
        a.bind(lookupThere);
        a.loadGs64(Reg.R11, ThreadArea.NEXT_PC);
        a.jmp(indirect);
        int leaveEndAt = a.position();

        a.bind(signal);
        a.loadGs64(Reg.RBX, ThreadArea.MAILBOX);
        a.loadGs64(Reg.RCX, ThreadArea.NEXT_CACHE);
        a.leaRip(Reg.RAX, lookupThere);
        a.cmp64(Reg.RCX, Reg.RAX);
        Label atCache = a.newLabel();
        a.jcc(StubAssembler.NE, atCache);
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

        a.bind(post);
        post(a);

        byte[] code = a.bytes();
        System.arraycopy(code, 0, image, CODE - BASE, code.length);
        putLong(VECTOR_EXIT, CODE + exitAt);
        putLong(VECTOR_INDIRECT, CODE + indirectAt);
        putLong(VECTOR_SYSCALL, CODE + syscallAt);
        putLong(VECTOR_EVENT, CODE + eventAt);
        putLong(VECTOR_REDIRECT, CODE + redirectAt);
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
    }

    /** Nothing more is asked before the cache or the gate is reached, whatever the thread's state says. */
    boolean leaving(long pc) {
        return pc >= leaveStart && pc < leaveEnd || pc >= CODE + gateLeaveStart && pc < CODE + gateLeaveEnd;
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
        a.storeGs64(ThreadArea.SPILL_RAX, Reg.RAX);
        a.storeGs64(ThreadArea.SPILL_RCX, Reg.RCX);
        a.lahfSetoAl();
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

    /** How far a key may lie from its own slot. */
    static final int PROBES = 32;

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
        gateLeaveStart = a.position();
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
