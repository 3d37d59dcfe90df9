// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import muninn.debuginfo.ElfException;
import muninn.debuginfo.ElfFile;
import muninn.debuginfo.Segment;
import muninn.debuginfo.Symbol;

/** Functions of the C library, translated outside of any process. */
final class TranslatedText {
    private static final int PF_X = 1;
    private static final int ROOM = 64 << 20;
    /** Where distributions keep the C library, which has many functions with names. */
    private static final List<String> FILES = List.of("/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/usr/lib/libc.so.6");

    final Arena arena;
    private final byte[] text;

    /** @param distance of code and mapping; a multiple of the page size */
    TranslatedText(long distance, boolean checks, int fragments) {
        this(distance, checks, fragments, List.of());
    }

    TranslatedText(long distance, boolean checks, int fragments, List<ChainInspector> inspectors) {
        Path file = FILES.stream().map(Path::of).filter(Files::exists).findFirst().orElseThrow();
        Segment s;
        ElfFile elf;
        try {
            elf = ElfFile.open(file);
            s = elf.segments().stream()
                    .filter(p -> p.type() == Segment.PT_LOAD && (p.flags() & PF_X) != 0).findFirst().orElseThrow();
            byte[] all = Files.readAllBytes(file);
            text = java.util.Arrays.copyOfRange(all, (int) s.offset(), (int) (s.offset() + s.fileSize()));
        } catch (IOException | ElfException e) {
            throw new IllegalStateException(e);
        }
        long start = 0x5555_5555_0000L;
        ModuleCode code = new ModuleCode("key", distance, text.length + 4095L & -4096,
                java.lang.foreign.Arena.ofAuto().allocate(ROOM, 4096),
                Change.BY_SYSTEM_CALL);
        arena = new Arena(start, start + code.clientSize, code, null);
        BlockTranslator translator = new BlockTranslator((a, client, into) -> read(client, into),
                checks ? new MemoryChecks(false) : null, null, Redirects.NONE, inspectors, 10, null);
        elf.symbols(true).stream().filter(f -> f.type() == Symbol.STT_FUNC && f.isDefined()).mapToLong(Symbol::value).sorted().distinct()
                .limit(fragments).forEach(f -> translator.translate(arena, start + f - (s.address() & -4096L)));
    }

    private int read(long client, byte[] into) {
        int at = (int) (client - arena.clientStart);
        int n = Math.min(into.length, text.length - at);
        if (n > 0) {
            System.arraycopy(text, at, into, 0, n);
        }
        return n;
    }

    MemorySegment bytes() {
        return arena.code.bytes.asSlice(0, arena.used());
    }
}
