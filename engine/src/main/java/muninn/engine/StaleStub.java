// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.code.Reg;
import muninn.runtime.ThreadArea;

/** Where a block leads whose client bytes are no longer those that were translated. */
final class StaleStub {
    private final long client;
    private final int clientOffset;
    /** Whether rcx was put aside by what leads here. */
    private final boolean spilled;
    /** Vector of the runtime through which slow code leaves; 0: fast code, by an exit. */
    private final int vector;
    private int[] from = new int[8];
    private int count;

    StaleStub(long client, int clientOffset, boolean spilled, int vector) {
        this.client = client;
        this.clientOffset = clientOffset;
        this.spilled = spilled;
        this.vector = vector;
    }

    /** The displacement about to be written leads here. */
    void from(FragmentEmitter out) {
        if (count == from.length) {
            from = java.util.Arrays.copyOf(from, 2 * count);
        }
        from[count++] = out.position();
        out.int4(0);
    }

    void emit(FragmentEmitter out) {
        out.outOfLine(clientOffset);
        for (int i = 0; i < count; i++) {
            out.landHere(from[i]);
        }
        if (spilled) {
            out.loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        }
        if (vector != 0) {
            out.leaClient(Reg.R11, client);
            out.jumpVector(vector);
        } else {
            out.exitStale(client);
        }
    }
}
