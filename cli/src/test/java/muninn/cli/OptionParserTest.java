// SPDX-License-Identifier: MIT
package muninn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionParserTest {
    private static Options parse(String... words) throws UsageError {
        return OptionParser.parse(List.of(), List.of(words));
    }

    private static String errorOf(String... words) {
        UsageError e = catchThrowableOfType(UsageError.class, () -> parse(words));
        assertThat(e).as("an error for %s", List.of(words)).isNotNull();
        assertThat(e.status()).isEqualTo(1);
        return e.text();
    }

    @Test
    void defaultsAreValgrinds() throws UsageError {
        Options o = parse("prog");
        assertThat(o.get(OptionTable.TOOL)).isEqualTo("memcheck");
        assertThat(o.get(OptionTable.NUM_CALLERS)).isEqualTo(12);
        assertThat(o.get(OptionTable.LEAK_CHECK)).isEqualTo("summary");
        assertThat(o.get(OptionTable.SHOW_LEAK_KINDS)).isEqualTo(0b0101);
        assertThat(o.get(OptionTable.FREELIST_VOL)).isEqualTo(20_000_000);
        assertThat(o.get(OptionTable.MALLOC_FILL)).isEqualTo(-1);
        assertThat(o.get(OptionTable.FULLPATH_AFTER)).isEmpty();
        assertThat(o.verbosity()).isEqualTo(1);
        assertThat(o.given(OptionTable.TOOL)).isFalse();
    }

    @Test
    void firstWordThatIsNoOptionIsTheProgram() throws UsageError {
        Options o = parse("-q", "--tool=none", "ls", "-l", "--help", "--tool=x");
        assertThat(o.command()).containsExactly("ls", "-l", "--help", "--tool=x");
        assertThat(o.request()).isEqualTo(Options.Request.RUN);
        assertThat(o.verbosity()).isZero();
        assertThat(o.get(OptionTable.TOOL)).isEqualTo("none");
    }

    @Test
    void doubleDashEndsOptions() throws UsageError {
        assertThat(parse("-v", "--", "-odd-name", "a").command()).containsExactly("-odd-name", "a");
    }

    @Test
    void lastValueWinsAndListsGrow() throws UsageError {
        Options o = OptionParser.parse(List.of("--num-callers=3", "--fullpath-after=a"),
                List.of("--num-callers=40", "--fullpath-after=", "--error-exitcode=-3", "p"));
        assertThat(o.get(OptionTable.NUM_CALLERS)).isEqualTo(40);
        assertThat(o.get(OptionTable.ERROR_EXITCODE)).isEqualTo(-3);
        assertThat(o.get(OptionTable.FULLPATH_AFTER)).containsExactly("a", "");
    }

    @Test
    void toolScopedOptionsCountForTheirToolOnly() throws UsageError {
        assertThat(parse("--memcheck:num-callers=5", "p").get(OptionTable.NUM_CALLERS)).isEqualTo(5);
        assertThat(parse("--tool=none", "--memcheck:num-callers=5", "p").get(OptionTable.NUM_CALLERS)).isEqualTo(12);
        assertThat(parse("--helgrind:history-level=none", "p").command()).containsExactly("p");
        assertThat(errorOf("--nonsense:a=b", "p")).contains("Unknown option: --nonsense:a=b");
    }

    @Test
    void toolIsKnownBeforeScopedOptions() throws UsageError {
        assertThat(parse("--none:num-callers=5", "--tool=none", "p").get(OptionTable.NUM_CALLERS)).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"definite,1", "'definite,reachable',9", "all,15", "none,0", "'indirect,possible',6"})
    void leakKinds(String text, int mask) throws UsageError {
        assertThat(parse("--show-leak-kinds=" + text, "p").get(OptionTable.SHOW_LEAK_KINDS)).isEqualTo(mask);
    }

    @Test
    void olderSpellingsActInOrder() throws UsageError {
        assertThat(parse("--show-reachable=yes", "p").get(OptionTable.SHOW_LEAK_KINDS)).isEqualTo(15);
        assertThat(parse("--show-reachable=yes", "--show-possibly-lost=no", "p").get(OptionTable.SHOW_LEAK_KINDS)).isEqualTo(11);
    }

    @ParameterizedTest
    @CsvSource({"00,0", "ff,255", "0xAb,171", "7,7"})
    void fillBytes(String text, long value) throws UsageError {
        assertThat(parse("--malloc-fill=" + text, "p").get(OptionTable.MALLOC_FILL)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--foo", "-z", "--foo=1", "--trace-children", "--num-callers", "--leak-check=foo", "--tool", "--num=3",
        "--", "-"})
    void unknownOptionsGetValgrindsTwoLines(String option) {
        String want = option.equals("--") ? "muninn: no program specified\nmuninn: Use --help for more information.\n"
                : "muninn: Unknown option: " + option
                        + "\nmuninn: Use --help for more information or consult the user manual.\n";
        String[] words = option.equals("--") ? new String[] {option} : new String[] {option, "p"};
        assertThat(errorOf(words)).isEqualTo(want);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--num-callers=abc|Invalid integer value 'abc'",
        "--num-callers=501|'--num-callers' argument must be between 1 and 500",
        "--num-callers=99999999999999999999|Invalid integer value '99999999999999999999'",
        "--trace-children=maybe|Invalid boolean value 'maybe' (should be 'yes' or 'no')",
        "--alignment=24|Alignment must be a power of 2 in the range 16..4096.",
        "--show-leak-kinds=definite,x|definite,x is an invalid show-leak-kinds set",
        "--malloc-fill=100|Invalid integer value '100'",
        "--malloc-fill=zz|Invalid integer value 'zz'",
        "--free-fill=|Invalid integer value ''"})
    void badValuesAreNamed(String option, String why) {
        assertThat(errorOf(option, "p")).isEqualTo("muninn: Bad option: " + option + "\nmuninn: " + why
                + "\nmuninn: Use --help for more information or consult the user manual.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--track-fds=yes", "--read-var-info=yes", "--time-stamp=yes", "--vgdb=full", "--keep-debuginfo=yes"})
    void valgrindsOtherOptionsAreRefusedInOneLine(String option) {
        assertThat(errorOf(option, "p")).isEqualTo("muninn: Option not supported by Muninn yet: " + option + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--xml=no", "--track-origins=no", "--vgdb=no", "--fair-sched=try", "--run-libc-freeres=yes",
        "--max-threads=2000"})
    void valuesThatAskForNothingNewAreAccepted(String option) throws UsageError {
        assertThat(parse(option, "p").command()).containsExactly("p");
    }

    @Test
    void toolsWeDoNotHave() {
        assertThat(errorOf("--tool=helgrind", "p")).isEqualTo("muninn: Tool not supported by Muninn yet: helgrind\n");
        assertThat(errorOf("--tool=x", "p")).startsWith("muninn: No such tool: x");
        assertThat(errorOf("--tool=none", "--leak-check=full", "p")).contains("Unknown option: --leak-check=full");
    }

    @Test
    void helpAndVersionNeedNoProgram() throws UsageError {
        assertThat(parse("--help").request()).isEqualTo(Options.Request.HELP);
        assertThat(parse("-v", "--version").request()).isEqualTo(Options.Request.VERSION);
        assertThat(errorOf("-q")).contains("no program specified");
    }

    @Test
    void helpNamesEveryOption() throws UsageError {
        String help = HelpText.text();
        for (Option<?> o : OptionTable.all()) {
            assertThat(help).contains("--" + o.name + "=");
            assertThat(o.help).isNotBlank();
            assertThat(ValgrindOptions.answer(o.name, "")).as("declared twice: %s", o).isEqualTo(ValgrindOptions.Answer.UNKNOWN);
        }
        for (String line : help.split("\n")) {
            assertThat(line.length()).as(line).isLessThanOrEqualTo(110);
        }
    }
}
