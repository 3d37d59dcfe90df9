// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.PrintStream;

import muninn.isa.Decoder;
import muninn.isa.Insn;

/** Prints fragments for {@code --trace-blocks}: C client instructions as they were, E what the engine put into the cache. */
final class BlockTrace implements ChainInspector {
    private final PrintStream out;

    BlockTrace(PrintStream out) {
        this.out = out;
    }

    @Override
    public void chain(Arena arena, long client, FragmentEmitter emitted, TextSource text) {
        StringBuilder s = new StringBuilder();
        int size = emitted.size();
        int start = arena.used() - size;
        s.append("block client=0x").append(Long.toHexString(client)).append(" cache=0x")
                .append(Long.toHexString(arena.cacheBase + start)).append(" bytes=").append(size).append('\n');
        byte[] code = emitted.bytes();
        long last = 0;
        for (int at = 0; at < size;) {
            long cache = arena.cacheBase + start + at;
            int i = arena.instructionAt(cache);
            long from = i < 0 ? 0 : arena.client(i);
            Insn insn = Decoder.decode(code, at, size, cache);
            if (from != last) {
                s.append("  C 0x").append(Long.toHexString(from)).append('\n');
                last = from;
            }
            s.append("    E ").append(insn).append('\n');
            at += Math.max(1, insn.length());
        }
        out.print(s);
    }
}
