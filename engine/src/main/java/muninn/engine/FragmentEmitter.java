// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.Arrays;

import muninn.isa.Insn;
import muninn.isa.code.Reg;
import muninn.runtime.AddressMap;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;

/**
 * Bytes of one chain of fragments, with its instruction map, exits and out-of-line stubs. Written for speed: a translation is
 * on the start-up path of every program, so the few instruction forms that fragments need are put down directly.
 *
 * <p>Invariant: a displacement that will ever be patched lies inside one aligned 8-byte word (DESIGN 4); arena and chain
 * starts are multiples of 8, so positions in the buffer tell.
 */
final class FragmentEmitter {
    /** No chain is longer than this many bytes, stubs included. */
    static final int CAPACITY = 48 * 1024;

    /** Bytes of an exit stub: lea, jmp. */
    private static final int STUB_SIZE = 14;

    private final long base;
    private byte[] code = new byte[512];
    private int at;

    private int[] instructions = new int[3 * 32];
    private int instructionCount;
    private int[] fragments = new int[2 * 16];
    private int fragmentCount;

    /** Unlinked exits of the chain: displacement position, client target. Their stubs are written behind the code. */
    private int[] exitPatches = new int[16];
    private long[] exitTargets = new long[16];
    private boolean[] exitStale = new boolean[16];
    private int exitCount;

    /** Return addresses pushed: position of the displacement that wants their entry, client address. */
    private int[] entryUses = new int[4];
    private long[] entryTargets = new long[4];
    private int entryCount;

    /** Out-of-line pieces of checks: where they are jumped from, where they go back to, and what they test. */
    private MemoryCheckStub[] stubs = new MemoryCheckStub[16];
    private int stubCount;
    private StepStub[] steps = new StepStub[4];
    private int stepCount;
    private VectorGuardStub[] guards = new VectorGuardStub[2];
    private int guardCount;
    private StaleStub[] stale = new StaleStub[2];
    private int staleCount;
    /** The chain is a slow fragment. */
    private boolean slow;

    /** Positions of displacements to client addresses. */
    private int[] relocations = new int[32];
    private int relocationCount;

    FragmentEmitter(long base) {
        this.base = base;
    }

    int size() {
        return at;
    }

    byte[] bytes() {
        return code;
    }

    int position() {
        return at;
    }

    // ---- maps ----

    /** A fragment for the client offset starts here. */
    void fragment(int client) {
        if (fragmentCount * 2 == fragments.length) {
            fragments = Arrays.copyOf(fragments, fragments.length * 2);
        }
        fragments[fragmentCount * 2] = client;
        fragments[fragmentCount * 2 + 1] = at;
        fragmentCount++;
    }

    /** A slow fragment for the client address starts behind the word that says so. */
    void slowFragment(Arena arena, long client) {
        slow = true;
        clientFrom(client, at + 4);
        fragment((int) (client - arena.clientStart));
    }

    boolean fragmentKnown(int client) {
        return fragmentOffset(client) >= 0;
    }

    private int fragmentOffset(int client) {
        for (int i = 0; i < fragmentCount; i++) {
            if (fragments[2 * i] == client) {
                return fragments[2 * i + 1];
            }
        }
        return -1;
    }

    /** The translation of the client instruction at offset {@code client} starts here. */
    void instruction(int client) {
        if (instructionCount * 3 == instructions.length) {
            instructions = Arrays.copyOf(instructions, instructions.length * 2);
        }
        int i = instructionCount++ * 3;
        instructions[i] = at;
        instructions[i + 1] = at;
        instructions[i + 2] = client;
    }

    /** As {@link #instruction}; no signal may come between this instruction's shadow and its effect. */
    void slowInstruction(int client) {
        instruction(client | ModuleCode.SLOW);
    }

    /** A stub of the client instruction's check starts here: no boundary, and nothing has happened yet. */
    void outOfLine(int client) {
        instruction(client);
        instructions[instructionCount * 3 - 2] = ModuleCode.OUT_OF_LINE;
    }

    /** Client offset of the instruction being translated. */
    int clientOfCurrent() {
        return instructions[instructionCount * 3 - 1] & ~ModuleCode.SLOW;
    }

