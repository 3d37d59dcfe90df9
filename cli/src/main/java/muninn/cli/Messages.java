// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.PrintStream;
import java.util.List;

/** Text in Valgrind's form, each line behind {@code ==pid==}. Silent with -q. */
final class Messages {
    private final MessageSink sink;
    private final PrintStream out;
    private final boolean quiet;
    private final List<String> command;
    private boolean begun;

    Messages(MessageSink sink, PrintStream out, Options options) {
        this.sink = sink;
        this.out = out;
        this.quiet = options.verbosity() < 1;
        this.command = options.command();
    }

    /** The client exists: opens the log and says who is speaking. Once per run, not again after exec. */
    void begin(int pid, String tool) {
        if (begun) {
            return;
        }
        begun = true;
        sink.open(pid);
        line(pid, tool);
        line(pid, Main.VERSION + "; rerun with -h for help");
        StringBuilder words = new StringBuilder("Command:");
        for (String word : command) {
            words.append(' ').append(word);
        }
        line(pid, words.toString());
        line(pid, "");
    }

    void line(int pid, String text) {
        if (!quiet) {
            out.print("==" + pid + "== " + text + "\n");
            out.flush();
        }
    }
}
