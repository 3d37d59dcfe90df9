// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of a report, each with the prefix {@code ==PID== }, gathered until {@link #flush()} hands them to the sink in one
 * write, so that reports of several processes on one terminal do not mix. A sink that fails (a closed pipe) ends the output,
 * never the run.
 */
public final class TextOutput {
    private final OutputStream sink;
    private byte[] prefix;
    private byte[] debugPrefix;
    private byte[] clientPrefix;
    private byte[] buffer = new byte[1024];
    private int length;
    private boolean failed;

    public TextOutput(OutputStream sink, long pid) {
        this.sink = sink;
        pid(pid);
    }

    /** The process in whose name the following lines are written; changes in the child of a fork. */
    public void pid(long pid) {
        prefix = ("==" + pid + "== ").getBytes(StandardCharsets.US_ASCII);
        clientPrefix = ("**" + pid + "** ").getBytes(StandardCharsets.US_ASCII);
        debugPrefix = ("--" + pid + "-- ").getBytes(StandardCharsets.US_ASCII);
    }

    /** Adds one line; line breaks inside {@code text} (a hostile file name) become separate prefixed lines. */
    public TextOutput line(String text) {
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            append(text.substring(start, end));
            start = end + 1;
        }
        append(start == 0 ? text : text.substring(start));
        return this;
    }

    /** Adds one line of words about the tool itself, with the prefix {@code --PID-- }. */
    void debugLine(String text) {
        append(debugPrefix, text);
    }

    /** Adds one line of the program's own words, with the prefix {@code **PID** }. */
    void clientLine(String text) {
        append(clientPrefix, text);
    }

    /** Adds one line without prefix, to be copied by the reader. */
    void plain(String text) {
        append(new byte[0], text);
    }

    /** Adds a line with the prefix only. */
    public TextOutput blank() {
        append("");
        return this;
    }

    /** Writes what was gathered, in one call of the sink. */
    public void flush() {
        if (length > 0 && !failed) {
            try {
                sink.write(buffer, 0, length);
                sink.flush();
            } catch (IOException closed) {
                failed = true;
            }
        }
        length = 0;
    }

    private void append(String text) {
        append(prefix, text);
    }

    private void append(byte[] lead, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int needed = length + lead.length + bytes.length + 1;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
        }
        System.arraycopy(lead, 0, buffer, length, lead.length);
        System.arraycopy(bytes, 0, buffer, length + lead.length, bytes.length);
        buffer[needed - 1] = '\n';
        length = needed;
    }
}
