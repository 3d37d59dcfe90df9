// SPDX-License-Identifier: MIT
package muninn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of {@code --verify=1}: silent on what the translator makes, loud on what it must not make. */
class CodeVerifierTest {
    private static final long DISTANCE = 0x100_0000L;
    private static final int FRAGMENTS = 1000;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final CodeVerifier verifier = new CodeVerifier(new PrintStream(told, true, StandardCharsets.UTF_8));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLibraryTranslatesWithoutFinding(boolean checks) {
        new TranslatedText(DISTANCE, checks, FRAGMENTS, List.of(verifier));

        assertThat(told.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(verifier.chains()).isGreaterThan(FRAGMENTS / 2);
    }

    /** One bit of every chain is flipped; what it changes may be an immediate of our own, so not every one can be found. */
    @Test
    void flippedBitsAreFound() {
        Random random = new Random(7);
        long[] damaged = new long[1];
        ChainInspector damage = (arena, client, emitted, text) -> {
            MemorySegment bytes = arena.code.bytes;
            int at = arena.used() - 1 - random.nextInt(emitted.size());
            bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (bytes.get(ValueLayout.JAVA_BYTE, at) ^ 1 << random.nextInt(8)));
            damaged[0]++;
        };
        long[] found = new long[1];
        ChainInspector count = (arena, client, emitted, text) -> {
            long before = verifier.findings();
            verifier.chain(arena, client, emitted, text);
            found[0] += verifier.findings() > before ? 1 : 0;
        };
        new TranslatedText(DISTANCE, false, FRAGMENTS, List.of(damage, count));

        System.out.println("flipped bits found: " + found[0] + " of " + damaged[0]);
        assertThat(found[0]).isGreaterThan(damaged[0] * 6 / 10);
    }
}
