// SPDX-License-Identifier: MIT
package muninn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class CodeMemoryTest {
    private static final long PAGE = 4096;

    private final MemorySegment region = Arena.ofAuto().allocate(64 * PAGE, PAGE);

    @Test
    void takesUpToTheLimit() {
        CodeMemory code = new CodeMemory(region, 10 * PAGE);
        assertThat(code.take(8 * PAGE)).isNotNull();
        assertThat(code.take(3 * PAGE)).isNull();
        assertThat(code.take(2 * PAGE)).isNotNull();
        assertThat(code.used()).isEqualTo(10 * PAGE);
    }

    @Test
    void neighboursBecomeOnePiece() {
        CodeMemory code = new CodeMemory(region, 9 * PAGE);
        MemorySegment a = code.take(3 * PAGE);
        MemorySegment b = code.take(3 * PAGE);
        MemorySegment c = code.take(3 * PAGE);
        code.give(a);
        code.give(c);
        assertThat(code.take(4 * PAGE)).isNull();
        code.give(b);
        assertThat(code.used()).isZero();
        assertThat(code.take(9 * PAGE).address()).isEqualTo(a.address());
    }

    @Test
    void piecesNeverOverlap() {
        CodeMemory code = new CodeMemory(region, 64 * PAGE);
        Random random = new Random(5);
        List<MemorySegment> taken = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(5) < 2 && !taken.isEmpty()) {
                code.give(taken.remove(random.nextInt(taken.size())));
                continue;
            }
            MemorySegment piece = code.take((1 + random.nextInt(6)) * PAGE);
            if (piece != null) {
                for (MemorySegment other : taken) {
                    assertThat(piece.address() >= other.address() + other.byteSize() || other.address() >= piece.address() + piece.byteSize()).isTrue();
                }
                taken.add(piece);
            }
        }
        assertThat(code.used()).isEqualTo(taken.stream().mapToLong(MemorySegment::byteSize).sum());
    }
}
