// SPDX-License-Identifier: MIT
package muninn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import muninn.memcheck.findings.FindingForm;
import muninn.memcheck.findings.Findings;

/** What options demand of each other. */
final class OptionRules {
    /** What --workaround-gcc296-bugs ignores below the stack pointer. */
    private static final int OLD_COMPILERS = 1024;
    private static final int FARTHEST = 1_000_000;
    private static final int WIDEST = 4096;

    private OptionRules() {}

    static void check(Options options) throws UsageError {
        int logs = count(options, OptionTable.LOG_FD, OptionTable.LOG_FILE, OptionTable.LOG_SOCKET);
        if (logs > 1) {
            throw UsageError.bad("--log-fd, --log-file and --log-socket", "Only one of them can be given.");
        }
        int xml = count(options, OptionTable.XML_FD, OptionTable.XML_FILE, OptionTable.XML_SOCKET);
        if (xml > 1) {
            throw UsageError.bad("--xml-fd, --xml-file and --xml-socket", "Only one of them can be given.");
        }
        if (options.get(OptionTable.XML)) {
            if (xml == 0) {
                throw UsageError.bad("--xml=yes, but no XML destination specified",
                        "Say where the XML report shall go: --xml-fd, --xml-file or --xml-socket.");
            }
            if (!options.get(OptionTable.TOOL).equals("memcheck")) {
                throw UsageError.bad("--xml=yes", "Tool " + options.get(OptionTable.TOOL) + " does not support XML output.");
            }
        }
        if (options.get(OptionTable.GEN_SUPPRESSIONS).equals("yes")) {
            throw new UsageError(1, "--gen-suppressions=yes, which asks after each error, is not supported by Muninn; use --gen-suppressions=all");
        }
        if (options.get(OptionTable.EXIT_ON_FIRST_ERROR) && options.get(OptionTable.ERROR_EXITCODE) == 0) {
            throw UsageError.bad("--exit-on-first-error=yes", "An exit status is needed: --error-exitcode=...");
        }
        if (options.get(OptionTable.TRACK_ORIGINS) && !options.get(OptionTable.UNDEF_VALUE_ERRORS)) {
            throw UsageError.bad("--track-origins=yes", "It has no effect when --undef-value-errors=no.");
        }
        belowStack(options);
        reports(options);
        if (options.get(OptionTable.FAIL_ON).equals("new") && options.get(OptionTable.BASELINE).isEmpty()) {
            throw UsageError.bad("--fail-on=new", "What is known already has to be said: --baseline=FILE.");
        }
        String markers = options.get(OptionTable.ERROR_MARKERS);
        if (!markers.equals("none") && (markers.indexOf(',') <= 0 || markers.indexOf(',') != markers.lastIndexOf(','))) {
            throw UsageError.bad("--error-markers=" + markers, "Two words with a comma between them are expected: begin,end");
        }
    }

    /**
     * The range of --ignore-range-below-sp, far end first; 0 and 1 if nothing is ignored.
     *
     * @throws UsageError if it is no range, or too large a one
     */
    static int[] belowStack(Options options) throws UsageError {
        String range = options.get(OptionTable.IGNORE_RANGE_BELOW_SP);
        if (range.isEmpty()) {
            return options.get(OptionTable.WORKAROUND_GCC296_BUGS) ? new int[] {OLD_COMPILERS, 1} : new int[] {0, 1};
        }
        int dash = range.indexOf('-');
        try {
            int far = Integer.parseInt(range.substring(0, Math.max(0, dash)));
            int near = Integer.parseInt(range.substring(dash + 1));
            if (far > near && near > 0 && far <= FARTHEST && far - near <= WIDEST) {
                return new int[] {far, near};
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw UsageError.bad("--ignore-range-below-sp=" + range,
                "Two numbers are expected, the larger first: FAR-NEAR, at most " + FARTHEST + " and " + WIDEST + " apart.");
    }

    /**
     * What --report asks for.
     *
     * @throws UsageError if there is no such form, or no file
     */
    static List<Findings.Target> reports(Options options) throws UsageError {
        List<Findings.Target> targets = new ArrayList<>();
        for (String wish : options.get(OptionTable.REPORT)) {
            int equals = wish.indexOf('=');
            FindingForm form = null;
            for (FindingForm f : FindingForm.values()) {
                form = equals > 0 && f.name().toLowerCase(Locale.ROOT).equals(wish.substring(0, equals)) ? f : form;
            }
            if (form == null || equals == wish.length() - 1) {
                throw UsageError.bad("--report=" + wish, "A form and a file are expected: json=FILE, sarif=FILE, junit=FILE or github=FILE.");
            }
            targets.add(new Findings.Target(form, wish.substring(equals + 1)));
        }
        return targets;
    }

    private static int count(Options options, Option<?>... group) {
        int given = 0;
        for (Option<?> o : group) {
            given += options.given(o) ? 1 : 0;
        }
        return given;
    }
}
