// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;

import muninn.isa.Decoder;
import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.runtime.AddressMap;
import muninn.runtime.ThreadArea;

/**
 * Self-checks of the engine ({@code --verify}); each level includes those below it.
 *
 * <ol>
 * <li>Every new chain is decoded again along all its ways: each instruction is one that we may have written, jumps lead to
 *     boundaries of this arena or to the runtime's vectors, client instructions are copied byte for byte, and what depends on the
 *     distance between code and client is known as a relocation.
 * <li>Whenever a module's code is mapped and at the end of the process: the maps of every arena, where its exits lead, and whether
 *     the client's lookup table is what the controller believes it to be ({@link SpaceVerifier}).
 * <li>At the same moments: /proc/maps against the arenas.
 * <li>Levels 2 and 3 at every chain.
 * </ol>
 *
 * A finding is told at once and the program goes on; {@link Engine#failedChecks} says at the end that there were some.
 */
final class CodeVerifier implements ChainInspector {
    private static final int TOLD = 10;
    private static final int NOTHING = 0;
    private static final int BOUNDARY = 1;
    private static final int INSIDE = 2;

    private final PrintStream messages;
    private long chains;
    private long findings;

    /** The chain that is looked at: its bytes, where it lies in its arena, what each byte is, where to go on. */
    private byte[] code;
    private int origin;
    private Arena arena;
    private byte[] role;
    private int[] ways = new int[64];
    private int wayCount;
    private Insn[] found;

    CodeVerifier(PrintStream messages) {
        this.messages = messages;
    }

    long chains() {
        return chains;
    }

    long findings() {
        return findings;
    }

    /** Tells of something that must not be. */
    void finding(String text) {
        if (findings++ < TOLD) {
            messages.println("muninn: internal check failed: " + text);
            messages.flush();
        }
    }

    @Override
    public void chain(Arena into, long client, FragmentEmitter emitted, TextSource text) {
        chains++;
        int size = emitted.size();
        arena = into;
        origin = into.used() - size;
        code = new byte[size];
        MemorySegment.copy(into.code.bytes, ValueLayout.JAVA_BYTE, origin, code, 0, size);
        role = new byte[size];
        found = new Insn[size];
        wayCount = 0;
        ModuleCode module = into.code;
        int first = module.firstInstruction(origin);
        int last = module.firstInstruction(origin + size);
        for (int i = first; i < last; i++) {
            way(module.start(i) - origin);
            if (module.core(i) != ModuleCode.OUT_OF_LINE) {
                way(module.core(i) - origin);
            }
        }
        for (int e = module.firstExit(origin); e < module.firstExit(origin + size); e++) {
            way(module.exitStub(e) - origin);
        }
        while (wayCount > 0) {
            walk(ways[--wayCount]);
        }
        for (int i = first; i < last; i++) {
            if (module.core(i) != ModuleCode.OUT_OF_LINE && module.change == Change.BY_SYSTEM_CALL) {
                copied(into, i, text);
            }
        }
        relocations(module);
        exits(module, size);
    }

    private void fail(int at, String what) {
        long cache = arena.cacheBase + origin + at;
        finding("code at 0x" + Long.toHexString(cache) + " for the client's 0x"
                + Long.toHexString(arena.client(Math.max(arena.instructionAt(cache), 0))) + ": " + what);
    }

    private void way(int at) {
        if (wayCount == ways.length) {
            ways = Arrays.copyOf(ways, 2 * wayCount);
        }
        ways[wayCount++] = at;
    }

    /** Decodes from {@code at} on to where the code ends or is known. */
    private void walk(int from) {
        int at = from;
        while (true) {
            if (at < 0 || at >= code.length) {
                fail(Math.max(0, Math.min(at, code.length - 1)), "runs out of its chain");
                return;
            }
            if (role[at] == BOUNDARY) {
                return;
            }
            long address = arena.cacheBase + origin + at;
            Insn insn = Decoder.decode(code, at, code.length, address);
            if (insn.length() == 0) {
                fail(at, "is cut off");
                return;
            }
            for (int i = 0; i < insn.length(); i++) {
                if (role[at + i] != NOTHING) {
                    fail(at, "overlaps with other code");
                    return;
                }
                role[at + i] = i == 0 ? (byte) BOUNDARY : (byte) INSIDE;
            }
            found[at] = insn;
            if (insn.segment() == 5 && insn.memBase() == Insn.NO_REG && insn.memIndex() == Insn.NO_REG
                    && (insn.memDisp() < 0 || insn.memDisp() >= ThreadArea.SIZE)) {
                fail(at, "accesses " + insn + " beyond the thread area");
            }
            switch (insn.flow()) {
                case NEXT -> { }
                case BRANCH, LOOP -> jump(at, insn);
                case JUMP -> {
                    jump(at, insn);
                    return;
                }
                case JUMP_INDIRECT -> {
                    if (!isWayOut(insn)) {
                        fail(at, "jumps through " + insn);
                    }
                    return;
                }
                // Copies of client instructions; an exit stands behind them.
                case INTERRUPT, TRAP, FAR -> { }
                case CALL, CALL_INDIRECT, RETURN, SYSCALL, XBEGIN -> {
                    fail(at, insn + " is never emitted");
                    return;
                }
            }
            at += insn.length();
        }
    }

