// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A report over invented frames: pc 0x1000 + n is line n of a.c, pc 0x9000 is malloc, 0x9001 free. */
final class ReportFixture {
    static final int PID = 77;

    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int writes;
    final TextOutput out = new TextOutput(new java.io.OutputStream() {
        @Override
        public void write(int b) {
            throw new AssertionError("single bytes");
        }

        @Override
        public void write(byte[] b, int from, int length) {
            writes++;
            bytes.write(b, from, length);
        }
    }, PID);
    HeapBlock block;
    AddressDescription.OnStack stack;
    AddressDescription.InDataSymbol symbol;
    AddressDescription.InSection section;
    AddressDescription.InMapping mapping;
    final AddressSources sources = new AddressSources() {
        @Override
        public HeapBlock block(long address) {
            return block;
        }

        @Override
        public AddressDescription.OnStack stack(long address) {
            return stack;
        }

        @Override
        public AddressDescription.InDataSymbol dataSymbol(long address) {
            return symbol;
        }

        @Override
        public AddressDescription.InSection section(long address) {
            return section;
        }

        @Override
        public AddressDescription.InMapping mapping(long address) {
            return mapping;
        }
    };

    MemcheckReport report(MemcheckOptions options) {
        return new MemcheckReport(options, out, ReportFixture::name, sources);
    }

    MemcheckReport report() {
        return report(MemcheckOptions.defaults());
    }

    static List<FrameText> name(long[] pcs) {
        List<FrameText> frames = new ArrayList<>();
        for (long pc : pcs) {
            frames.add(frame(pc));
        }
        return frames;
    }

    private static FrameText frame(long pc) {
        if (pc == 0x9000) {
            return FrameText.replaced(pc, "malloc", "malloc");
        }
        if (pc == 0x9001) {
            return FrameText.replaced(pc, "free", "free");
        }
        if (pc == 0x8000) {
            return new FrameText(pc, "__libc_start_call_main", "libc_start_call_main.h", 58, "/lib/libc.so.6");
        }
        if (pc == 0x8001) {
            return new FrameText(pc, null, null, 0, "/lib/libx.so");
        }
        if (pc < 0x1000) {
            return new FrameText(pc, null, null, 0, null);
        }
        return new FrameText(pc, pc == 0x10AB ? "main" : "f" + (pc - 0x1000), "a.c", (int) (pc - 0x1000), "/tmp/a");
    }

    /** What was written since the last call, without the prefix. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String line : bytes.toString(StandardCharsets.UTF_8).lines().toList()) {
            if (!line.startsWith("==77== ")) {
                throw new AssertionError("no prefix: " + line);
            }
            lines.add(line.substring(7));
        }
        bytes.reset();
        return lines;
    }
}
