// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

import muninn.linux.Syscall;

/**
 * Where messages go: a descriptor, a file or nowhere. A file's name may hold the client's pid, so it is opened when that is known;
 * what is written before is kept.
 */
final class MessageSink extends OutputStream {
    private static final int O_WRONLY_CREAT_TRUNC = 01 | 0100 | 01000;

    private final String file;
    private int fd;
    private byte[] waiting = new byte[0];

    /**
     * Makes the sink a command line asks for.
     *
     * @throws UsageError if the file's name is wrong: an unknown {@code %} letter or a variable that is not set
     */
    MessageSink(Options options, Map<String, String> environment) throws UsageError {
        String template = options.get(OptionTable.LOG_FILE);
        file = template == null ? null : expand(template, environment);
        fd = template == null ? (int) (long) options.get(OptionTable.LOG_FD) : -1;
    }

    /** Messages meant for standard error go to {@code other} instead, where it is now. */
    void moveStandardError(int other) {
        if (fd == 2) {
            fd = other;
        }
    }

    /** Everything but {@code %p}, which stays for {@link #open}. */
    static String expand(String template, Map<String, String> environment) throws UsageError {
        if (template.isEmpty() || template.startsWith("~")) {
            throw UsageError.bad("--log-file=" + template, "The file name must be absolute or relative to the current directory.");
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            char next = i + 1 < template.length() ? template.charAt(i + 1) : 0;
            int close = template.indexOf('}', i);
            if (next == '%' || next == 'p') {
                // A doubled sign stays doubled until the pid is filled in.
                out.append('%').append(next);
                i++;
            } else if (next == 'q' && i + 2 < template.length() && template.charAt(i + 2) == '{' && close > 0) {
                String variable = template.substring(i + 3, close);
                String value = environment.get(variable);
                if (value == null) {
                    throw UsageError.bad("--log-file=" + template, "Environment variable " + variable + " is not set.");
                }
                for (int k = 0; k < value.length(); k++) {
                    out.append(value.charAt(k) == '%' ? "%%" : String.valueOf(value.charAt(k)));
                }
                i = close;
            } else {
                throw UsageError.bad("--log-file=" + template, "Expected %p, %q{VAR} or %% in the file name.");
            }
        }
        return out.toString();
    }

    /** The client exists now: opens the file. Returns false if that failed; messages then go to standard error. */
    boolean open(int pid) {
        if (file == null || fd >= 0) {
            return true;
        }
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < file.length(); i++) {
            char c = file.charAt(i);
            if (c == '%') {
                name.append(file.charAt(++i) == 'p' ? Integer.toString(pid) : "%");
            } else {
                name.append(c);
            }
        }
        long opened = Syscall.open(name.toString(), O_WRONLY_CREAT_TRUNC, 0644);
        fd = opened < 0 ? 2 : (int) opened;
        byte[] kept = waiting;
        waiting = new byte[0];
        write(kept, 0, kept.length);
        return opened >= 0;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (file != null && fd < 0) {
            byte[] longer = new byte[waiting.length + length];
            System.arraycopy(waiting, 0, longer, 0, waiting.length);
            System.arraycopy(bytes, offset, longer, waiting.length, length);
            waiting = longer;
            return;
        }
        if (fd < 0 || length == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(length);
            MemorySegment.copy(bytes, offset, copy, ValueLayout.JAVA_BYTE, 0, length);
            long done = 0;
            while (done < length) {
                long n = Syscall.call(Syscall.WRITE, fd, copy.address() + done, length - done);
                if (n <= 0 && n != -4) {
                    // Nobody reads what we say; the client goes on.
                    return;
                }
                done += Math.max(n, 0);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null && fd > 2) {
            Syscall.close(fd);
            fd = 2;
        }
    }
}