    /** From here on the current client instruction may have its effect. */
    void core() {
        instructions[instructionCount * 3 - 2] = at;
    }

    // ---- bytes ----

    private void need(int n) {
        if (at + n > code.length) {
            code = Arrays.copyOf(code, Math.max(code.length * 2, at + n));
        }
    }

    void byte1(int b) {
        need(1);
        code[at++] = (byte) b;
    }

    void bytes2(int a, int b) {
        need(2);
        code[at++] = (byte) a;
        code[at++] = (byte) b;
    }

    void bytes3(int a, int b, int c) {
        need(3);
        code[at++] = (byte) a;
        code[at++] = (byte) b;
        code[at++] = (byte) c;
    }

    void bytes4(int a, int b, int c, int d) {
        bytes2(a, b);
        bytes2(c, d);
    }

    void int4(int v) {
        need(4);
        code[at] = (byte) v;
        code[at + 1] = (byte) (v >> 8);
        code[at + 2] = (byte) (v >> 16);
        code[at + 3] = (byte) (v >> 24);
        at += 4;
    }

    void patchInt(int where, int v) {
        code[where] = (byte) v;
        code[where + 1] = (byte) (v >> 8);
        code[where + 2] = (byte) (v >> 16);
        code[where + 3] = (byte) (v >> 24);
    }

    /** A one-byte displacement at {@code where} now leads here. */
    void patchShort(int where) {
        code[where] = (byte) (at - (where + 1));
    }

    void loadGs(int reg, int slot) {
        need(9);
        bytes3(0x65, reg >= 8 ? 0x4c : 0x48, 0x8b);
        bytes2(0x04 | (reg & 7) << 3, 0x25);
        int4(slot);
    }

    void storeGs(int slot, int reg) {
        need(9);
        bytes3(0x65, reg >= 8 ? 0x4c : 0x48, 0x89);
        bytes2(0x04 | (reg & 7) << 3, 0x25);
        int4(slot);
    }

    void storeGsInt(int slot, int value) {
        bytes4(0x65, 0xc7, 0x04, 0x25);
        int4(slot);
        int4(value);
    }

    void move(int to, int from) {
        bytes3(0x48 | (from >= 8 ? 4 : 0) | (to >= 8 ? 1 : 0), 0x89, 0xc0 | (from & 7) << 3 | to & 7);
    }

    /** {@code lea reg, [client address]}, relative to rip: the code holds wherever the client's mapping lies. */
    void leaClient(int reg, long address) {
        bytes3(reg >= 8 ? 0x4c : 0x48, 0x8d, 0x05 | (reg & 7) << 3);
        relocated();
        relative(address);
    }

    /** Four bytes: the client address as seen from a position of this chain. */
    void clientFrom(long client, int position) {
        relocated();
        distance(client, position);
    }

    /** {@code lea reg, [position in this chain]}. */
    private void leaCode(int reg, int position) {
        bytes3(reg >= 8 ? 0x4c : 0x48, 0x8d, 0x05 | (reg & 7) << 3);
        relative(base + position);
    }

    /** The displacement that comes next leads to a client address. */
    private void relocated() {
        relocated(at);
    }

    private void relocated(int where) {
        if (relocationCount == relocations.length) {
            relocations = Arrays.copyOf(relocations, relocationCount * 2);
        }
        relocations[relocationCount++] = where;
    }

    /** The 4-byte displacement of the instruction that ends with it. */
    private void relative(long address) {
        distance(address, at + 4);
    }

    private void distance(long address, int position) {
        long d = address - (base + position);
        if (d != (int) d) {
            throw new IllegalStateException("out of reach: 0x" + Long.toHexString(address));
        }
        int4((int) d);
    }

    /** {@code lea r11, [position in this chain]}. */
    void leaHere(int position) {
        leaCode(Reg.R11, position);
    }

    /** Adds to a counter of this thread, through r10 and r11; flags stay. */
    void count(int counter, int amount) {
        loadGs(Reg.R11, ThreadArea.COUNTERS);
        bytes3(0x4d, 0x8b, 0x93);                                 // mov r10, [r11 + counter]
        int4(8 * counter);
        bytes3(0x4d, 0x8d, 0x92);                                 // lea r10, [r10 + amount]
        int4(amount);
        bytes3(0x4d, 0x89, 0x93);                                 // mov [r11 + counter], r10
        int4(8 * counter);
    }

