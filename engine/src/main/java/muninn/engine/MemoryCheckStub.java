// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.code.Reg;
import muninn.runtime.ThreadArea;

/**
 * The out-of-line part of one check in fast code: tells the runtime what is accessed, and goes back. With definedness the runtime may go
 * on in slow code instead, so it is told the client pc too.
 */
final class MemoryCheckStub {
    private final MemoryChecks.Access access;
    private final boolean flagsLive;
    private final int client;
    private final boolean definedness;
    private final long clientPc;
    /** Positions of the displacements that lead here. */
    private final int[] from = new int[6];
    private int count;
    /** Position of the displacement that leads here from the test of the alignment; -1 if there is none. */
    int fromUnaligned = -1;
    int back;

    MemoryCheckStub(MemoryChecks.Access access, boolean flagsLive, int client, boolean definedness, long clientPc) {
        this.access = access;
        this.flagsLive = flagsLive;
        this.client = client;
        this.definedness = definedness;
        this.clientPc = clientPc;
    }

    /** The displacement about to be written leads here. */
    void from(FragmentEmitter out) {
        from[count++] = out.position();
        out.int4(0);
    }

    void emit(FragmentEmitter out) {
        out.outOfLine(client);
        int size = access.size();
        if (fromUnaligned >= 0) {
            out.landHere(fromUnaligned);
            if (size <= 8) {
                out.bytes4(0x49, 0xc1, 0xeb, 2);
                MemoryChecks.compare(out, size <= 4 ? 2 : 4, 0);
                out.bytes2(0x0f, 0x84);
                out.int4(back - (out.position() + 4));
            }
        }
        for (int i = 0; i < count; i++) {
            out.landHere(from[i]);
        }
        if (flagsLive) {
            out.loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        }
        MemoryChecks.effectiveAddress(out, access);
        out.storeGs(ThreadArea.EVENT_ADDRESS, Reg.R11);
        out.storeGsInt(ThreadArea.EVENT_SIZE, size << 2 | access.kind());
        if (definedness) {
            out.leaClient(Reg.R11, clientPc);
            out.storeGs(ThreadArea.EVENT_PC, Reg.R11);
        }
        out.leaHere(back);
        out.jumpVector(RuntimeStubs.VECTOR_EVENT);
    }
}
