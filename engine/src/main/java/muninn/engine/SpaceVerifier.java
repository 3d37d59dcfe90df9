// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.ValueLayout;
import java.util.List;

import muninn.isa.Decoder;
import muninn.isa.Insn;
import muninn.linux.Mapping;
import muninn.linux.ProcMaps;
import muninn.runtime.AddressMap;

/** Levels 2 and 3 of {@link CodeVerifier}: what the controller believes of one address space, against itself and against the kernel. */
final class SpaceVerifier {
    private static final int EXIT_CODE = 14;

    private final CodeVerifier findings;

    SpaceVerifier(CodeVerifier findings) {
        this.findings = findings;
    }

    void tables(AddressSpace space) {
        for (Arena arena : space.arenas) {
            arena(arena);
        }
        int different = space.lookupTable().differences();
        if (different > 0) {
            findings.finding(different + " slots of the lookup table of process " + space.pid + " are not as they were written");
        }
        space.lookupTable().forEach((client, entry) -> {
            Arena arena = space.arenaHolding(entry);
            if (arena == null || !arena.covers(client) || arena.findEntry(client) != entry) {
                findings.finding("the lookup table leads from 0x" + Long.toHexString(client) + " to 0x" + Long.toHexString(entry));
            }
        });
    }

    private void arena(Arena arena) {
        ModuleCode module = arena.code;
        for (int i = 1; i < module.firstInstruction(Integer.MAX_VALUE); i++) {
            if (module.start(i) < module.start(i - 1) || module.start(i) >= module.used() || module.client(i) >= module.clientSize) {
                fail(arena, module.start(i), "is recorded out of order or for a client address outside the module");
            }
        }
        module.forEachFragment((client, cache) -> {
            if (!module.startsAt(cache, client)) {
                fail(arena, cache, "is no start of the fragment for offset 0x" + Integer.toHexString(client));
            }
        });
        module.forEachEntry((client, cache) -> {
            if (cache < 0 || cache >= module.used() || module.client(module.instructionAt(cache)) != client) {
                fail(arena, cache, "is no entry for offset 0x" + Integer.toHexString(client));
            }
        });
        for (int e = 0; e < module.exitCount(); e++) {
            int patch = module.exitPatch(e);
            int to = patch + 4 + module.bytes.get(ValueLayout.JAVA_INT_UNALIGNED, patch);
            boolean there = to == module.exitStub(e) || to >= 0 && to < module.used()
                    && (leadsTo(arena, to, module.exitTarget(e)) || isBridge(arena, to, arena.exitTarget(e)));
            if (!there) {
                fail(arena, patch, "leads to 0x" + Long.toHexString(arena.cacheBase + to) + " instead of the client's 0x"
                        + Long.toHexString(arena.exitTarget(e)));
            }
        }
    }

    private static boolean leadsTo(Arena arena, int cache, long clientOffset) {
        return clientOffset >= 0 && clientOffset < arena.code.clientSize && arena.code.startsAt(cache, (int) clientOffset);
    }

    private static boolean isBridge(Arena arena, int at, long target) {
        byte[] code = arena.code.bytes.asSlice(at, Math.min(EXIT_CODE, arena.code.size - at)).toArray(ValueLayout.JAVA_BYTE);
        Insn lea = Decoder.decode(code, 0, code.length, arena.cacheBase + at);
        return lea.isRipRelative() && lea.ripTarget() == target;
    }

    private void fail(Arena arena, int at, String what) {
        findings.finding("code at 0x" + Long.toHexString(arena.cacheBase + at) + " " + what);
    }

    /** The mappings that have to be there. */
    void maps(AddressSpace space) {
        List<Mapping> maps = ProcMaps.of(space.pid);
        if (maps.isEmpty()) {
            // The process has just ended.
            return;
        }
        for (Arena arena : space.arenas) {
            covered(space, maps, arena.cacheBase, arena.cacheBase + arena.code.size, "translated code");
            if (arena.executable == null) {
                covered(space, maps, arena.clientStart, arena.clientEnd, "the code that was translated");
            }
        }
        covered(space, maps, AddressMap.RUNTIME_BASE, RuntimeStubs.IMAGE, "the runtime");
    }

    private void covered(AddressSpace space, List<Mapping> maps, long start, long end, String what) {
        long at = start;
        for (Mapping m : maps) {
            if (m.contains(at) && m.executable()) {
                at = m.end();
            }
            if (at >= end) {
                return;
            }
        }
        findings.finding(what + " at 0x" + Long.toHexString(at) + " is not mapped executable in process " + space.pid);
    }
}
