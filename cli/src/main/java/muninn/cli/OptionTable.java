// SPDX-License-Identifier: MIT
package muninn.cli;

import static muninn.cli.Option.Section.BASIC;
import static muninn.cli.Option.Section.ERRORS;
import static muninn.cli.Option.Section.HEAP;
import static muninn.cli.Option.Section.INSIDE;
import static muninn.cli.Option.Section.MEMCHECK;

import java.util.Arrays;

/** Every option that Muninn follows. Names, values and defaults are Valgrind's where Valgrind has the option. */
public final class OptionTable {
    /** Tools this version has. */
    static final String TOOLS = "memcheck none";
    /** Leak kinds in the order of the bits of a set. */
    static final String LEAK_KINDS = "definite indirect possible reachable";

    private static final long HUGE = 10_000_000_000L;

    // Before the declarations below: each of them adds itself.
    private static Option<?>[] all = new Option<?>[96];
    private static int count;

    public static final Option<String> TOOL = Option.text(BASIC, "tool", "memcheck", "the tool to run");
    public static final Option<String> TOOL_PATH = Option.text(BASIC, "tool-path", "", "folder with jars of more tools");
    public static final Option<Boolean> TRACE_CHILDREN =
            Option.flag(BASIC, "trace-children", false, "go on watching after execve?");
    public static final Option<String> TRACE_CHILDREN_SKIP =
            Option.text(BASIC, "trace-children-skip", "", "executables not to follow: patterns with * and ?, by commas");
    public static final Option<String> TRACE_CHILDREN_SKIP_BY_ARG =
            Option.text(BASIC, "trace-children-skip-by-arg", "", "do not follow programs with such an argument");
    public static final Option<Long> LOG_FD =
            Option.number(BASIC, "log-fd", 2, -1, 1023, "messages go to this descriptor, -1: nowhere");
    public static final Option<String> LOG_FILE =
            Option.text(BASIC, "log-file", null, "messages go to this file; %p process, %q{VAR} environment, %%");
    public static final Option<String> LOG_SOCKET =
            Option.text(BASIC, "log-socket", null, "messages go to a listener at address[:port]");
    public static final Option<Boolean> CHILD_SILENT =
            Option.flag(BASIC, "child-silent-after-fork", false, "say nothing about children that fork makes?");
    public static final Option<Boolean> COMMAND_LINE_ONLY =
            Option.flag(BASIC, "command-line-only", false, "ignore ~/.valgrindrc, $VALGRIND_OPTS, ./.valgrindrc?");

    public static final Option<Boolean> XML = Option.flag(ERRORS, "xml", false, "report in XML?");
    public static final Option<Long> XML_FD = Option.number(ERRORS, "xml-fd", -1, -1, 1023, "the XML report goes to this descriptor");
    public static final Option<String> XML_FILE =
            Option.text(ERRORS, "xml-file", null, "the XML report goes to this file; %p process, %q{VAR} environment, %%");
    public static final Option<String> XML_SOCKET =
            Option.text(ERRORS, "xml-socket", null, "the XML report goes to a listener at address[:port]");
    public static final Option<String> XML_USER_COMMENT =
            Option.text(ERRORS, "xml-user-comment", null, "put this text into the XML report as it is");
    public static final Option<String> XML_PROTOCOL =
            Option.word(ERRORS, "xml-protocol", "4", "4 6", "version of the XML report; 6 has summaries of heap, leaks, errors");
    public static final Option<Boolean> DEMANGLE = Option.flag(ERRORS, "demangle", true, "show C++ and Rust names in clear?");
    public static final Option<Long> NUM_CALLERS =
            Option.number(ERRORS, "num-callers", 12, 1, 500, "frames shown of a stack");
    public static final Option<Boolean> ERROR_LIMIT =
            Option.flag(ERRORS, "error-limit", true, "stop reporting after 1000 different errors?");
    public static final Option<Long> ERROR_EXITCODE =
            Option.number(ERRORS, "error-exitcode", 0, Integer.MIN_VALUE, Integer.MAX_VALUE,
                    "exit status if errors were found, 0: the program's own");
    public static final Option<Boolean> EXIT_ON_FIRST_ERROR =
            Option.flag(ERRORS, "exit-on-first-error", false, "end the program at its first error?");
    public static final Option<String> ERROR_MARKERS =
            Option.text(ERRORS, "error-markers", "none", "lines in front of and behind each error: begin,end");
    public static final Option<String[]> SUPPRESSIONS =
            Option.list(ERRORS, "suppressions", "keep back the errors that this file describes; may be given again");
    public static final Option<String> GEN_SUPPRESSIONS =
            Option.word(ERRORS, "gen-suppressions", "no", "no yes all", "print a suppression behind each error?");
    public static final Option<Boolean> SHOW_ERROR_LIST =
            Option.flag(ERRORS, "show-error-list", false, "list all errors at the end? (-s)");
    public static final Option<Boolean> SHOW_BELOW_MAIN =
            Option.flag(ERRORS, "show-below-main", false, "show the frames below main?");
    public static final Option<String[]> FULLPATH_AFTER =
            Option.list(ERRORS, "fullpath-after", "show source paths from after this text on; may be given again");

    public static final Option<Long> ALIGNMENT =
            Option.number(HEAP, "alignment", 16, 16, 4096, "alignment of heap blocks, a power of two");
    public static final Option<Long> REDZONE_SIZE =
            Option.number(HEAP, "redzone-size", 16, 0, 4096, "bytes watched before and after a heap block");

