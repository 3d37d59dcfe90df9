// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Elements of an XML report, gathered until {@link #flush()} writes them. A sink that fails ends the output, never the run.
 */
public final class XmlOutput {
    /**
     * What the head of the report says.
     *
     * @param protocol 4, or 6: with the summaries that Valgrind 3.24 added
     * @param tool command line of the tool: executable, then its options
     * @param comment put into the head as it is, or {@code null}
     */
    public record Head(int protocol, int pid, int parent, List<String> tool, String comment) {}

    private final OutputStream sink;
    private final Head head;
    private final long start = System.nanoTime();
    private final StringBuilder buffer = new StringBuilder();
    private int depth;
    private boolean failed;

    public XmlOutput(OutputStream sink, Head head) {
        this.sink = sink;
        this.head = head;
    }

    Head head() {
        return head;
    }

    /** Text of any origin, fit for an element: what XML has no place for is replaced. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                default -> {
                    boolean allowed = c == '\t' || c == '\n' || c >= 0x20 && c < 0xd800 || c >= 0xe000 && c < 0xfffe || c >= 0x1_0000;
                    out.appendCodePoint(allowed ? c : '?');
                }
            }
        }
        return out.toString();
    }

    /** A line as it is. */
    XmlOutput raw(String line) {
        buffer.append(line).append('\n');
        return this;
    }

    XmlOutput blank() {
        return raw("");
    }

    XmlOutput open(String name) {
        indent().append('<').append(name).append(">\n");
        depth++;
        return this;
    }

    XmlOutput close(String name) {
        depth--;
        indent().append("</").append(name).append(">\n");
        return this;
    }

    XmlOutput element(String name, String text) {
        indent().append('<').append(name).append('>').append(escaped(text)).append("</").append(name).append(">\n");
        return this;
    }

    XmlOutput element(String name, long number) {
        return element(name, Long.toString(number));
    }

    /** An element if there is something to say. */
    XmlOutput optional(String name, String text) {
        return text == null ? this : element(name, text);
    }

    /** Time since the start: days, hours, minutes, seconds, milliseconds. */
    String time() {
        long ms = (System.nanoTime() - start) / 1_000_000;
        return two(ms / 86_400_000) + ":" + two(ms / 3_600_000 % 24) + ":" + two(ms / 60_000 % 60) + ":" + two(ms / 1000 % 60) + "."
                + (1000 + ms % 1000 + "").substring(1) + " ";
    }

    private static String two(long n) {
        return n < 10 ? "0" + n : Long.toString(n);
    }

    private StringBuilder indent() {
        return buffer.append("  ".repeat(depth));
    }

    void flush() {
        if (!failed && !buffer.isEmpty()) {
            try {
                sink.write(buffer.toString().getBytes(StandardCharsets.UTF_8));
                sink.flush();
            } catch (IOException e) {
                failed = true;
            }
        }
        buffer.setLength(0);
    }
}
