// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.code.Reg;
import muninn.runtime.ThreadArea;

/**
 * The out-of-line part of an instruction in a slow fragment: has the shadow of its results computed, then goes back to the instruction
 * itself. Behind the jump lie two displacements, to where it goes back and to the client pc, and the descriptor.
 */
final class StepStub {
    private final SlowSteps.Step step;
    private final long client;
    /** Positions of displacements that lead here, at most one for each part of a guard; {@link #spilled}: with rcx put aside. */
    private final int[] from = new int[8];
    private final boolean[] spilled = new boolean[8];
    private int count;
    int back;

    StepStub(SlowSteps.Step step, long client) {
        this.step = step;
        this.client = client;
    }

    /** The displacement about to be written leads here. */
    void from(FragmentEmitter out, boolean rcxSpilled) {
        spilled[count] = rcxSpilled;
        from[count++] = out.position();
        out.int4(0);
    }

    void emit(FragmentEmitter out, int clientOffset) {
        out.outOfLine(clientOffset);
        boolean any = false;
        for (int i = 0; i < count; i++) {
            if (spilled[i]) {
                out.patchInt(from[i], out.position() - (from[i] + 4));
                any = true;
            }
        }
        if (any) {
            out.loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        }
        for (int i = 0; i < count; i++) {
            if (!spilled[i]) {
                out.patchInt(from[i], out.position() - (from[i] + 4));
            }
        }
        for (byte b : step.saves()) {
            out.byte1(b);
        }
        int record = out.position() + 7 + 7 + 8;
        out.leaHere(record);
        out.jumpVector(RuntimeStubs.VECTOR_STEP);
        out.int4(back - record);
        out.clientFrom(client, record);
        for (byte b : step.descriptor()) {
            out.byte1(b);
        }
    }

    int clientOffset(long clientStart) {
        return (int) (client - clientStart);
    }
}
