// SPDX-License-Identifier: MIT
package muninn.tool.host;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import muninn.debuginfo.Frame;
import muninn.debuginfo.Symbol;
import muninn.tool.Counting;
import muninn.tool.EndedProcess;

/** A process at its end, for a tool. */
final class ProcessView implements EndedProcess {
    private static final Place NOWHERE = new Place(null, null, 0, null, null, 0, null);

    private final int pid;
    private final int code;
    private final long[] counters;
    private final List<ToolHost.Module> modules;
    private final HostOutput out;

    ProcessView(int pid, int code, long[] counters, List<ToolHost.Module> modules, HostOutput out) {
        this.pid = pid;
        this.code = code;
        this.counters = counters;
        this.modules = modules;
        this.out = out;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public int exitCode() {
        return code;
    }

    @Override
    public long value(Counting.Counter counter) {
        return counters[counter.number()];
    }

    @Override
    public Place place(long address) {
        // The latest mapping at an address is the one whose code was executed last.
        for (ToolHost.Module m : modules.reversed()) {
            if (Long.compareUnsigned(address, m.start()) >= 0 && Long.compareUnsigned(address, m.end()) < 0) {
                List<Frame> frames = m.object().frames(address - m.bias(), address);
                Frame function = frames.getLast();
                Frame line = frames.getFirst();
                Symbol symbol = m.object().symbolAt(address - m.bias());
                return new Place(function.function(), function.symbol(), symbol == null ? 0 : symbol.value() + m.bias(), line.file(),
                        line.directory(), line.line(), function.object());
            }
        }
        return NOWHERE;
    }

    @Override
    public void line(String text) {
        out.line(pid, text);
    }

    @Override
    public Writer create(String pattern) throws IOException {
        Path file = Path.of(out.fileName(pattern, pid)).toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A device, a pipe: it is written to, not replaced.
            return Files.newBufferedWriter(file);
        }
        Path begun = file.resolveSibling(file.getFileName() + ".begun-" + pid);
        Writer writer = Files.newBufferedWriter(begun);
        return new FilterWriter(writer) {
            private boolean closed;

            @Override
            public void close() throws IOException {
                super.close();
                if (!closed) {
                    closed = true;
                    Files.move(begun, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        };
    }
}
