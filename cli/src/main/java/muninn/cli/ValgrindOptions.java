// SPDX-License-Identifier: MIT
package muninn.cli;

/**
 * Valgrind's other options. Nothing of theirs is silently ignored: a value listed here asks for what Muninn does anyway and is
 * accepted; any other value is refused with one line. Options that only tune Valgrind's own machinery change no result and are
 * accepted with any value.
 */
final class ValgrindOptions {
    /** How an option of Valgrind's that is not in {@link OptionTable} is taken. */
    enum Answer { ACCEPTED, REFUSED, UNKNOWN }

    /** Name, then the values that are accepted because they describe what happens anyway, separated by spaces. */
    private static final String[] LATER = {
        
        "vgdb", "no yes", "vgdb-error", "999999999", "vgdb-stop-at", "none", "vgdb-shadow-registers", "no",
        "track-fds", "no", "modify-fds", "no", "time-stamp", "no", "enable-debuginfod", "no",
       
        "sigill-diagnostics", "no yes",
        "keep-debuginfo", "no", "default-suppressions", "yes no",
        "input-fd", "0", "max-stackframe", "2000000", "main-stacksize", "",
        "realloc-zero-bytes-frees", "yes", "xtree-memory", "none", "xtree-memory-file", "", "xtree-compress-strings", "yes no",
        "trace-malloc", "no", "extra-debuginfo-path", "", "debuginfo-server", "", "allow-mismatched-debuginfo", "no",
        "smc-check", "all all-non-file", "read-inline-info", "yes", "read-var-info", "no",
        "run-libc-freeres", "yes", "run-cxx-freeres", "yes", "sim-hints", "none", "kernel-variant", "none",
        "merge-recursive-frames", "0", "show-emwarns", "no", "require-text-symbol", "", "soname-synonyms", "",
        "progress-interval", "0", "sanity-level", "1", "trace-flags", "00000000", "profile-flags", "00000000",
        "profile-interval", "0", "trace-notbelow", "", "trace-notabove", "", "trace-syscalls", "no",
        "trace-symtab", "no", "trace-symtab-patt", "", "trace-cfi", "no", "debug-dump", "", "trace-redir", "no",
        "trace-sched", "no", "profile-heap", "no", "wait-for-gdb", "no", "sym-offsets", "no", "dump-error", "0",
        "xtree-leak", "no", "xtree-leak-file", "",
        "partial-loads-ok", "yes", "expensive-definedness-checks", "auto",
        "keep-stacktraces", "alloc-and-free", "ignore-ranges", "",
        "show-realloc-size-zero", "yes",
    };

    /** Sizes and strategies of Valgrind's translator, scheduler and address space; other platforms' options. */
    private static final String[] TUNING = {
        "num-transtab-sectors", "avg-transtab-entry-size", "aspace-minaddr", "valgrind-stacksize", "vgdb-poll", "vgdb-prefix",
        "scheduling-quantum", "fair-sched", "max-threads", "max-guard-pages", "core-redzone-size",
        "vex-iropt-verbosity", "vex-iropt-level", "vex-iropt-register-updates", "px-default", "px-file-backed",
        "vex-iropt-unroll-thresh", "vex-iropt-fold-expr", "vex-guest-max-insns", "vex-guest-chase", "vex-regalloc-version",
        "vex-iropt-precise-memory-exns", "unw-stack-scan-thresh", "unw-stack-scan-frames", "dsymutil", "resync-filter",
    };

    /** Tools of Valgrind's that this version does not have. */
    static final String TOOLS = "callgrind helgrind drd massif dhat exp-bbv";

    private ValgrindOptions() {}

    /** How {@code --name=value} is taken. */
    static Answer answer(String name, String value) {
        for (int i = 0; i < LATER.length; i += 2) {
            if (LATER[i].equals(name)) {
                return isWordOf(value, LATER[i + 1]) ? Answer.ACCEPTED : Answer.REFUSED;
            }
        }
        for (String tuning : TUNING) {
            if (tuning.equals(name)) {
                return Answer.ACCEPTED;
            }
        }
        return Answer.UNKNOWN;
    }

    static boolean isWordOf(String word, String words) {
        for (String w : Words.split(words, ' ')) {
            if (!w.isEmpty() && w.equals(word)) {
                return true;
            }
        }
        return false;
    }

    /** Names of the options that are refused unless their value describes what happens anyway. */
    static String[] laterNames() {
        String[] out = new String[LATER.length / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = LATER[2 * i];
        }
        return out;
    }
}
