// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextOutputTest {
    @Test
    void oneWriteForManyLines() {
        ReportFixture fixture = new ReportFixture();
        for (int i = 0; i < 500; i++) {
            fixture.out.line("line " + i);
        }
        fixture.out.flush();
        fixture.out.flush();
        assertThat(fixture.writes).isEqualTo(1);
        assertThat(fixture.lines()).hasSize(500).endsWith("line 499");
    }

    @Test
    void blankLinesKeepThePrefixAndItsSpace() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TextOutput out = new TextOutput(bytes, 5);
        out.blank().line("a");
        out.pid(6);
        out.line("b\nc").flush();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("==5== \n==5== a\n==6== b\n==6== c\n");
    }

    @Test
    void aClosedSinkEndsTheOutputOnly() {
        TextOutput out = new TextOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        }, 1);
        out.line("a").flush();
        out.line("b").flush();
        assertThat(out).isNotNull();
    }

    @Test
    void numbers() {
        assertThat(Decimal.grouped(0)).isEqualTo("0");
        assertThat(Decimal.grouped(999)).isEqualTo("999");
        assertThat(Decimal.grouped(1000)).isEqualTo("1,000");
        assertThat(Decimal.grouped(12_345_678)).isEqualTo("12,345,678");
        assertThat(Decimal.grouped(123_456)).isEqualTo("123,456");
    }

    @Test
    void policy() {
        assertThat(AccessPolicy.isHarmlessLoad(0x1000, 8, 3)).isTrue();
        assertThat(AccessPolicy.isHarmlessLoad(0x1000, 8, 8)).isFalse();
        assertThat(AccessPolicy.isHarmlessLoad(0x1004, 8, 3)).isFalse();
        assertThat(AccessPolicy.isHarmlessLoad(0x1004, 4, 3)).isTrue();
        assertThat(AccessPolicy.isHarmlessLoad(0x1000, 2, 1)).isFalse();
        assertThat(AccessPolicy.storePiece(32)).isEqualTo(8);
        assertThat(AccessPolicy.storePiece(10)).isEqualTo(10);
        assertThat(AccessPolicy.storePiece(4)).isEqualTo(4);
    }
}
