// SPDX-License-Identifier: MIT
package muninn.memcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Suppression files: what they say, what is wrong with them, what they match. */
class SuppressionsTest {
    private static final List<FrameText> STACK = List.of(new FrameText(1, "operator new(unsigned long)", "_Znwm", null, null, 0, "muninn-heap"),
            new FrameText(2, "f()", "_Z1fv", "a.cc", "/src", 7, "/bin/prog"), new FrameText(3, null, null, null, null, 0, "/lib/libx.so.1"),
            new FrameText(4, "main", "main", "a.cc", "/src", 20, "/bin/prog"));

    private static String entry(String... lines) {
        return "{\n  name\n  " + String.join("\n  ", lines) + "\n}\n";
    }

    private static boolean matches(String... lines) throws SuppressionFile.Malformed {
        return new Suppressions(SuppressionFile.parse("f", entry(lines))).match("Addr4", null, 0, STACK) != null;
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            fun:_Znwm, true
            fun:_Znw*, true
            fun:*, true
            fun:?Znwm, true
            fun:operator new(unsigned long), false
            fun:_Znwm;fun:_Z1fv, true
            fun:_Znwm;fun:main, false
            fun:_Znwm;...;fun:main, true
            ...;fun:main, true
            ...;fun:main;..., true
            ...;fun:absent, false
            fun:_Znwm;fun:_Z1fv;obj:*/libx.so*, true
            fun:_Znwm;fun:_Z1fv;fun:???, true
            fun:_Znwm;src:a.cc, true
            fun:_Znwm;src:a.cc:7, true
            fun:_Znwm;src:a.cc:8, false
            ...;src:/src/a.cc, true
            fun:_Znwm;fun:_Z1fv;obj:*;fun:main;fun:beyond, false
            """)
    void framesMatchFromTheInnermostOn(String frames, boolean expected) throws SuppressionFile.Malformed {
        assertThat(matches(("Memcheck:Addr4;" + frames).split(";"))).isEqualTo(expected);
    }

    @Test
    void kindAndToolHaveToAgree() throws SuppressionFile.Malformed {
        assertThat(matches("Memcheck:Addr8", "fun:*")).isFalse();
        assertThat(matches("Helgrind,Memcheck:Addr4", "fun:*")).isTrue();
        assertThat(matches("Helgrind:Race", "fun:*")).isFalse();
    }

    @Test
    void extraLinesAreCompared() throws SuppressionFile.Malformed {
        Suppressions param = new Suppressions(SuppressionFile.parse("f", entry("Memcheck:Param", "write(b?f)", "fun:_Znwm")));
        assertThat(param.match("Param", "write(buf)", 0, STACK)).isNotNull();
        assertThat(param.match("Param", "writev(vector[...])", 0, STACK)).isNull();
        Suppressions leak = new Suppressions(SuppressionFile.parse("f", entry("Memcheck:Leak", "match-leak-kinds: definite,possible", "fun:*")));
        assertThat(leak.match("Leak", null, LeakKind.DEFINITE.bit(), STACK)).isNotNull();
        assertThat(leak.match("Leak", null, LeakKind.REACHABLE.bit(), STACK)).isNull();
        Suppressions every = new Suppressions(SuppressionFile.parse("f", entry("Memcheck:Leak", "fun:*")));
        assertThat(every.match("Leak", null, LeakKind.REACHABLE.bit(), STACK)).isNotNull();
        assertThat(new Suppressions(SuppressionFile.parse("f", entry("Memcheck:Value0", "fun:*"))).match("Cond", null, 0, STACK)).isNotNull();
    }

    @Test
    void theFirstOfTheFileCountsAndUseIsCounted() throws SuppressionFile.Malformed {
        String text = "# a comment\n\n" + entry("Memcheck:Addr4", "fun:*") + entry("Memcheck:Addr4", "fun:_Znwm");
        Suppressions s = new Suppressions(SuppressionFile.parse("my.supp", text));
        s.match("Addr4", null, 0, STACK);
        s.match("Addr4", null, 0, STACK);
        assertThat(s.used()).hasSize(1);
        assertThat(s.used().getFirst().count).isEqualTo(2);
        assertThat(s.used().getFirst().entry.place()).isEqualTo("my.supp:4");
    }

    @Test
    void thousandsOfEntriesTakeNoTime() throws SuppressionFile.Malformed {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append(entry("Memcheck:Addr4", "fun:_Znwm" + i, "...", "fun:main"));
        }
        Suppressions s = new Suppressions(SuppressionFile.parse("f", text.toString()));
        long start = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThat(s.match("Addr4", null, 0, STACK)).isNull();
        }
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                     | 1 | expected '{'
            {;name;Memcheck:Addr4;fun:f                  | 4 | not closed
            {;name;Addr4;fun:f;}                         | 3 | expected 'tool1,tool2:kind'
            {;name;Memcheck:Foo;fun:f;}                  | 3 | unknown tool suppression type 'Foo'
            {;name;Memcheck:Addr4;function:f;}           | 4 | location should be
            {;name;Memcheck:Addr4;...;}                  | 5 | expected a line with 'fun:'
            {;name;Memcheck:Param;}                      | 4 | parameter
            {;name;Memcheck:Leak;match-leak-kinds: x;fun:f;} | 4 | unknown leak kind
            {;}                                          | 2 | expected a name
            """)
    void whatIsWrongIsSaidWithItsLine(String text, int line, String why) {
        assertThatThrownBy(() -> SuppressionFile.parse("bad.supp", text.replace(';', '\n')))
                .isInstanceOf(SuppressionFile.Malformed.class)
                .hasMessageContaining("\"bad.supp\" near line " + line + ":").hasMessageContaining(why);
    }
}
