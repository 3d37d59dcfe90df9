// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;

import org.junit.jupiter.api.Test;

/** Forms of {@code __ctype_tolower_loc} as compilers and linkers leave it. */
class LowerCaseTest {
    private static LowerCase read(String code) {
        return LowerCase.read(0x1000, HexFormat.of().parseHex((code + "90".repeat(LowerCase.LENGTH)).substring(0, 2 * LowerCase.LENGTH)));
    }

    @Test
    void sharedLibrary() {
        assertThat(read("488b0571da19006448030425" + "00000000c3")).isEqualTo(new LowerCase(0x1007 + 0x19da71, 0));
    }

    @Test
    void withALandingPad() {
        assertThat(read("f30f1efa488b05f8ffffff6448030425" + "00000000c3")).isEqualTo(new LowerCase(0x100b - 8, 0));
    }

    @Test
    void staticProgram() {
        assertThat(read("48c7c0b8ffffff6448030425" + "00000000c3")).isEqualTo(new LowerCase(0, -72));
    }

    @Test
    void anythingElseIsNotKnown() {
        assertThat(read("488d0571da1900c3")).isEqualTo(new LowerCase(0, 0));
        assertThat(read("488b0571da19006448030425" + "08000000c3")).isEqualTo(new LowerCase(0, 0));
    }
}
