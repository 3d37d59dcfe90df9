// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.Arrays;
import java.util.List;

import muninn.isa.Decoder;
import muninn.isa.Flags;
import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.isa.code.Reg;
import muninn.runtime.ClientRequests;
import muninn.runtime.ThreadArea;
import muninn.runtime.definedness.Descriptor;

/**
 * Turns client bytes at one address, and what is known to follow it, into fragments in an arena: decode a block, find
 * which flags are live where, copy each instruction with the tool's checks before it, rewrite what touches control flow,
 * {@code rip}, {@code syscall}, {@code gs:} or a stolen register.
 *
 * <p>One call translates a <em>run</em>: the wanted block, the fall-through block of each conditional branch directly behind
 * it (so that the not-taken way costs nothing), and a bounded number of direct successors, since each miss costs a round trip.
 *
 * <p>State at every fragment entry and at every instruction boundary: all client registers and flags in the hardware,
 * except r10 and r11, which are in the thread area; hardware r10 holds the shadow base (tools with a shadow) or nothing,
 * hardware r11 nothing.
 *
 * <p>Slow fragments (DESIGN 5) hold a short trace each, are reached through a table of their own and leave through the runtime, which
 * goes back to fast code when all general registers and flags are defined; a fast fragment asks for the others before it uses one. In
 * front of each instruction they ask whether a register that it touches, or memory that it accesses, is not defined, and if so have the
 * shadow of its results computed ({@link StepStub}).
 */
final class BlockTranslator {
    private static final int MAX_INSNS = 128;
    /** Slow code is seldom needed for long. */
    private static final int MAX_SLOW_INSNS = 32;
    private static final int STOLEN = 1 << Reg.R10 | 1 << Reg.R11;

    /** rol rdi, 3; rol rdi, 13; rol rdi, 61; rol rdi, 51; xchg rbx, rbx: the mark of a client request (valgrind.h). */
    private static final byte[] REQUEST = {0x48, (byte) 0xc1, (byte) 0xc7, 3, 0x48, (byte) 0xc1, (byte) 0xc7, 13, 0x48, (byte) 0xc1,
        (byte) 0xc7, 61, 0x48, (byte) 0xc1, (byte) 0xc7, 51, 0x48, (byte) 0x87, (byte) 0xdb};

    private final byte[] mark = new byte[REQUEST.length];
    private final TextSource text;
    private final MemoryChecks checks;
    private final SlowSteps steps;
    private final Redirects redirects;
    private final List<ChainInspector> inspectors;
    private final int lookAhead;
    /** What a tool has counted in a block; {@code null} if it counts nothing. */
    private final BlockCounts counts;

    private final Insn[] insns = new Insn[MAX_INSNS];
    private final int[] flagsLiveBefore = new int[MAX_INSNS];
    private int count;

    /** Client addresses to which the slow fragment translated last leads directly. */
    final long[] slowNext = new long[4];
    int slowNextCount;

    private final byte[] fetch = new byte[16];
    private final long[] queue;
    private int queued;

    private Arena arena;
    private FragmentEmitter out;

    /** Counters for {@code --stats}, over all address spaces (translation happens under the engine's lock). */
    static long totalInstructions;
    static long totalChains;
    static long totalBytes;

    BlockTranslator(TextSource text, MemoryChecks checks, SlowSteps steps, Redirects redirects,
            List<ChainInspector> inspectors, int lookAhead, BlockCounts counts) {
        this.counts = counts;
        this.text = text;
        this.checks = checks;
        this.steps = steps;
        this.redirects = redirects;
        this.inspectors = inspectors;
        this.lookAhead = lookAhead;
        this.queue = new long[lookAhead + 2];
    }

    /**
     * Translates at {@code client}, which {@code arena} covers.
     *
     * @return cache pc of the fragment; 0 if the arena is full; -1 if the client's bytes at that address cannot be read or executed
     */
    long translate(Arena into, long client) {
        long known = into.find(client);
        if (known != 0) {
            return known;
        }
        arena = into;
        queued = 0;
        queue[queued++] = client;
        for (int i = 0; i < queued; i++) {
            long next = queue[i];
            if (arena.find(next) != 0) {
                continue;
            }
            if (arena.free() < FragmentEmitter.CAPACITY) {
                break;
            }
            if (!run(next) && i == 0) {
                return -1;
            }
        }
        return arena.find(client);
    }

