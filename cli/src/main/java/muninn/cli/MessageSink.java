// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Socket;
import java.util.Map;

import muninn.linux.Errno;
import muninn.linux.Syscall;

/**
 * Where one stream of messages goes: a descriptor, a file, a socket, or nowhere. A file's name may hold the client's pid, so it is opened
 * when that is known; what is written before is kept. What cannot be opened is said, and messages go to standard error.
 */
final class MessageSink extends OutputStream {
    private static final int O_WRONLY_CREAT_TRUNC = 01 | 0100 | 01000;
    private static final int DEFAULT_PORT = 1500;

    /** Name with everything filled in but {@code %p}, or {@code null}. */
    private final String file;
    /** Address of a listener, or {@code null}. */
    private final String socket;
    private int fd;
    private OutputStream connection;
    private boolean opened;
    private byte[] waiting = new byte[0];

    private MessageSink(String file, String socket, int fd) {
        this.file = file;
        this.socket = socket;
        this.fd = fd;
    }

    /**
     * Makes the sink that a command line asks for with the text log.
     *
     * @throws UsageError if the file's name is wrong: an unknown {@code %} letter or a variable that is not set
     */
    static MessageSink log(Options options, Map<String, String> environment) throws UsageError {
        return of(options.get(OptionTable.LOG_FILE), options.get(OptionTable.LOG_SOCKET), options.get(OptionTable.LOG_FD), "log", environment);
    }

    /** As {@link #log}, for the XML report; {@code null} if the report is text. */
    static MessageSink xml(Options options, Map<String, String> environment) throws UsageError {
        return !options.get(OptionTable.XML) ? null
                : of(options.get(OptionTable.XML_FILE), options.get(OptionTable.XML_SOCKET), options.get(OptionTable.XML_FD), "xml", environment);
    }

    private static MessageSink of(String template, String socket, long fd, String kind, Map<String, String> environment)
            throws UsageError {
        String file = template == null ? null : expand("--" + kind + "-file=", template, environment);
        return new MessageSink(file, socket, file == null && socket == null ? (int) fd : -1);
    }

    /** Whether each process has a file of its own. */
    boolean isPerProcess() {
        return file != null && file.contains("%p");
    }

    /** A sink to the same place that has not been opened. */
    MessageSink again() {
        return new MessageSink(file, socket, fd);
    }

    /** Messages meant for standard error go to {@code other} instead, where it is now. */
    void moveStandardError(int other) {
        if (fd == 2) {
            fd = other;
        }
    }

    /** Everything but {@code %p}, which stays for {@link #open}. */
    static String expand(String option, String template, Map<String, String> environment) throws UsageError {
        if (template.isEmpty() || template.startsWith("~")) {
            throw UsageError.bad(option + template, "The file name must be absolute or relative to the current directory.");
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
                    throw UsageError.bad(option + template, "Environment variable " + variable + " is not set.");
                }
                for (int k = 0; k < value.length(); k++) {
                    out.append(value.charAt(k) == '%' ? "%%" : String.valueOf(value.charAt(k)));
                }
                i = close;
            } else {
                throw UsageError.bad(option + template, "Expected %p, %q{VAR} or %% in the file name.");
            }
        }
        return out.toString();
    }

    /** The client exists now: opens the file or the connection. */
    void open(int pid) {
        if (opened) {
            return;
        }
        opened = true;
        if (file != null) {
            String name = fileName(pid);
            long got = Syscall.open(name, O_WRONLY_CREAT_TRUNC | Syscall.O_CLOEXEC, 0644);
            if (got < 0) {
                System.err.println("muninn: Cannot create file '" + name + "': " + Errno.text((int) -got)
                        + "; messages go to standard error");
            }
            fd = got < 0 ? 2 : (int) got;
        } else if (socket != null) {
            connection = connect();
            fd = connection == null ? 2 : -1;
        }
        byte[] kept = waiting;
        waiting = new byte[0];
        write(kept, 0, kept.length);
    }

    private String fileName(int pid) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < file.length(); i++) {
            char c = file.charAt(i);
            if (c == '%') {
                name.append(file.charAt(++i) == 'p' ? Integer.toString(pid) : "%");
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }

    private OutputStream connect() {
        int colon = socket.lastIndexOf(':');
        try {
            String host = colon < 0 ? socket : socket.substring(0, colon);
            int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(socket.substring(colon + 1));
            return new Socket(host, port).getOutputStream();
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("muninn: Cannot connect to '" + socket + "': " + e.getMessage() + "; messages go to standard error");
            return null;
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (!opened && (file != null || socket != null)) {
            byte[] longer = new byte[waiting.length + length];
            System.arraycopy(waiting, 0, longer, 0, waiting.length);
            System.arraycopy(bytes, offset, longer, waiting.length, length);
            waiting = longer;
            return;
        }
        if (connection != null) {
            try {
                connection.write(bytes, offset, length);
                return;
            } catch (IOException e) {
                System.err.println("muninn: '" + socket + "' does not listen any more; messages go to standard error");
                connection = null;
                fd = 2;
            }
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
