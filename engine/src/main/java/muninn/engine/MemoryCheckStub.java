// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.Insn;
import muninn.isa.code.Reg;
import muninn.runtime.ThreadArea;

/** The out-of-line part of one check: tells the runtime what is accessed, and goes back. */
final class MemoryCheckStub {
    private final Insn insn;
    private final int size;
    private final int kind;
    private final boolean flagsLive;
    private final int client;
    /** Positions of the displacements that lead here; -1 if there is none. */
    int from = -1;
    int fromUnaligned = -1;
    int back;

    MemoryCheckStub(Insn insn, int size, int kind, boolean flagsLive, int client) {
        this.insn = insn;
        this.size = size;
        this.kind = kind;
        this.flagsLive = flagsLive;
        this.client = client;
    }

    void emit(FragmentEmitter out) {
        out.outOfLine(client);
        if (fromUnaligned >= 0) {
            out.patchInt(fromUnaligned, out.position() - (fromUnaligned + 4));
            out.bytes4(0x49, 0xc1, 0xeb, 2);
            MemoryChecks.compare(out, size <= 4 ? 2 : 4);
            out.bytes2(0x0f, 0x84);
            out.int4(back - (out.position() + 4));
        }
        out.patchInt(from, out.position() - (from + 4));
        if (flagsLive) {
            out.loadGs(Reg.RCX, ThreadArea.SPILL_RCX);
        }
        MemoryChecks.effectiveAddress(out, insn);
        out.storeGs(ThreadArea.EVENT_ADDRESS, Reg.R11);
        out.storeGsInt(ThreadArea.EVENT_SIZE, size << 2 | kind);
        out.leaHere(back);
        out.jumpVector(RuntimeStubs.VECTOR_EVENT);
    }
}