    /** As {@link #translate}, of the bytes that stand there now, whatever has been translated. */
    long translateAgain(Arena into, long client) {
        if (into.free() < FragmentEmitter.CAPACITY) {
            return 0;
        }
        arena = into;
        queued = 0;
        return run(client) ? into.find(client) : -1;
    }

    /** As {@link #translateSlow}, of the bytes that stand there now. */
    long translateSlowAgain(Arena into, long client) {
        slowNextCount = 0;
        return makeSlow(into, client);
    }

    /**
     * The entry for indirect jumps to {@code client}, whose fragment is in {@code into}.
     *
     * @return its cache pc, or 0 if the arena is full
     */
    long entry(Arena into, long client) {
        long known = into.findEntry(client);
        if (known != 0) {
            return known;
        }
        if (into.free() < 128) {
            return 0;
        }
        arena = into;
        into.alignUsed();
        int at = into.used();
        out = new FragmentEmitter(into.cacheBase + at);
        out.entry(into, client, checks != null);
        out.finish(into, checks != null);
        into.addEntry(client, at);
        inspect(client);
        return into.cacheBase + at;
    }

    /**
     * The slow fragment at {@code client}, which {@code into} covers.
     *
     * @return its cache pc; 0 if the arena is full; -1 if the client's bytes there cannot be read
     */
    long translateSlow(Arena into, long client) {
        slowNextCount = 0;
        long known = into.findSlow(client);
        return known != 0 ? known : makeSlow(into, client);
    }

    private long makeSlow(Arena into, long client) {
        if (into.free() < FragmentEmitter.CAPACITY) {
            return 0;
        }
        arena = into;
        into.alignUsed();
        out = new FragmentEmitter(into.cacheBase + into.used());
        out.slowFragment(into, client);
        int redirect = replacedAt(client);
        if (redirect != 0) {
            out.redirect(client, redirect);
        } else {
            decode(client);
            if (count == 0) {
                return -1;
            }
            liveness(Flags.STATUS);
            emitSlowTrace();
        }
        out.finish(into, true);
        totalBytes += out.size();
        inspect(client);
        return into.findSlow(client);
    }

    /** Follows the code through branches that are not taken and through jumps, for {@link #MAX_SLOW_INSNS} instructions. */
    private void emitSlowTrace() {
        int left = MAX_SLOW_INSNS;
        // The first block is this fragment's own; each later one has another fragment that starts with it.
        int vector = RuntimeStubs.VECTOR_SLOW_STALE;
        while (true) {
            long next = 0;
            for (int i = 0; i < count; i++, left--) {
                Insn insn = insns[i];
                if (left == 0 || insn.flow() == Flow.SYSCALL && left < MAX_SLOW_INSNS) {
                    leaveSlow(insn, insn.address());
                    return;
                }
                if (insn.flow() == Flow.SYSCALL) {
                    // The kernel's view of the arguments is checked at the gate.
                    out.instruction((int) (insn.address() - arena.clientStart));
                    checkCode(vector);
                    out.core();
                    out.syscallSlow(insn.address() + insn.length());
                    return;
                }
                out.slowInstruction((int) (insn.address() - arena.clientStart));
                if (i == 0) {
                    checkCode(vector);
                }
                StepStub step = guard(insn, flagsLiveBefore[i] != 0);
                step.back = out.position();
                checks.mark(out, insn);
                next = insn.address() + insn.length();
                if (insn.flow() == Flow.NEXT) {
                    copy(insn);
                    checks.after(out, insn);
                } else if (insn.flow() == Flow.BRANCH) {
                    out.core();
                    int notTaken = out.branchAhead(insn.condition() ^ 1);
                    leaveSlow(insn, insn.target());
                    out.landHere(notTaken);
                } else if (insn.flow() == Flow.JUMP) {
                    next = insn.target();
                } else {
                    exitSlow(insn);
                    return;
                }
            }
            Insn last = insns[count - 1];
            if (!arena.translates(next) || replacedAt(next) != 0) {
                leaveSlow(last, next);
                return;
            }
            decode(next);
            if (count == 0) {
                leaveSlow(last, next);
                return;
            }
            liveness(Flags.STATUS);
            vector = RuntimeStubs.VECTOR_SLOW;
        }
    }