    /** {@code jmp [vector]}. */
    void jumpVector(int vector) {
        bytes3(0xff, 0x24, 0x25);
        int4(vector);
    }

    private void pad(int opcodeLength) {
        // Keeps the 4 displacement bytes that follow an opcode of this length inside one aligned 8-byte word.
        while ((at + opcodeLength & 7) > 4) {
            byte1(0x90);
        }
    }

    // ---- client instructions ----

    /** Copies the instruction; a rip-relative operand is aimed again. */
    void copy(Insn insn) {
        int n = insn.length();
        need(n);
        insn.copyTo(code, at);
        if (insn.isRipRelative()) {
            long d = insn.ripTarget() - (base + at + n);
            if (d != (int) d) {
                throw new IllegalStateException("rip-relative operand out of reach at 0x" + Long.toHexString(insn.address()));
            }
            patchInt(at + insn.dispOffset(), (int) d);
            relocated(at + insn.dispOffset());
        }
        at += n;
    }

    /**
     * An instruction with a gs: operand. The client's own base is zero unless it set one: with base zero the prefix has no
     * effect, so the copy leaves it out. (A client that sets a GS base is reported by the system-call layer.)
     */
    void gsInstruction(Insn insn) {
        core();
        for (int i = 0; i < insn.length(); i++) {
            if (insn.byteAt(i) != 0x65) {
                byte1(insn.byteAt(i));
            }
        }
    }

    // ---- control flow ----

    /** Unconditional exit to a client address: {@code jmp rel32}, linked now if the target is known. */
    void exit(Arena arena, long target) {
        pad(1);
        byte1(0xe9);
        linkOrDefer(arena, target);
    }

    void branch(Arena arena, int condition, long target) {
        pad(2);
        bytes2(0x0f, 0x80 | condition);
        linkOrDefer(arena, target);
    }

    /** loop, loope, loopne, jrcxz have only a byte of displacement: jump over a jump. */
    void loop(Arena arena, Insn insn, long target) {
        int n = insn.length();
        need(n + 2);
        insn.copyTo(code, at);
        code[at + n - 1] = 2;
        at += n;
        int over = at + 1;
        bytes2(0xeb, 0);
        exit(arena, target);
        patchShort(over);
    }

    /** To a client address from a slow fragment: the runtime decides in which version it goes on. */
    void exitSlow(Insn insn, long target) {
        long d = target - (base + at + 7);
        if (d == (int) d) {
            leaClient(Reg.R11, target);
        } else {
            // A jump that is there but that nobody takes, found beyond the reach of this arena.
            leaClient(Reg.R11, insn.address());
            bytes3(0x4d, 0x8d, 0x9b);                             // lea r11, [r11 + distance]
            int4((int) (target - insn.address()));
        }
        jumpVector(RuntimeStubs.VECTOR_SLOW);
    }

    /** Leaves for the slow version of the client instruction, whatever is defined. */
    void stepAside(long client) {
        leaClient(Reg.R11, client);
        jumpVector(RuntimeStubs.VECTOR_SLOW_ONE);
    }

    /** Leads to {@code step} if one of the registers in {@code touched}, dirty bits, is dirty. */
    void dirtyGuard(long touched, boolean flagsLive, StepStub step) {
        if (flagsLive) {
            storeGs(ThreadArea.SPILL_RCX, Reg.RCX);
            loadGs(Reg.R11, ShadowRegisters.DIRTY);
            if (touched == (touched & 0xffff_ffffL)) {
                byte1(0xb9);                                      // mov ecx, touched
                int4((int) touched);
            } else {
                bytes2(0x48, 0xb9);
                int4((int) touched);
                int4((int) (touched >>> 32));
            }
            bytes3(0xc4, 0xe2, 0xa2);                             // pext rcx, r11, rcx
            bytes2(0xf5, 0xc9);
            bytes2(0xe3, 5);                                      // jrcxz over the jump
            byte1(0xe9);
            step.from(this, true);
            loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
            return;
        }
        for (int half = 0; half < 2; half++) {
            int mask = (int) (touched >>> 32 * half);
            if (mask != 0) {
                bytes4(0x65, 0xf7, 0x04, 0x25);                   // test dword gs:[DIRTY], mask
                int4(ShadowRegisters.DIRTY + 4 * half);
                int4(mask);
                bytes2(0x0f, 0x85);
                step.from(this, false);
            }
        }
    }

