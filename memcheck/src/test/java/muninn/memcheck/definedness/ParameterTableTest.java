// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.api.Test;

import muninn.runtime.definedness.SyscallChecks;

final class ParameterTableTest {
    private static long at(ParameterTable table, int entry, int i) {
        return ByteBuffer.wrap(table.bytes()).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * (SyscallChecks.ENTRY_LONGS * entry + i));
    }

    private static String name(ParameterTable table, int entry, int place, int part) {
        return table.name(entry | (long) place << SyscallChecks.PLACE_SHIFT | (long) part << SyscallChecks.PART_SHIFT);
    }

    @Test
    void argumentsHaveWidthsAndRegisters() {
        ParameterTable table = new ParameterTable();
        assertThat(at(table, 1, 0)).isEqualTo(0x884 | 1L << 48 + 7 | 1L << 48 + 6 | 1L << 48 + 2);
        assertThat(at(table, 1, 2)).isEqualTo(1 | SyscallChecks.LENGTH << 4 | 2 << 8 | 1 << 16);
        assertThat(at(table, 1, 3)).isZero();
        assertThat(name(table, 1, SyscallChecks.REGISTER + 2, 0)).isEqualTo("write(count)");
        assertThat(name(table, 1, SyscallChecks.REGISTER + 6, 0)).isEqualTo("(syscallno)");
        assertThat(name(table, 1, 0, 0)).isEqualTo("write(buf)");
    }

    @Test
    void placesHaveTheNamesOfReports() {
        ParameterTable table = new ParameterTable();
        assertThat(name(table, 20, 0, SyscallChecks.PART_ELEMENT)).isEqualTo("writev(vector[...])");
        assertThat(name(table, 42, 0, SyscallChecks.PART_PORT)).isEqualTo("socketcall.connect(serv_addr.sin_port)");
        assertThat(name(table, 46, 0, SyscallChecks.PART_VECTOR + 3)).isEqualTo("sendmsg(msg.msg_iov[3])");
        assertThat(name(table, 59, 1, SyscallChecks.PART_STRING)).isEqualTo("execve(argv[i])");
        assertThat(name(table, 16, SyscallChecks.REGISTER + 7, 0)).isEqualTo("ioctl(generic)");
    }

    @Test
    void formsOfACallFollowOneAnother() {
        ParameterTable table = new ParameterTable("2?1&64=64 open name flags .mode | name=s\n2?1=3,5 open name flags\n2 open name");
        int second = (int) (at(table, 2, 0) >>> 24) & 0xffff;
        assertThat(second).isEqualTo(SyscallChecks.NUMBERS);
        assertThat(at(table, 2, 0) >>> 40 & 3).isEqualTo(SyscallChecks.CONDITION_MASKED);
        assertThat(at(table, 2, 0) >>> 44 & 7).isEqualTo(1);
        assertThat(at(table, 2, 1)).isEqualTo(64L << 32 | 64);
        assertThat(at(table, second, 1)).isEqualTo(1 << 3 | 1 << 5);
        assertThat(at(table, SyscallChecks.NUMBERS + 1, 0) & 0xffffff).isEqualTo(8);
    }

    @Test
    void fieldsOfElements() {
        ParameterTable table = new ParameterTable("7 poll ufds .nfds | ufds,ufds.events=r2+4/8#1 ?ufds=w#1+8");
        assertThat(at(table, 7, 2)).isEqualTo(SyscallChecks.ARRAY << 4 | 1 << 8 | SyscallChecks.INT_LENGTH | 2 << 16 | 4L << 32 | 8L << 48);
        assertThat(at(table, 7, 3)).isEqualTo(SyscallChecks.WRITTEN | SyscallChecks.LENGTH << 4 | SyscallChecks.OPTIONAL | 1 << 8
                | SyscallChecks.INT_LENGTH | 1 << 16 | 8L << 32);
    }

    @Test
    void aWrongLineIsNamed() {
        assertThatThrownBy(() -> new ParameterTable("9 nothing")).hasMessageContaining("9 nothing").hasMessageContaining("1 to 6 arguments");
        assertThatThrownBy(() -> new ParameterTable("9 twice a\n9 twice b")).hasMessageContaining("without condition");
        assertThatThrownBy(() -> new ParameterTable("9 other a | b=s")).hasMessageContaining("no argument b");
        assertThatThrownBy(() -> new ParameterTable("9 odd a | a=x3")).hasMessageContaining("r or w");
        assertThatThrownBy(() -> new ParameterTable("512 far a")).hasMessageContaining("512 far");
    }
}