    /** What decides whether the shadow of the instruction's results has to be computed. */
    private StepStub guard(Insn insn, boolean flagsLive) {
        SlowSteps.Step what = steps.step(insn);
        byte[] descriptor = what.descriptor();
        StepStub step = new StepStub(what, insn.address());
        out.addStep(step);
        if (checks.needsStep(insn)) {
            out.byte1(0xe9);
            step.from(out, false);
            return step;
        }
        long touched = AddressSpace.longAt(descriptor, Descriptor.READS) | AddressSpace.longAt(descriptor, Descriptor.WRITES);
        if (touched != 0) {
            out.dirtyGuard(touched, flagsLive, step);
        }
        checks.emitSlow(out, insn, flagsLive, step);
        return step;
    }

    /** The ways out of slow code. */
    private void exitSlow(Insn insn) {
        long next = insn.address() + insn.length();
        out.core();
        switch (insn.flow()) {
            case LOOP -> {
                int done = out.loopAhead(insn);
                leaveSlow(insn, insn.target());
                out.landHere(done);
                leaveSlow(insn, next);
            }
            case CALL -> {
                out.pushReturnSlow(next);
                leaveSlow(insn, insn.target());
            }
            case CALL_INDIRECT -> {
                target(insn, Reg.R10);
                out.pushReturnSlow(next);
                out.move(Reg.R11, Reg.R10);
                out.jumpVector(RuntimeStubs.VECTOR_SLOW);
            }
            case JUMP_INDIRECT -> {
                target(insn, Reg.R11);
                out.jumpVector(RuntimeStubs.VECTOR_SLOW);
            }
            case RETURN -> {
                out.popReturn(insn);
                out.jumpVector(RuntimeStubs.VECTOR_SLOW);
            }
            case XBEGIN -> {
                out.abortedTransaction();
                leaveSlow(insn, insn.target());
            }
            case INTERRUPT, FAR, TRAP -> {
                out.copy(insn);
                leaveSlow(insn, next);
            }
            case NEXT, JUMP, BRANCH, SYSCALL -> throw new IllegalStateException("no exit");
        }
    }

    /** To a client address from slow code. */
    private void leaveSlow(Insn insn, long target) {
        out.exitSlow(insn, target);
        if (slowNextCount < slowNext.length && arena.translates(target)) {
            slowNext[slowNextCount++] = target;
        }
    }

    /** Translates a chain of blocks joined by fall-through. */
    private boolean run(long client) {
        arena.alignUsed();
        out = new FragmentEmitter(arena.cacheBase + arena.used());
        boolean any = false;
        long at = client;
        while (true) {
            int redirect = replacedAt(at);
            if (redirect != 0) {
                begin(at);
                any = true;
                out.redirect(at, redirect);
                break;
            }
            decode(at);
            if (count == 0) {
                if (!any) {
                    return false;
                }
                // The chain runs into bytes that cannot be read: it faults there only if it gets there.
                exit(at);
                break;
            }
            any = true;
            totalInstructions += count;
            liveness(liveAtEnd());
            begin(at);
            long next = emitBlock();
            if (next == 0) {
                break;
            }
            if (!arena.translates(next) || arena.find(next) != 0 || out.fragmentKnown((int) (next - arena.clientStart))
                    || out.size() > FragmentEmitter.CAPACITY / 3) {
                exit(next);
                break;
            }
            at = next;
        }
        out.finish(arena, checks != null);
        totalChains++;
        totalBytes += out.size();
        inspect(client);
        return true;
    }

    private void inspect(long client) {
        for (int i = 0; i < inspectors.size(); i++) {
            inspectors.get(i).chain(arena, client, out, text);
        }
    }

    private void begin(long client) {
        out.fragment((int) (client - arena.clientStart));
    }

    /** Number of what runs in place of the client's code at this address: a function that the tool replaces, or a client request. */
    private int replacedAt(long client) {
        int function = redirects.functionAt(client);
        boolean request = function == 0 && checks != null && arena.translates(client + REQUEST.length - 1)
                && text.read(arena, client, mark) == REQUEST.length && Arrays.equals(mark, REQUEST);
        return request ? ClientRequests.FUNCTION : function;
    }

    /** The first instruction of a client request: a look at the rest is worth while. */
    private static boolean isRequestStart(Insn insn) {
        boolean same = insn.length() == 4;
        for (int i = 0; i < 4 && same; i++) {
            same = insn.byteAt(i) == (REQUEST[i] & 0xff);
        }
        return same;
    }