    /** Leaves for the slow version of the client instruction if a vector, mask or x87 register is dirty. */
    void vectorGuard(long client, boolean flagsLive) {
        VectorGuardStub stub = new VectorGuardStub(client, clientOfCurrent(), flagsLive);
        if (flagsLive) {
            storeGs(ThreadArea.SPILL_RCX, Reg.RCX);
            bytes2(0x41, 0xbb);                                   // mov r11d, first vector bit
            int4(ShadowRegisters.DIRTY_VECTOR);
            bytes4(0x65, 0xc4, 0xe2, 0xa3);                       // shrx rcx, gs:[DIRTY], r11
            bytes4(0xf7, 0x0c, 0x25, ShadowRegisters.DIRTY);
            bytes3(ShadowRegisters.DIRTY >> 8, 0, 0);
            bytes2(0xe3, 5);                                      // jrcxz over the jump
            byte1(0xe9);
            stub.from = at;
            int4(0);
            loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        } else {
            bytes4(0x65, 0x48, 0x81, 0x3c);                       // cmp qword gs:[DIRTY], first vector bit - 1
            byte1(0x25);
            int4(ShadowRegisters.DIRTY);
            int4((1 << ShadowRegisters.DIRTY_VECTOR) - 1);
            bytes2(0x0f, 0x87);                                   // ja
            stub.from = at;
            int4(0);
        }
        if (guardCount == guards.length) {
            guards = Arrays.copyOf(guards, guardCount * 2);
        }
        guards[guardCount++] = stub;
    }

    /** The out-of-line part of a guard: {@code from} is the position of the displacement that leads here. */
    private static final class VectorGuardStub {
        private final long client;
        private final int offset;
        private final boolean spilled;
        private int from;

        VectorGuardStub(long client, int offset, boolean spilled) {
            this.client = client;
            this.offset = offset;
            this.spilled = spilled;
        }

        void emit(FragmentEmitter out) {
            out.outOfLine(offset);
            out.landHere(from);
            if (spilled) {
                out.loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
            }
            out.stepAside(client);
        }
    }

    /** {@code jcc} to a place of this chain that comes later; returns the position to patch. */
    int branchAhead(int condition) {
        bytes2(0x0f, 0x80 | condition);
        int4(0);
        return at - 4;
    }

    /** The displacement at {@code where} leads here. */
    void landHere(int where) {
        patchInt(where, at - (where + 4));
    }

    /** Copies a loop instruction so that it skips the short jump behind it; returns the position of that jump's displacement. */
    int loopAhead(Insn insn) {
        int n = insn.length();
        need(n);
        insn.copyTo(code, at);
        code[at + n - 1] = 5;
        at += n;
        byte1(0xe9);
        int4(0);
        return at - 4;
    }

    /** From a block at the client address whose bytes have changed. */
    void exitStale(long client) {
        pad(1);
        byte1(0xe9);
        defer(client, true);
    }

    /**
     * Leaves the block if the client's bytes at {@code client} are not those of its instructions.
     *
     * @param bytes so many of them, from the first
     * @param vector where slow code goes if it is so; 0 in fast code, which has an exit for that
     */
    void codeCheck(long client, byte[] bytes, int length, boolean flagsLive, int vector) {
        StaleStub stub = new StaleStub(client, clientOfCurrent(), flagsLive, vector);
        if (staleCount == stale.length) {
            stale = Arrays.copyOf(stale, staleCount * 2);
        }
        stale[staleCount++] = stub;
        if (flagsLive) {
            storeGs(ThreadArea.SPILL_RCX, Reg.RCX);
        }
        for (int i = 0; i < length;) {
            // Aligned, since the client may have asked for alignment checks (HotSpot does for a moment).
            int size = (int) Math.min(8, Long.lowestOneBit(client + i | 8));
            while (size > length - i) {
                size >>= 1;
            }
            long expected = 0;
            for (int k = size - 1; k >= 0; k--) {
                expected = expected << 8 | bytes[i + k] & 0xff;
            }
            loadClient(Reg.RCX, client + i, size, flagsLive);
            compareExpected(size, expected, flagsLive, stub);
            i += size;
        }
        if (flagsLive) {
            loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        }
    }

