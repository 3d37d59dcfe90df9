// SPDX-License-Identifier: MIT
package muninn.memcheck;

import muninn.engine.AddressSpace;
import muninn.engine.ClientThread;
import muninn.linux.Mapping;
import muninn.linux.ProcMaps;
import muninn.runtime.ThreadArea;

/** What lies at an address of one client: its heap, its stacks, its variables. */
final class ClientPlaces implements AddressSources {
    private static final int RSP = 4;

    private final AddressSpace space;
    private final ClientHeap heap;
    private final ClientModules modules;
    /** Where the stack of the error at hand was taken: frame {@code i} reaches up to {@code ends[i]}. */
    private long[] pcs = {};
    private long[] ends = {};
    private ProgramRequests requests;

    ClientPlaces(AddressSpace space, ClientHeap heap, ClientModules modules) {
        this.space = space;
        this.heap = heap;
        this.modules = modules;
    }

    /** The stack of the error that will be described next. */
    void at(long[] pcs, long[] ends) {
        this.pcs = pcs;
        this.ends = ends;
    }

    /** Whom to ask about ranges that the program has named. */
    void named(ProgramRequests value) {
        this.requests = value;
    }

    @Override
    public AddressDescription.InNamedBlock named(long address) {
        return requests == null ? null : requests.named(address);
    }

    @Override
    public HeapBlock block(long address) {
        return heap.block(address);
    }

    @Override
    public AddressDescription.OnStack stack(long address) {
        for (Mapping m : ProcMaps.of(space.pid())) {
            if (address < m.start() || address >= m.end() || !m.writable()) {
                continue;
            }
            for (ClientThread t : space.threads()) {
                long sp = t.slot(ThreadArea.gpr(RSP));
                if (sp >= m.start() && sp < m.end()) {
                    return place(t, sp, address);
                }
            }
        }
        return null;
    }

    private AddressDescription.OnStack place(ClientThread t, long sp, long address) {
        if (address < sp) {
            return new AddressDescription.OnStack(t.number(), -1, null, sp - address);
        }
        for (int i = 0; i < pcs.length && i < ends.length && ends[i] != 0; i++) {
            if (address < ends[i]) {
                return address >= (i == 0 ? sp : ends[i - 1])
                        ? new AddressDescription.OnStack(t.number(), i, modules.entry(pcs[i]), 0)
                        : new AddressDescription.OnStack(t.number(), -1, null, 0);
            }
        }
        return new AddressDescription.OnStack(t.number(), -1, null, 0);
    }

    @Override
    public AddressDescription.InDataSymbol dataSymbol(long address) {
        return modules.dataSymbol(address);
    }
}
