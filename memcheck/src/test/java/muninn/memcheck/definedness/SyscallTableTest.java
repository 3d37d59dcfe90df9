// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.api.Test;

import muninn.runtime.definedness.SyscallMemory;

final class SyscallTableTest {
    private static long place(byte[] table, int number, int i) {
        return ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * (SyscallMemory.PLACES * number + i));
    }

    @Test
    void everyCallThatIsDescribedHasItsPlaces() {
        byte[] table = SyscallTable.bytes();
        assertThat(place(table, 0, 0)).isEqualTo(1 | SyscallMemory.RESULT << 4 | 1 << 16);
        assertThat(place(table, 0, 1)).isZero();
        assertThat(place(table, 23, 3)).isEqualTo(4 | SyscallMemory.FIXED << 4 | 16 << 16);
        assertThat(place(table, 35, 0)).isEqualTo(1 | SyscallMemory.ALWAYS | SyscallMemory.FIXED << 4 | 16 << 16);
        assertThat(place(table, 43, 0)).isEqualTo(1 | SyscallMemory.LENGTH_AT << 4 | 2 << 8);
        assertThat(place(table, 19, 0)).isEqualTo(1 | SyscallMemory.VECTORS << 4 | 2 << 8);
        assertThat(place(table, 72, 0)).isEqualTo(2 | SyscallMemory.FIXED_IF_1 << 4 | 32 << 16 | 5L << 32);
    }

    @Test
    void aWrongLineIsNamed() {
        assertThatThrownBy(() -> SyscallTable.bytes("9 crowded 0=1 1=1 2=1 3=1 4=1"))
                .hasMessageContaining("9 crowded").hasMessageContaining("1 to 4");
        assertThatThrownBy(() -> SyscallTable.bytes("9 twice 0=1\n9 twice 0=1")).hasMessageContaining("9 twice");
        assertThatThrownBy(() -> SyscallTable.bytes("9 odd 0=x")).hasMessageContaining("9 odd 0=x");
        assertThatThrownBy(() -> SyscallTable.bytes("512 far 0=1")).hasMessageContaining("512 far");
        assertThatThrownBy(() -> SyscallTable.bytes("9 nothing")).hasMessageContaining("9 nothing");
    }
}
