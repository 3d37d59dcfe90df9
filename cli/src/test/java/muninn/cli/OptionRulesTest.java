// SPDX-License-Identifier: MIT
package muninn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that contradict each other, or need each other. */
class OptionRulesTest {
    private static Options parse(String words) throws UsageError {
        List<String> line = new ArrayList<>(List.of(words.split(" ")));
        line.add("./program");
        return OptionParser.parse(List.of(), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--xml=yes", "--xml=yes --xml-fd=3 --xml-file=x", "--log-file=x --log-socket=127.0.0.1", "--log-fd=3 --log-file=x",
        "--tool=none --xml=yes --xml-fd=3", "--exit-on-first-error=yes", "--error-markers=one", "--error-markers=a,b,c", "--error-markers=,b",
        "--xml-protocol=5", "--gen-suppressions=yes", "--track-origins=yes --undef-value-errors=no", "--ignore-range-below-sp=1-2",
        "--ignore-range-below-sp=9", "--ignore-range-below-sp=9000-1", "--ignore-range-below-sp=x-1", "--report=pdf=x", "--report=json", "--report=json=", "--fail-on=new"})
    void refused(String words) {
        assertThatThrownBy(() -> parse(words)).isInstanceOf(UsageError.class).satisfies(e -> assertThat(((UsageError) e).status()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--xml=yes --xml-file=x", "--exit-on-first-error=yes --error-exitcode=3", "--error-markers=a,b",
        "--error-markers=none", "--gen-suppressions=all", "--xml-protocol=6", "--suppressions=a --suppressions=b", "--track-origins=yes",
        "--ignore-range-below-sp=8192-8189", "--workaround-gcc296-bugs=yes", "--report=json=a --report=sarif=b --report=github=-", "--leak-check-heuristics=none"})
    void accepted(String words) throws UsageError {
        assertThat(parse(words).command()).containsExactly("./program");
    }

    @Test
    void olderSpellingsChangeTheKindsShown() throws UsageError {
        assertThat(parse("--show-reachable=yes").get(OptionTable.SHOW_LEAK_KINDS)).isEqualTo(0b1111);
        assertThat(parse("--show-possibly-lost=no").get(OptionTable.SHOW_LEAK_KINDS)).isEqualTo(0b0001);
    }
}
