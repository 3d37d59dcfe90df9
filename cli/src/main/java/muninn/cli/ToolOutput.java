// SPDX-License-Identifier: MIT
package muninn.cli;

import java.util.Map;

import muninn.tool.host.HostOutput;

/** Output of tools that are written on {@code muninn.tool}. */
final class ToolOutput implements HostOutput {
    private final Messages messages;
    private final Map<String, String> environment;

    ToolOutput(Messages messages, Map<String, String> environment) {
        this.messages = messages;
        this.environment = environment;
    }

    @Override
    public void begin(int pid, String title) {
        messages.begin(pid, title);
    }

    @Override
    public void line(int pid, String text) {
        messages.line(pid, text);
    }

    @Override
    public String fileName(String pattern, int pid) {
        try {
            String[] parts = MessageSink.expand("", pattern, environment).split("%%", -1);
            for (int i = 0; i < parts.length; i++) {
                parts[i] = parts[i].replace("%p", Integer.toString(pid));
            }
            return String.join("%", parts);
        } catch (UsageError e) {
            // Without the hint to --help, and as one line.
            String[] lines = e.text().split("\n");
            throw new IllegalArgumentException("output file " + pattern + ": " + lines[Math.min(1, lines.length - 1)].replaceFirst("^muninn: ", ""));
        }
    }
}
