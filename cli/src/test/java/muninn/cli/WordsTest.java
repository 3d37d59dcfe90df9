// SPDX-License-Identifier: MIT
package muninn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void splits() {
        assertThat(Words.split("a::b", ':')).containsExactly("a", "", "b");
        assertThat(Words.split("", ':')).containsExactly("");
        assertThat(Words.split("a:", ':')).containsExactly("a", "");
    }

    @Test
    void quotesKeepWhiteSpace() {
        assertThat(Words.shellLike("--a=1\t \n --b='x y'z \"\"")).containsExactly("--a=1", "--b=x yz", "");
        assertThat(Words.shellLike(" ")).isEmpty();
        assertThat(Words.shellLike("'open")).isNull();
    }
}