    private void jump(int at, Insn insn) {
        long target = insn.target() - arena.cacheBase;
        if (target >= origin && target < origin + code.length) {
            way((int) (target - origin));
            return;
        }
        int i = target >= 0 && target < origin ? arena.code.instructionAt((int) target) : -1;
        if (i < 0 || arena.code.start(i) != target) {
            fail(at, insn + " leads to no fragment");
        }
    }

    /** Through a vector of the runtime, the lookup table or the return cache. */
    private static boolean isWayOut(Insn insn) {
        long disp = insn.memDisp();
        if (insn.memBase() != Insn.NO_REG || insn.isRipRelative()) {
            return false;
        }
        if (insn.memIndex() == Insn.NO_REG) {
            return disp >= RuntimeStubs.VECTOR_EXIT && disp <= RuntimeStubs.VECTOR_SLOW_STALE && (disp & 7) == 0 && insn.segment() < 0;
        }
        return insn.memIndex() == 10 && insn.memScale() == 8
                && (disp == AddressMap.LOOKUP_VALUES && insn.segment() < 0 || disp == ThreadArea.RETURN_VALUES && insn.segment() == 5);
    }

    /** At an instruction's core stands its copy, or the way to code that stands for it, which names the client's address in r11. */
    private void copied(Arena into, int i, TextSource text) {
        int at = into.core(i) - origin;
        Insn copy = at < 0 || at >= code.length ? null : found[at];
        long client = into.client(i);
        byte[] bytes = new byte[15];
        int got = text.read(into, client, bytes);
        Insn original = Decoder.decode(bytes, 0, Math.max(got, 0), client);
        if (copy == null || original.length() == 0) {
            fail(Math.max(at, 0), "no instruction where " + original + " has its effect");
            return;
        }
        boolean named = copy.isRipRelative() && copy.ripTarget() == client && copy.mnemonic().equals("lea");
        if (named || original.flow() != Flow.NEXT || original.segment() == 5) {
            return;
        }
        boolean same = copy.length() == original.length();
        for (int k = 0; same && k < original.length(); k++) {
            boolean moved = original.isRipRelative() && k >= original.dispOffset() && k < original.dispOffset() + original.dispSize();
            same = moved || copy.byteAt(k) == original.byteAt(k);
        }
        if (!same || original.isRipRelative() && copy.ripTarget() != original.ripTarget()) {
            fail(at, "[" + copy + "] is no copy of [" + original + "]");
        }
    }

    /** What is relative to rip and leaves the arena has to be known, or the code could not be moved. */
    private void relocations(ModuleCode module) {
        BitSet known = new BitSet();
        for (int i = module.firstRelocation(origin); i < module.relocationCount(); i++) {
            known.set(module.relocation(i) - origin);
        }
        for (int at = 0; at < code.length; at++) {
            Insn insn = found[at];
            if (insn == null || !insn.isRipRelative()) {
                continue;
            }
            boolean own = arena.holds(insn.ripTarget());
            if (own == known.get(at + insn.dispOffset())) {
                fail(at, insn + (own ? " moves with its target but is relocated" : " is not relocated"));
            }
        }
    }

    private void exits(ModuleCode module, int size) {
        for (int e = module.firstExit(origin); e < module.firstExit(origin + size); e++) {
            int patch = module.exitPatch(e);
            if ((patch & 7) > 4) {
                fail(patch - origin, "the displacement of an exit crosses a word");
            }
            int end = patch + 4 - origin;
            boolean inside = end > 4 && end <= size && (end == size || role[end] != INSIDE) && role[end - 1] == INSIDE;
            if (!inside) {
                fail(Math.max(0, patch - origin), "the displacement of an exit is not the end of an instruction");
            }
        }
    }
}
