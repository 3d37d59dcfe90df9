// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

import muninn.engine.AddressSpace;
import muninn.engine.ClientThread;
import muninn.linux.Mapping;
import muninn.linux.ProcMaps;
import muninn.runtime.AddressMap;
import muninn.runtime.ThreadArea;

/** Leak searches in one client. */
final class ClientLeaks {
    private final AddressSpace space;
    private final ClientHeap heap;
    private final ClientModules modules;
    private final int heuristics;

    /** @param heuristics set of {@link Heuristic#bit}s */
    ClientLeaks(AddressSpace space, ClientHeap heap, ClientModules modules, int heuristics) {
        this.heuristics = heuristics;
        this.space = space;
        this.heap = heap;
        this.modules = modules;
    }

    /**
     * Searches now.
     *
     * @param dying the thread whose registers are {@code registers}, or {@code null}
     */
    LeakSearch search(ClientThread dying, long[] registers) {
        ClientMemory memory = (address, into, offset, length) -> Math.max(0, space.memory().read(address, into, offset, length));
        List<Mapping> mappings = ProcMaps.of(space.pid());
        LeakSearch search = new LeakSearch(heap.live(), memory, memory, AddressMap.SHADOW_BASE, heuristics, new FunctionTables(mappings));
        roots(dying, registers, mappings, search);
        search.run();
        return search;
    }

    private void roots(ClientThread dying, long[] registers, List<Mapping> mappings, LeakSearch search) {
        for (ClientThread t : space.threads()) {
            for (int r = 0; r < 16; r++) {
                search.root(t == dying && registers != null ? registers[r] : t.slot(ThreadArea.gpr(r)));
            }
            search.root(t.slot(ThreadArea.CLIENT_R10));
            search.root(t.slot(ThreadArea.CLIENT_R11));
        }
        long[][] extents = heap.extents();
        for (Mapping m : mappings) {
            boolean ours = m.start() < 0 || m.start() >= AddressMap.HIGH_START && m.start() < AddressMap.HIGH_END
                    || m.start() < AddressMap.LOOKUP_KEYS + AddressMap.LOOKUP_SIZE;
            if (!ours && (m.readable() && m.writable() || modules.isStaticData(m))) {
                outsideOf(extents, m, search);
            }
        }
    }

    private static void outsideOf(long[][] extents, Mapping m, LeakSearch search) {
        long from = m.start();
        for (long[] extent : extents) {
            if (extent[1] > from && extent[0] < m.end()) {
                if (extent[0] > from) {
                    search.root(from, extent[0]);
                }
                from = Math.max(from, extent[1]);
            }
        }
        if (from < m.end()) {
            search.root(from, m.end());
        }
    }
}