    private void decode(long client) {
        count = 0;
        long at = client;
        while (count < MAX_INSNS && arena.translates(at)) {
            if (count > 0 && redirects.functionAt(at) != 0) {
                return;
            }
            int got = text.read(arena, at, fetch);
            if (got <= 0) {
                return;
            }
            Insn insn = Decoder.decode(fetch, 0, got, at);
            if (insn.isTruncated() || insn.length() == 0) {
                // Straddles the end of what is readable: executed as it is, it faults as natively. Only its own block does.
                return;
            }
            if (insn.isRipRelative() && !reaches(insn.ripTarget())) {
                // Found in data that the look-ahead took for code: no module has operands that far away.
                return;
            }
            if (count > 0 && isRequestStart(insn) && replacedAt(at) != 0) {
                return;
            }
            insns[count++] = insn;
            if (insn.flow() != Flow.NEXT) {
                return;
            }
            at += insn.length();
        }
    }

    /** Whether code anywhere in the arena can have an operand at {@code address}. */
    private boolean reaches(long address) {
        return Math.abs(address - arena.cacheBase) < Integer.MAX_VALUE - arena.code.size;
    }

    /** Backward over the block: which status flags somebody may still read. */
    private void liveness(int atEnd) {
        int live = atEnd;
        for (int i = count - 1; i >= 0; i--) {
            Insn insn = insns[i];
            live = live & ~insn.flagsWritten() | insn.flagsRead();
            flagsLiveBefore[i] = live & Flags.STATUS;
        }
    }

    private int liveAtEnd() {
        if (checks == null) {
            return Flags.STATUS;
        }
        Insn last = insns[count - 1];
        return switch (last.flow()) {
            case JUMP, CALL -> liveAt(last.target());
            case BRANCH, LOOP -> liveAt(last.target()) | liveAt(last.address() + last.length());
            case NEXT -> liveAt(last.address() + last.length());
            default -> Flags.STATUS;
        };
    }

    /** Flags live at a known address: a short look forward over straight code. */
    private int liveAt(long client) {
        if (arena.code.change == Change.ANY_TIME) {
            // What stands there may be something else by then.
            return Flags.STATUS;
        }
        int live = 0;
        int pending = Flags.STATUS;
        long at = client;
        byte[] bytes = new byte[16];
        for (int i = 0; i < 6 && pending != 0; i++) {
            if (!arena.translates(at)) {
                return live | pending;
            }
            int got = text.read(arena, at, bytes);
            if (got <= 0) {
                return live | pending;
            }
            Insn insn = Decoder.decode(bytes, 0, got, at);
            if (insn.isTruncated() || insn.length() == 0) {
                return live | pending;
            }
            live |= insn.flagsRead() & pending;
            pending &= ~insn.flagsRead();
            if (insn.flow() != Flow.NEXT) {
                return live | pending;
            }
            pending &= ~insn.flagsWritten();
            at += insn.length();
        }
        return live | pending;
    }

    /** Code that may change at any time is compared with what was decoded. */
    private void checkCode(int vector) {
        if (arena.code.change != Change.ANY_TIME) {
            return;
        }
        byte[] bytes = new byte[count * 15];
        int length = 0;
        for (int i = 0; i < count; i++) {
            insns[i].copyTo(bytes, length);
            length += insns[i].length();
        }
        out.codeCheck(insns[0].address(), bytes, length, flagsLiveBefore[0] != 0, vector);
    }

    /** Emits the decoded block; returns the client pc at which the chain may go on, or 0 if it ends here. */
    private long emitBlock() {
        boolean vectorsClean = steps == null;
        if (counts != null) {
            counts.choose(Arrays.asList(insns).subList(0, count));
        }
        for (int i = 0; i < count; i++) {
            Insn insn = insns[i];
            out.instruction((int) (insn.address() - arena.clientStart));
            boolean flagsLive = flagsLiveBefore[i] != 0;
            if (i == 0) {
                checkCode(0);
            }
            if (counts != null) {
                counts.emitBefore(out, i);
            }
            if (!vectorsClean && insn.vectorKind() != Insn.VECTOR_NONE) {
                // Undefined bits often stay for long in vector registers that nobody reads: fast code is left only where they are used.
                vectorsClean = true;
                out.vectorGuard(insn.address(), flagsLive);
            }
            if (checks != null) {
                if (steps != null && checks.needsStep(insn)) {
                    out.core();
                    out.stepAside(insn.address());
                    return 0;
                }
                checks.emit(out, insn, flagsLive);
            }
            if (insn.flow() == Flow.NEXT) {
                copy(insn);
                if (checks != null) {
                    checks.after(out, insn);
                }
            } else {
                return emitExit(insn);
            }
        }
        Insn last = insns[count - 1];
        return last.address() + last.length();
    }