    public static final Option<String> LEAK_CHECK =
            Option.word(MEMCHECK, "leak-check", "summary", "no summary yes full", "look for lost blocks at exit?");
    public static final Option<String> LEAK_RESOLUTION =
            Option.word(MEMCHECK, "leak-resolution", "high", "low med high", "frames compared to merge leaks: 2, 4, all");
    public static final Option<Integer> SHOW_LEAK_KINDS =
            Option.set(MEMCHECK, "show-leak-kinds", 0b0101, LEAK_KINDS, "which leaks to show with --leak-check=full");
    public static final Option<Integer> ERRORS_FOR_LEAK_KINDS =
            Option.set(MEMCHECK, "errors-for-leak-kinds", 0b0101, LEAK_KINDS, "which leaks count as errors");
    public static final Option<Boolean> SHOW_REACHABLE =
            Option.flag(MEMCHECK, "show-reachable", false, "older spelling: show all kinds of leaks?");
    public static final Option<Boolean> SHOW_POSSIBLY_LOST =
            Option.flag(MEMCHECK, "show-possibly-lost", true, "older spelling: show possibly lost blocks?");
    public static final Option<Boolean> SHOW_MISMATCHED_FREES =
            Option.flag(MEMCHECK, "show-mismatched-frees", true, "report blocks released by a function of another family?");
    public static final Option<Long> FREELIST_VOL =
            Option.number(MEMCHECK, "freelist-vol", 20_000_000, 0, HUGE, "bytes of freed blocks kept back from reuse");
    public static final Option<Long> FREELIST_BIG_BLOCKS =
            Option.number(MEMCHECK, "freelist-big-blocks", 1_000_000, 0, HUGE, "freed blocks of this size are reused first");
    public static final Option<Long> MALLOC_FILL = Option.hexByte(MEMCHECK, "malloc-fill", "fill new blocks with this byte");
    public static final Option<Long> FREE_FILL = Option.hexByte(MEMCHECK, "free-fill", "fill freed blocks with this byte");
    public static final Option<Boolean> UNDEF_VALUE_ERRORS =
            Option.flag(MEMCHECK, "undef-value-errors", true, "check for undefined value errors");
    public static final Option<String> IGNORE_RANGE_BELOW_SP = Option.text(MEMCHECK, "ignore-range-below-sp", "",
            "FAR-NEAR: accept accesses that many bytes below the stack pointer");
    public static final Option<Boolean> WORKAROUND_GCC296_BUGS =
            Option.flag(MEMCHECK, "workaround-gcc296-bugs", false, "older spelling of --ignore-range-below-sp=1024-1");
    public static final Option<String[]> REPORT = Option.list(MEMCHECK, "report",
            "json|sarif|junit|github=FILE: findings for other programs; -: standard error");
    public static final Option<String> BASELINE = Option.text(MEMCHECK, "baseline", "", "a report in JSON or SARIF of what is known already");
    public static final Option<String> FAIL_ON = Option.word(MEMCHECK, "fail-on", "any", "any new none",
            "errors that --error-exitcode is about; new: not in the baseline");
    public static final Option<Integer> LEAK_CHECK_HEURISTICS = Option.set(MEMCHECK, "leak-check-heuristics", 15,
            "stdstring length64 newarray multipleinheritance", "interior pointers kept by");
    public static final Option<Boolean> TRACK_ORIGINS =
            Option.flag(MEMCHECK, "track-origins", false, "show where undefined values were created?");

    public static final Option<Boolean> STATS = Option.flag(INSIDE, "stats", false, "print counters at the end?");
    public static final Option<Boolean> TRACE_BLOCKS =
            Option.flag(INSIDE, "trace-blocks", false, "print every block that is translated?");
    public static final Option<Boolean> TRACE_SIGNALS =
            Option.flag(INSIDE, "trace-signals", false, "print every signal that arrives?");
    public static final Option<Long> VERIFY = Option.number(INSIDE, "verify", 0, 0, 4, "level of self-checks");
    public static final Option<String> DIFF_NATIVE = Option.word(INSIDE, "diff-native", "no", "no end",
            "run the program natively first and compare output, status, system calls?");
    public static final Option<Long> LOOK_AHEAD =
            Option.number(INSIDE, "look-ahead", 24, 0, 1000, "following blocks translated with one request");

    public static final Option<Long> CODE_MEMORY =
            Option.number(INSIDE, "code-memory", 4096, 64, 4096, "MiB that translated code may take; unused code is given up at half");
    public static final Option<Boolean> TRANSLATION_CACHE =
            Option.flag(INSIDE, "translation-cache", true, "keep translated code in ~/.cache/muninn from run to run?");

    private OptionTable() {}

    static int add(Option<?> option) {
        all[count] = option;
        return count++;
    }

    static int size() {
        return count;
    }

    static Option<?> at(int index) {
        return all[index];
    }

    /** The option of this name, without dashes; {@code null} if there is none. */
    static Option<?> find(String name) {
        for (int i = 0; i < count; i++) {
            if (all[i].name.equals(name)) {
                return all[i];
            }
        }
        return null;
    }

    /** All options in the order of their declaration. */
    static Option<?>[] all() {
        return Arrays.copyOf(all, count);
    }
}
