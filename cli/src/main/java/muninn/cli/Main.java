// SPDX-License-Identifier: MIT
package muninn.cli;

/** Entry point of the controller. */
public final class Main {
    private Main() {}

    /** Runs the client named on the command line. */
    public static void main(String[] args) {
        System.exit(1);
    }
}
