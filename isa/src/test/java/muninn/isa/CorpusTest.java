// SPDX-License-Identifier: MIT
package muninn.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decoder against objdump and Zydis, over real programs and random bytes. Skipped where the tools are absent. */
class CorpusTest {
    private static final List<String> SAMPLE = List.of("/usr/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2",
        "/usr/lib/x86_64-linux-gnu/libm.so.6", "/usr/bin/perl");

    @TempDir
    Path directory;

    @Test
    void agreesWithObjdumpOnPrograms() throws IOException, InterruptedException {
        ObjdumpCorpus corpus = new ObjdumpCorpus();
        try {
            for (String file : SAMPLE) {
                if (Files.exists(Path.of(file))) {
                    corpus.add(Path.of(file));
                }
            }
        } catch (IOException e) {
            assumeTrue(false, "SKIPPED: no objdump on PATH");
        }
        assumeTrue(corpus.instructions > 0, "SKIPPED: none of the sample programs is here");
        assertThat(new AllowedDifferences("objdump-allowed.txt").rest(corpus.differences)).isEmpty();
    }

    @Test
    void agreesWithZydisOnRandomBytes() throws IOException, InterruptedException {
        Path program = ZydisCorpus.compile(directory);
        assumeTrue(program != null, "SKIPPED: no gcc or no Zydis headers");
        ZydisCorpus corpus = new ZydisCorpus(program);
        corpus.run(ZydisCorpus.random(20250101, 300_000));
        assertThat(corpus.valid).isGreaterThan(100_000);
        assertThat(new AllowedDifferences("zydis-allowed.txt").rest(corpus.differences)).isEmpty();
    }

    @Test
    void survivesRandomBytesOfAnyLength() {
        Random random = new Random(7);
        byte[] code = new byte[64];
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(code);
            int offset = random.nextInt(66) - 1;
            int limit = random.nextInt(70);
            Insn in = Decoder.decode(code, offset, limit, i);
            int room = Math.min(limit, 64) - offset;
            if (in.isTruncated()) {
                assertThat(in.length()).isZero();
                assertThat(offset < 0 || room < 15).isTrue();
            } else {
                assertThat(in.length()).isBetween(1, Math.min(room, 15));
            }
            assertThat(in.toString()).isNotEmpty();
        }
    }
}