    /** A plain instruction: verbatim but for a rip-relative displacement; stolen registers are lent for its duration. */
    private void copy(Insn insn) {
        if (insn.segment() == 5) {
            out.gsInstruction(insn);
            return;
        }
        int stolen = (insn.gprReads() | insn.gprWrites()) & STOLEN;
        if (stolen == 0) {
            out.core();
            out.copy(insn);
            return;
        }
        if ((stolen & 1 << Reg.R10) != 0) {
            out.loadGs(Reg.R10, ThreadArea.CLIENT_R10);
        }
        if ((stolen & 1 << Reg.R11) != 0) {
            out.loadGs(Reg.R11, ThreadArea.CLIENT_R11);
        }
        out.core();
        out.copy(insn);
        if ((insn.gprWrites() & 1 << Reg.R11) != 0) {
            out.storeGs(ThreadArea.CLIENT_R11, Reg.R11);
        }
        if ((stolen & 1 << Reg.R10) != 0) {
            if ((insn.gprWrites() & 1 << Reg.R10) != 0) {
                out.storeGs(ThreadArea.CLIENT_R10, Reg.R10);
            }
            restoreShadowBase();
        }
    }

    private void restoreShadowBase() {
        if (checks != null) {
            out.loadGs(Reg.R10, ThreadArea.SHADOW_BASE);
        }
    }

    private long emitExit(Insn insn) {
        long next = insn.address() + insn.length();
        switch (insn.flow()) {
            case JUMP -> {
                out.core();
                want(insn.target());
                return insn.target();
            }
            case BRANCH -> {
                out.core();
                if (counts != null && counts.countsTaken()) {
                    int notTaken = out.branchAhead(insn.condition() ^ 1);
                    counts.emitTaken(out);
                    exit(insn.target());
                    out.landHere(notTaken);
                } else {
                    out.branch(arena, insn.condition(), insn.target());
                }
                want(insn.target());
                return next;
            }
            case LOOP -> {
                out.core();
                out.loop(arena, insn, insn.target());
                want(insn.target());
                return next;
            }
            case CALL -> {
                out.core();
                out.pushReturn(arena, next);
                want(insn.target());
                want(next);
                exit(insn.target());
            }
            case CALL_INDIRECT -> {
                out.core();
                target(insn, Reg.R10);
                out.pushReturn(arena, next);
                out.move(Reg.R11, Reg.R10);
                out.indirect();
                want(next);
            }
            case JUMP_INDIRECT -> {
                out.core();
                target(insn, Reg.R11);
                out.indirect();
            }
            case RETURN -> {
                out.core();
                out.popReturn(insn);
                out.returnProbe();
            }
            case SYSCALL -> {
                out.core();
                out.syscall(arena, next);
            }
            case INTERRUPT, FAR, XBEGIN, TRAP -> {
                // Executed as it is: the kernel's signal carries our cache pc, which the tracer turns into the client's.
                if (insn.flow() == Flow.XBEGIN) {
                    out.core();
                    out.abortedTransaction();
                    exit(insn.target());
                    return 0;
                }
                out.core();
                out.copy(insn);
                exit(next);
            }
            case NEXT -> throw new IllegalStateException("not an exit");
        }
        return 0;
    }

    /** Loads the target of an indirect jump or call into {@code into} (r10 or r11); faults before any effect. */
    private void target(Insn insn, int into) {
        int stolen = insn.gprReads() & STOLEN;
        if ((stolen & 1 << Reg.R10) != 0) {
            out.loadGs(Reg.R10, ThreadArea.CLIENT_R10);
        }
        if ((stolen & 1 << Reg.R11) != 0) {
            out.loadGs(Reg.R11, ThreadArea.CLIENT_R11);
        }
        out.core();
        out.loadTarget(insn, into);
    }

    private void exit(long target) {
        out.exit(arena, target);
    }

    /** Notes a successor worth translating in the same round. */
    private void want(long client) {
        if (queued < lookAhead && arena.translates(client)) {
            queue[queued++] = client;
        }
    }
}