    /** Client bytes into rcx, or into r11 if rcx is not free. */
    private void loadClient(int rcx, long address, int size, boolean rcxFree) {
        int reg = rcxFree ? rcx : Reg.R11;
        int rex = (size == 8 ? 0x48 : 0x40) | (reg >= 8 ? 4 : 0);
        switch (size) {
            case 1 -> bytes3(rex, 0x0f, 0xb6);
            case 2 -> bytes3(rex, 0x0f, 0xb7);
            default -> bytes2(rex, 0x8b);
        }
        byte1(0x05 | (reg & 7) << 3);
        relocated();
        relative(address);
    }

    private void compareExpected(int size, long expected, boolean rcxFree, StaleStub stub) {
        if (!rcxFree) {
            if (size == 8) {
                // Without another register: both halves of r11, the upper one rotated down.
                bytes3(0x41, 0x81, 0xfb);                         // cmp r11d, low
                int4((int) expected);
                bytes2(0x0f, 0x85);
                stub.from(this);
                bytes4(0x49, 0xc1, 0xeb, 32);                     // shr r11, 32
                expected >>>= 32;
            }
            bytes3(0x41, 0x81, 0xfb);
            int4((int) expected);
            bytes2(0x0f, 0x85);
            stub.from(this);
            return;
        }
        if (size == 8) {
            bytes2(0x49, 0xbb);                                   // mov r11, -expected
            int4((int) -expected);
            int4((int) (-expected >>> 32));
            bytes4(0x4a, 0x8d, 0x0c, 0x19);                       // lea rcx, [rcx + r11]
        } else {
            bytes2(0x8d, 0x89);                                   // lea ecx, [rcx - expected]
            int4((int) -expected);
        }
        bytes2(0xe3, 5);                                          // jrcxz over the jump
        byte1(0xe9);
        stub.from(this);
    }

    private void linkOrDefer(Arena arena, long target) {
        if (arena.translates(target)) {
            int client = (int) (target - arena.clientStart);
            int here = fragmentOffset(client);
            int cache = here >= 0 ? arena.used() + here : arena.code.fragment(client);
            if (cache >= 0) {
                int4(cache - (arena.used() + at + 4));
                return;
            }
        }
        defer(target, false);
    }

    private void defer(long target, boolean stale) {
        if (exitCount == exitPatches.length) {
            exitPatches = Arrays.copyOf(exitPatches, exitCount * 2);
            exitTargets = Arrays.copyOf(exitTargets, exitCount * 2);
            exitStale = Arrays.copyOf(exitStale, exitCount * 2);
        }
        exitPatches[exitCount] = at;
        exitStale[exitCount] = stale;
        exitTargets[exitCount++] = target;
        int4(0);
    }

    /** Pushes the client's return address and tells the return cache where its translation is entered. */
    void pushReturn(Arena arena, long next) {
        pushReturnSlow(next);
        bytes3(0x4c, 0x8d, 0x1d);                             // lea r11, [entry], filled in by finish
        if (entryCount == entryUses.length) {
            entryUses = Arrays.copyOf(entryUses, entryCount * 2);
            entryTargets = Arrays.copyOf(entryTargets, entryCount * 2);
        }
        entryUses[entryCount] = at;
        entryTargets[entryCount++] = next;
        int4(0);
        storeGs(ThreadArea.RETURN_VALUES + 8 * (int) (next & ThreadArea.RETURN_SLOTS - 1), Reg.R11);
    }

