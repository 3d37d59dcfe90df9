// SPDX-License-Identifier: MIT
package muninn.isa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class DecoderTest {
    private static byte[] bytes(String hex) {
        String[] words = hex.split(" ");
        byte[] code = new byte[words.length];
        for (int i = 0; i < code.length; i++) {
            code[i] = (byte) Integer.parseInt(words[i], 16);
        }
        return code;
    }

    @ParameterizedTest
    @CsvFileSource(resources = "insns.csv", delimiter = ';', numLinesToSkip = 2)
    void decodes(String hex, String text, Flow flow, String reads, String writes, int flagsRead, int flagsWritten, int memSize,
            int push, int pop) {
        byte[] code = bytes(hex);
        Insn in = Decoder.decode(code, 0, code.length, 0x1000);
        String line = in.toString();
        assertThat(line.substring(line.lastIndexOf("  ") + 2)).isEqualTo(text);
        assertThat(in.length()).isEqualTo(code.length);
        assertThat(in.flow()).isEqualTo(flow);
        assertThat(Integer.toHexString(in.gprReads())).isEqualTo(reads);
        assertThat(Integer.toHexString(in.gprWrites())).isEqualTo(writes);
        assertThat(in.flagsRead()).isEqualTo(flagsRead);
        assertThat(in.flagsWritten()).isEqualTo(flagsWritten);
        assertThat(in.memSize()).isEqualTo(memSize);
        assertThat(in.stackPush()).isEqualTo(push);
        assertThat(in.stackPop()).isEqualTo(pop);
        byte[] copy = new byte[code.length];
        in.copyTo(copy, 0);
        assertThat(copy).isEqualTo(code);
        for (int cut = 0; cut < code.length; cut++) {
            assertThat(Decoder.decode(code, 0, cut, 0).isTruncated()).isTrue();
        }
    }
}
