// SPDX-License-Identifier: MIT
package muninn.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import muninn.tool.Analysis;
import muninn.tool.AnalysisTool;
import muninn.tool.Block;
import muninn.tool.Counting;
import muninn.tool.EndedProcess;
import muninn.tool.Instruction;
import muninn.tool.ToolOption;
import muninn.tool.ToolRun;

/** Counts instructions, blocks, conditional jumps and the calls of one function. */
public final class Lackey implements AnalysisTool {
    /** Found as a service. */
    public Lackey() {}

    @Override
    public int apiVersion() {
        return API;
    }

    @Override
    public String name() {
        return "lackey";
    }

    @Override
    public String title() {
        return "Lackey, a tool that counts what a program executes";
    }

    @Override
    public List<ToolOption> options() {
        return List.of(ToolOption.flag("basic-counts", true, "count instructions, jumps, and calls of one function?"),
                ToolOption.text("fnname", "main", "the function whose calls are counted"));
    }

    @Override
    public Analysis start(ToolRun run) {
        return new Counts(run.flag("basic-counts"), run.option("fnname"));
    }

    private static final class Counts implements Analysis {
        private final boolean basic;
        private final String function;
        private Counting.Counter instructions;
        private Counting.Counter jumps;
        private Counting.Counter taken;
        private Counting.Counter entered;
        private final List<Start> starts = new ArrayList<>();

        /** A block, and how often it was entered. */
        private record Start(long address, Counting.Counter entered) {}

        Counts(boolean basic, String function) {
            this.basic = basic;
            this.function = function;
        }

        @Override
        public void block(Block block, Counting counting) {
            if (!basic) {
                return;
            }
            if (instructions == null) {
                instructions = counting.counter();
                jumps = counting.counter();
                taken = counting.counter();
                entered = counting.counter();
            }
            int last = block.instructions().size() - 1;
            counting.add(0, instructions, last + 1);
            counting.add(0, entered, 1);
            Start start = new Start(block.address(), counting.counter());
            counting.add(0, start.entered, 1);
            starts.add(start);
            Instruction end = block.instructions().get(last);
            if (end.kind() == Instruction.Kind.BRANCH && end.mnemonic().startsWith("j") && !end.mnemonic().endsWith("cxz")) {
                counting.add(last, jumps, 1);
                counting.addWhenTaken(taken, 1);
            }
        }

        @Override
        public void ended(EndedProcess process) {
            if (basic) {
                long calls = 0;
                for (Start s : starts) {
                    EndedProcess.Place place = process.value(s.entered) == 0 ? null : process.place(s.address);
                    if (place != null && place.start() == s.address && (function.equals(place.function()) || function.equals(place.symbol()))) {
                        calls += process.value(s.entered);
                    }
                }
                process.line("Counted " + grouped(calls) + " call" + (calls == 1 ? "" : "s") + " to " + function + "()");
                process.line("");
                long all = value(process, jumps);
                process.line("Jccs:");
                process.line("  total:         " + grouped(all));
                process.line("  taken:         " + grouped(value(process, taken)) + " (" + (all == 0 ? 0 : value(process, taken) * 100 / all) + "%)");
                process.line("");
                process.line("Executed:");
                process.line("  blocks:        " + grouped(value(process, entered)));
                process.line("  guest instrs:  " + grouped(value(process, instructions)));
                process.line("");
                process.line("Ratios:");
                long blocks = Math.max(1, value(process, entered));
                process.line("  guest instrs : block entered  = " + value(process, instructions) * 10 / blocks + " : 10");
                process.line("");
            }
            process.line("Exit code:       " + process.exitCode());
        }

        private static long value(EndedProcess process, Counting.Counter counter) {
            return counter == null ? 0 : process.value(counter);
        }

        private static String grouped(long n) {
            return String.format(Locale.ROOT, "%,d", n);
        }
    }
}
