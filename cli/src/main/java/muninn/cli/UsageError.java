// SPDX-License-Identifier: MIT
package muninn.cli;

/** The command line cannot be followed; says the lines to print (without prefix) and the exit status. */
final class UsageError extends Exception {
    private static final long serialVersionUID = 1L;

    private static final String SEE_HELP = "Use --help for more information or consult the user manual.";

    private final String[] lines;
    private final int status;

    UsageError(int status, String... lines) {
        super(lines[0], null, false, false);
        this.status = status;
        this.lines = lines;
    }

    /** No such option, or one with a value that is none of its words. */
    static UsageError unknown(String argument) {
        return new UsageError(1, "Unknown option: " + argument, SEE_HELP);
    }

    /** An option whose value is out of its range or not a number. */
    static UsageError bad(String argument, String why) {
        return new UsageError(1, "Bad option: " + argument, why, SEE_HELP);
    }

    /** An option of Valgrind's that we know and do not have. */
    static UsageError unsupported(String argument) {
        return new UsageError(1, "Option not supported by Muninn yet: " + argument);
    }

    int status() {
        return status;
    }

    /** The lines as they go to standard error. */
    String text() {
        StringBuilder out = new StringBuilder();
        for (String line : lines) {
            out.append("muninn: ").append(line).append('\n');
        }
        return out.toString();
    }
}
