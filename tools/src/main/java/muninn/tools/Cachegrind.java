// SPDX-License-Identifier: MIT
package muninn.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import muninn.tool.Analysis;
import muninn.tool.AnalysisTool;
import muninn.tool.Block;
import muninn.tool.Counting;
import muninn.tool.EndedProcess;
import muninn.tool.Instruction;
import muninn.tool.ToolOption;
import muninn.tool.ToolRun;

/**
 * Counts the instructions that each line of source has executed, into a file that {@code cg_annotate} and KCachegrind read. A block has
 * one counter; which lines its instructions belong to is looked up at the end.
 */
public final class Cachegrind implements AnalysisTool {
    /** Found as a service. */
    public Cachegrind() {}

    @Override
    public int apiVersion() {
        return API;
    }

    @Override
    public String name() {
        return "cachegrind";
    }

    @Override
    public String title() {
        return "Cachegrind, a high-precision tracing profiler";
    }

    @Override
    public List<ToolOption> options() {
        return List.of(ToolOption.text("cachegrind-out-file", "cachegrind.out.%p", "name of the output file"),
                ToolOption.flag("cache-sim", false, "simulate caches? (not yet)"),
                ToolOption.flag("branch-sim", false, "simulate branch prediction? (not yet)"));
    }

    @Override
    public Analysis start(ToolRun run) {
        for (String option : List.of("cache-sim", "branch-sim")) {
            if (run.flag(option)) {
                throw new IllegalArgumentException("--" + option + "=yes is not supported by Muninn yet: instructions are counted, nothing is simulated");
            }
        }
        run.checkFileName(run.option("cachegrind-out-file"));
        return new Lines(run);
    }

    private static final class Lines implements Analysis {
        private final ToolRun run;
        private final List<Counted> blocks = new ArrayList<>();

        /** Addresses of a block's instructions, and how often it was executed. */
        private record Counted(long[] addresses, Counting.Counter executed) {}

        Lines(ToolRun run) {
            this.run = run;
        }

        @Override
        public void block(Block block, Counting counting) {
            Counting.Counter executed = counting.counter();
            counting.add(0, executed, 1);
            blocks.add(new Counted(block.instructions().stream().mapToLong(Instruction::address).toArray(), executed));
        }

        @Override
        public void ended(EndedProcess process) {
            Map<Long, Long> byAddress = new HashMap<>();
            long total = 0;
            for (Counted b : blocks) {
                long n = process.value(b.executed);
                if (n != 0) {
                    for (long address : b.addresses) {
                        byAddress.merge(address, n, Long::sum);
                    }
                    total += n * b.addresses.length;
                }
            }
            Map<String, Map<String, Map<Integer, Long>>> files = new TreeMap<>();
            byAddress.forEach((address, n) -> {
                EndedProcess.Place p = process.place(address);
                String file = p.file() == null ? "???" : p.directory() == null ? p.file() : p.directory() + "/" + p.file();
                files.computeIfAbsent(file, f -> new TreeMap<>()).computeIfAbsent(p.function() == null ? "???" : p.function(), f -> new TreeMap<>())
                        .merge(p.line(), n, Long::sum);
            });
            process.line("I   refs:      " + String.format(Locale.ROOT, "%,d", total));
            try (Writer out = process.create(run.option("cachegrind-out-file"))) {
                write(out, files, total);
            } catch (IOException e) {
                process.line("error: cannot write " + run.option("cachegrind-out-file") + ": " + e.getMessage());
                throw new UncheckedIOException(e);
            }
        }

        private void write(Writer out, Map<String, Map<String, Map<Integer, Long>>> files, long total) throws IOException {
            out.write("desc: instructions are counted, no caches are simulated\n");
            out.write("cmd: " + String.join(" ", run.command()).replace('\n', ' ') + "\n");
            out.write("events: Ir\n");
            for (Map.Entry<String, Map<String, Map<Integer, Long>>> file : files.entrySet()) {
                out.write("fl=" + file.getKey() + "\n");
                for (Map.Entry<String, Map<Integer, Long>> function : file.getValue().entrySet()) {
                    out.write("fn=" + function.getKey() + "\n");
                    for (Map.Entry<Integer, Long> line : function.getValue().entrySet()) {
                        out.write(line.getKey() + " " + line.getValue() + "\n");
                    }
                }
            }
            out.write("summary: " + total + "\n");
        }
    }
}