    /**
     * The way in for indirect jumps: tables are indexed without a look at their keys, so the entry itself makes sure that r11 is
     * the client address that it stands for, and hands over to the slow lookup if not. Flags are kept even if nothing here reads them:
     * where the jump really leads they may be read.
     */
    void entry(Arena arena, long client, boolean shadow) {
        outOfLine((int) (client - arena.clientStart));
        storeGs(ThreadArea.SPILL_RCX, Reg.RCX);
        leaClient(Reg.RCX, client);
        bytes3(0x48, 0xf7, 0xd1);                             // not rcx
        bytes4(0x4a, 0x8d, 0x4c, 0x19);                       // lea rcx, [rcx + r11 + 1]
        byte1(1);
        bytes2(0xe3, 16);                                     // jrcxz over the way out
        loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        jumpVector(RuntimeStubs.VECTOR_INDIRECT);
        loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        if (shadow) {
            loadGs(Reg.R10, ThreadArea.SHADOW_BASE);
        }
        exit(arena, client);
    }

    /** {@code lea r11, [landing]}: an address from which the code at {@code next} is reached, linked like an exit. */
    private void leaLanding(Arena arena, long next) {
        while ((at + 3 & 7) > 4) {
            byte1(0x90);
        }
        bytes3(0x4c, 0x8d, 0x1d);
        linkOrDefer(arena, next);
    }

    /** Copies the target of an indirect branch into {@code into}; the operand's own stolen registers are already lent. */
    void loadTarget(Insn insn, int into) {
        // Same operand, as "mov into, r/m64": the opcode becomes 8b and the reg field the destination. Of the prefixes
        // only segment overrides and REX.X/B matter.
        int modRm = insn.modRmOffset();
        int rex = 0x48 | (into >= 8 ? 4 : 0);
        for (int i = 0; i < modRm - 1; i++) {
            int b = insn.byteAt(i) & 0xff;
            if (b >= 0x40 && b <= 0x4f) {
                rex |= b & 3;
            } else if (b == 0x64 || b == 0x67) {
                byte1(b);
            }
        }
        bytes2(rex, 0x8b);
        int start = at;
        byte1(insn.byteAt(modRm) & 0xc7 | (into & 7) << 3);
        for (int i = modRm + 1; i < insn.length(); i++) {
            byte1(insn.byteAt(i));
        }
        if (insn.isRipRelative()) {
            long d = insn.ripTarget() - (base + at);
            patchInt(start + 1, (int) d);
            relocated(start + 1);
        }
    }

    /** Jumps to the client address in r11 by way of the lookup table; the entry there checks that it is meant. */
    void indirect() {
        bytes4(0x45, 0x0f, 0xb7, 0xd3);                       // movzx r10d, r11w
        bytes4(0x42, 0xff, 0x24, 0xd5);                       // jmp [r10*8 + values]
        int4((int) AddressMap.LOOKUP_VALUES);
    }

    /** Pops the client's return address into r11 and drops the callee's arguments, if it says so. */
    void popReturn(Insn insn) {
        bytes2(0x41, 0x5b);
        if (insn.length() >= 3 && (insn.byteAt(insn.length() - 3) & 0xff) == 0xc2) {
            int drop = insn.byteAt(insn.length() - 2) & 0xff | (insn.byteAt(insn.length() - 1) & 0xff) << 8;
            bytes4(0x48, 0x8d, 0xa4, 0x24);                   // lea rsp, [rsp + drop]
            int4(drop);
        }
    }

    /** Jumps to the client address in r11 by way of the return cache. */
    void returnProbe() {
        bytes4(0x45, 0x0f, 0xb6, 0xd3);                       // movzx r10d, r11b
        bytes3(0x65, 0x42, 0xff);                             // jmp gs:[r10*8 + values]
        bytes2(0x24, 0xd5);
        int4(ThreadArea.RETURN_VALUES);
    }

    /** Leaves for the gate; comes back at the landing of {@code next}. */
    void syscall(Arena arena, long next) {
        leaClient(Reg.R11, next);
        storeGs(ThreadArea.SYSCALL_NEXT, Reg.R11);
        leaLanding(arena, next);
        storeGs(ThreadArea.NEXT_CACHE, Reg.R11);
        jumpVector(RuntimeStubs.VECTOR_SYSCALL);
    }

