// SPDX-License-Identifier: MIT
package hotblocks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import muninn.tool.Analysis;
import muninn.tool.AnalysisTool;
import muninn.tool.Block;
import muninn.tool.Counting;
import muninn.tool.EndedProcess;
import muninn.tool.ToolOption;
import muninn.tool.ToolRun;

/** Prints the blocks that were executed most often. */
public final class HotBlocks implements AnalysisTool {
    private record Entry(long address, Counting.Counter executed) {}

    @Override
    public int apiVersion() {
        return API;
    }

    @Override
    public String name() {
        return "hotblocks";
    }

    @Override
    public String title() {
        return "Hot blocks, an example tool";
    }

    @Override
    public List<ToolOption> options() {
        return List.of(ToolOption.text("top", "5", "blocks to print"));
    }

    @Override
    public Analysis start(ToolRun run) {
        int top = Integer.parseInt(run.option("top"));
        List<Entry> blocks = new ArrayList<>();
        return new Analysis() {
            @Override
            public void block(Block block, Counting counting) {
                Entry entry = new Entry(block.address(), counting.counter());
                counting.add(0, entry.executed, 1);
                blocks.add(entry);
            }

            @Override
            public void ended(EndedProcess process) {
                blocks.stream().sorted(Comparator.comparingLong((Entry e) -> process.value(e.executed)).reversed()).limit(top).forEach(e -> {
                    EndedProcess.Place place = process.place(e.address);
                    process.line(process.value(e.executed) + " times: " + place.function() + " (" + place.file() + ":" + place.line() + ")");
                });
            }
        };
    }
}
