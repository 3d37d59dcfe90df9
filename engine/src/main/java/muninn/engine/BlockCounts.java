// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.Arrays;
import java.util.List;

import muninn.isa.Insn;
import muninn.runtime.AddressMap;

/**
 * What a tool wants to be counted in a block: amounts that are added to counters in front of an instruction, or when the branch at the
 * block's end is taken. Counters are numbers from 0; each thread has its own memory for them (AddressMap.COUNTERS_BASE), so counting
 * needs no lock.
 */
public final class BlockCounts {
    /** Decides what is counted in the block that is being translated; called with the engine's lock held. */
    public interface Chooser {
        /**
         * Decides.
         *
         * @param insns the block's instructions; the last one may be a jump, a branch, a call...
         * @param counts to be filled
         */
        void block(List<Insn> insns, BlockCounts counts);
    }

    private int[] before = new int[16];
    private int beforeCount;
    private int[] taken = new int[4];
    private int takenCount;
    private final Chooser chooser;
    private int used;

    BlockCounts(Chooser chooser) {
        this.chooser = chooser;
    }

    /** Has what is counted in the block decided anew. */
    void choose(List<Insn> insns) {
        beforeCount = 0;
        takenCount = 0;
        chooser.block(insns, this);
    }

    /** Counters of the run that are in use: numbers below that. */
    int used() {
        return used;
    }

    /**
     * A counter that nobody has yet.
     *
     * @return its number, or -1 if there are no more
     */
    public int newCounter() {
        return used == AddressMap.COUNTERS ? -1 : used++;
    }

    /** Adds {@code amount} (0 to 2^31 - 1) to the counter each time the instruction is about to be executed. */
    public void add(int instruction, int counter, int amount) {
        if (beforeCount + 3 > before.length) {
            before = Arrays.copyOf(before, before.length * 2);
        }
        before[beforeCount++] = instruction;
        before[beforeCount++] = counter;
        before[beforeCount++] = amount;
    }

    /** Adds {@code amount} to the counter each time the branch at the block's end is taken. */
    public void addWhenTaken(int counter, int amount) {
        if (takenCount + 2 > taken.length) {
            taken = Arrays.copyOf(taken, taken.length * 2);
        }
        taken[takenCount++] = counter;
        taken[takenCount++] = amount;
    }

    boolean countsTaken() {
        return takenCount > 0;
    }

    void emitBefore(FragmentEmitter out, int instruction) {
        for (int i = 0; i < beforeCount; i += 3) {
            if (before[i] == instruction) {
                out.count(before[i + 1], before[i + 2]);
            }
        }
    }

    void emitTaken(FragmentEmitter out) {
        for (int i = 0; i < takenCount; i += 2) {
            out.count(taken[i], taken[i + 1]);
        }
    }
}
