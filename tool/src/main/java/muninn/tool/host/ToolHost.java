// SPDX-License-Identifier: MIT
package muninn.tool.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import muninn.debuginfo.DebugObject;
import muninn.debuginfo.ElfException;
import muninn.debuginfo.ElfFile;
import muninn.engine.AddressSpace;
import muninn.engine.BlockCounts;
import muninn.engine.ClientThread;
import muninn.engine.Engine;
import muninn.engine.Tool;
import muninn.isa.Insn;
import muninn.linux.Mapping;
import muninn.tool.Analysis;
import muninn.tool.AnalysisTool;
import muninn.tool.ToolRun;

/** A tool written on {@code muninn.tool}, as the engine sees it. */
public final class ToolHost implements Tool, BlockCounts.Chooser {
    private static final int SIGNALLED = 128;

    private final AnalysisTool tool;
    private final HostOutput out;
    private final Analysis analysis;
    private Engine engine;

    /** What belongs to one process. */
    private static final class Process {
        final List<Module> modules = new ArrayList<>();
        boolean ended;
    }

    /** A mapped file with code. */
    record Module(long start, long end, long bias, DebugObject object) {}

    /**
     * Starts the tool.
     *
     * @param options values of its options, by name
     * @throws IllegalArgumentException what the tool has against its options, for the user
     */
    public ToolHost(AnalysisTool tool, Map<String, String> options, List<String> command, HostOutput out) {
        this.tool = tool;
        this.out = out;
        this.analysis = tool.start(new ToolRun() {
            @Override
            public String option(String name) {
                String value = options.get(name);
                if (value == null) {
                    throw new IllegalArgumentException("the tool " + tool.name() + " has declared no option " + name);
                }
                return value;
            }

            @Override
            public void checkFileName(String pattern) {
                out.fileName(pattern, 0);
            }

            @Override
            public List<String> command() {
                return command;
            }
        });
    }

    /** Whose counters are read at the end. */
    public void attach(Engine value) {
        engine = value;
    }

    @Override
    public boolean usesShadow() {
        return false;
    }

    /** The counters in translated code are those of this run. */
    @Override
    public String codeKey() {
        return null;
    }

    @Override
    public BlockCounts.Chooser counts() {
        return this;
    }

    @Override
    public void block(List<Insn> insns, BlockCounts counts) {
        EngineBlock block = new EngineBlock(insns, counts);
        try {
            analysis.block(block, block);
        } catch (RuntimeException e) {
            throw new ToolFailure(tool.name(), "block", e);
        }
    }

    private static Process of(AddressSpace space) {
        Process p = (Process) space.toolState();
        if (p == null) {
            p = new Process();
            space.setToolState(p);
        }
        return p;
    }

    @Override
    public void started(AddressSpace space, AddressSpace parent) {
        Process p = of(space);
        if (parent != null) {
            p.modules.addAll(of(parent).modules);
        } else {
            out.begin(space.pid(), tool.title());
        }
    }

    @Override
    public void mapped(AddressSpace space, Mapping mapping) {
        if (!mapping.path().startsWith("/")) {
            return;
        }
        try {
            ElfFile elf = ElfFile.open(Path.of(mapping.path()));
            of(space).modules.add(new Module(mapping.start(), mapping.end(), elf.bias(mapping.start(), mapping.offset()), new DebugObject(elf)));
        } catch (ElfException e) {
            // Code of a file that cannot be read has no names.
        }
    }

    @Override
    public void exiting(ClientThread thread) {
        // Status of exit and exit_group: their first argument, of which the parent sees eight bits.
        end(thread.space(), (int) thread.arg(1) & 0xff);
    }

    @Override
    public void dying(ClientThread thread, int signal, long pc, long[] state, byte[] info) {
        end(thread.space(), SIGNALLED + signal);
    }

    private void end(AddressSpace space, int code) {
        Process p = of(space);
        if (p.ended) {
            return;
        }
        p.ended = true;
        try {
            analysis.ended(new ProcessView(space.pid(), code, engine.counters(space), p.modules, out));
        } catch (RuntimeException e) {
            throw new ToolFailure(tool.name(), "ended", e);
        }
    }
}
