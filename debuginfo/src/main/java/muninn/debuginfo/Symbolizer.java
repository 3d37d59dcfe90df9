// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names for client addresses: the modules mapped in one address space. Safe for use by several threads. */
public final class Symbolizer {
    /** A mapped file: client addresses {@code [start, end)}, and what to subtract to get the file's own addresses. */
    public record Module(long start, long end, long bias, DebugObject object) {}

    /** Knows no module yet. */
    public Symbolizer() {}

    private final TreeMap<Long, Module> modules = new TreeMap<>(Long::compareUnsigned);

    /** Adds a module; what was known of overlapping modules is forgotten. */
    public synchronized void add(Module module) {
        remove(module.start(), module.end());
        modules.put(module.start(), module);
    }

    /** Forgets every module that overlaps the range. */
    public synchronized void remove(long start, long end) {
        Map.Entry<Long, Module> before = modules.lowerEntry(end);
        while (before != null && Long.compareUnsigned(before.getValue().end(), start) > 0) {
            modules.remove(before.getKey());
            before = modules.lowerEntry(end);
        }
    }

    /** The module at a client address, or null. */
    public synchronized Module moduleAt(long pc) {
        Map.Entry<Long, Module> entry = modules.floorEntry(pc);
        return entry != null && Long.compareUnsigned(pc, entry.getValue().end()) < 0 ? entry.getValue() : null;
    }

    /**
     * The frames at a client pc, the innermost inlined call first; never empty. For a caller give the return address
     * minus one, so that the place is that of the call.
     */
    public List<Frame> frames(long pc) {
        Module module = moduleAt(pc);
        if (module == null) {
            return List.of(new Frame(null, null, null, null, 0, null, pc, false));
        }
        return module.object().frames(pc - module.bias(), pc);
    }
}