    /** As {@link #syscall} in a slow fragment, whose registers may be undefined. */
    void syscallSlow(long next) {
        leaClient(Reg.R11, next);
        storeGs(ThreadArea.SYSCALL_NEXT, Reg.R11);
        leaCode(Reg.R11, at + 7 + 9 + 7);
        storeGs(ThreadArea.NEXT_CACHE, Reg.R11);
        jumpVector(RuntimeStubs.VECTOR_SYSCALL);
        leaClient(Reg.R11, next);
        jumpVector(RuntimeStubs.VECTOR_SLOW);
    }

    /** Pushes the client's return address, and nothing else. */
    void pushReturnSlow(long next) {
        leaClient(Reg.R11, next);
        bytes2(0x41, 0x53);
    }

    /** To a client address elsewhere: as an indirect jump. */
    void bridge(long target) {
        leaClient(Reg.R11, target);
        jumpVector(RuntimeStubs.VECTOR_INDIRECT);
    }

    /** A redirected function: the runtime does its work and returns to the caller. */
    void redirect(long client, int function) {
        instruction(fragments[2 * fragmentCount - 2]);
        leaClient(Reg.R11, client);
        storeGs(ThreadArea.EVENT_PC, Reg.R11);
        bytes2(0x41, 0xbb);                                   // mov r11d, function
        int4(function);
        jumpVector(RuntimeStubs.VECTOR_REDIRECT);
    }

    /** {@code xbegin} that aborts at once, as the architecture allows: eax = 0 and on at the fallback address. */
    void abortedTransaction() {
        bytes2(0xb8, 0);
        bytes3(0, 0, 0);
    }

    // ---- stubs ----

    void addStub(MemoryCheckStub stub) {
        if (stubCount == stubs.length) {
            stubs = Arrays.copyOf(stubs, stubCount * 2);
        }
        stubs[stubCount++] = stub;
    }

    void addStep(StepStub stub) {
        if (stepCount == steps.length) {
            steps = Arrays.copyOf(steps, stepCount * 2);
        }
        steps[stepCount++] = stub;
    }

    /** Writes the stubs, places everything in the arena, and registers its maps. */
    void finish(Arena arena, boolean shadow) {
        int origin = arena.used();
        for (int i = 0; i < entryCount; i++) {
            patchInt(entryUses[i], at - (entryUses[i] + 4));
            entry(arena, entryTargets[i], shadow);
        }
        for (int i = 0; i < stubCount; i++) {
            stubs[i].emit(this);
        }
        for (int i = 0; i < guardCount; i++) {
            guards[i].emit(this);
        }
        for (int i = 0; i < staleCount; i++) {
            stale[i].emit(this);
        }
        for (int i = 0; i < stepCount; i++) {
            steps[i].emit(this, steps[i].clientOffset(arena.clientStart));
        }
        for (int i = 0; i < exitCount; i++) {
            int stub = at;
            // The stub's own address says which exit it is: nothing in it depends on where the arena lies.
            leaCode(Reg.R11, stub);
            jumpVector(RuntimeStubs.VECTOR_EXIT);
            patchInt(exitPatches[i], stub - (exitPatches[i] + 4));
        }
        int stub = at - exitCount * STUB_SIZE;
        ModuleCode module = arena.code;
        module.append(code, at);
        for (int i = 0; i < exitCount; i++) {
            module.addExit(origin + stub + i * STUB_SIZE, origin + exitPatches[i], exitTargets[i] - arena.clientStart, exitStale[i]);
        }
        for (int i = 0; i < instructionCount; i++) {
            int core = instructions[3 * i + 1];
            module.addInstruction(origin + instructions[3 * i], core == ModuleCode.OUT_OF_LINE ? core : origin + core,
                    instructions[3 * i + 2]);
        }
        for (int i = 0; i < relocationCount; i++) {
            module.addRelocation(origin + relocations[i]);
        }
        for (int i = 0; i < fragmentCount; i++) {
            if (slow) {
                module.addSlow(fragments[2 * i], origin + fragments[2 * i + 1]);
            } else {
                module.addFragment(fragments[2 * i], origin + fragments[2 * i + 1]);
            }
        }
    }
}
