// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import muninn.isa.code.Asm;
import muninn.isa.code.Label;

/**
 * The optimising compiler of system Java: class files to SSA form ({@link GraphBuilder}), simplification, allocation of registers,
 * machine code, one position-independent image {@code [code | tables | data]}. Methods follow the System V calling convention.
 */
public final class SystemCompiler {
    private static final int PAGE = 4096;

    private SystemCompiler() {}

    /**
     * Compiles everything reachable from the roots.
     *
     * @param classFiles class-file bytes of all classes that may be needed
     * @param roots methods as {@code pkg/Class.name:descriptor}
     * @throws IllegalArgumentException naming every construct that is not system Java, one a line, with the path of calls
     */
    public static SystemImage compile(List<byte[]> classFiles, List<String> roots) {
        return compile(classFiles, roots, Allocator.ALL);
    }

    /** As above with few registers, so that tests see everything in the frame. */
    static SystemImage compile(List<byte[]> classFiles, List<String> roots, int usableRegisters) {
        Program program = new Program(classFiles);
        return assemble(program, graphs(program, roots), usableRegisters);
    }

    /** The simplified graphs of all reachable methods, in text; for those whose name contains the filter. */
    public static String print(List<byte[]> classFiles, List<String> roots, String filter) {
        StringBuilder out = new StringBuilder();
        graphs(new Program(classFiles), roots).forEach((name, graph) -> {
            if (name.contains(filter)) {
                out.append(graph).append('\n');
            }
        });
        return out.toString();
    }

    static Map<String, Graph> graphs(Program program, List<String> roots) {
        Map<String, Graph> graphs = new LinkedHashMap<>();
        Set<String> seen = new LinkedHashSet<>(roots);
        ArrayDeque<String> todo = new ArrayDeque<>(seen);
        while (!todo.isEmpty()) {
            String name = todo.poll();
            Set<String> callees = new LinkedHashSet<>();
            Graph graph = GraphBuilder.build(program, name, callees);
            if (graph != null) {
                Simplifier.run(graph);
                graphs.put(name, graph);
            }
            for (String callee : callees) {
                if (seen.add(callee)) {
                    todo.add(callee);
                }
            }
        }
        program.checkRecursion();
        if (!program.violations().isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", program.violations()));
        }
        return graphs;
    }

    private static SystemImage assemble(Program program, Map<String, Graph> graphs, int usable) {
        Asm asm = new Asm(1 << 14);
        Label data = asm.newLabel();
        Label readOnly = asm.newLabel();
        Map<String, Label> labels = new HashMap<>();
        Map<String, Integer> symbols = new LinkedHashMap<>();
        graphs.forEach((name, graph) -> {
            asm.align(16);
            asm.bind(labels.computeIfAbsent(name, n -> asm.newLabel()));
            symbols.put(name, asm.position());
            new Emitter(graph, asm, callee -> labels.computeIfAbsent(callee, n -> asm.newLabel()), data, readOnly, usable)
                    .emit();
        });
        asm.align(16);
        asm.bind(readOnly);
        asm.put(program.readOnly());
        int dataOffset = asm.position() + PAGE - 1 & -PAGE;
        asm.bindAt(data, dataOffset);
        // A page more than the fields need, as room after the last one.
        byte[] image = new byte[dataOffset + (program.dataBytes() + PAGE - 1 & -PAGE) + PAGE];
        asm.copyTo(image, 0);
        program.writeData(image, dataOffset);
        program.fields().forEach((name, at) -> symbols.put(name, dataOffset + at));
        return new SystemImage(image, dataOffset, symbols);
    }
}
