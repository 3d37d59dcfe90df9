// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import muninn.linux.Mapping;

/** Finds out what looks like a table of virtual functions: in a readable mapping of a file, with pointers to code or null only. */
final class FunctionTables {
    /** So many words are looked at until this many of them are pointers to code. */
    private static final int WORDS = 20;
    private static final int FUNCTIONS = 2;

    private final Mapping[] mappings;
    private final Map<Long, Boolean> known = new HashMap<>();

    /** @param mappings of the client, sorted by address */
    FunctionTables(List<Mapping> mappings) {
        this.mappings = mappings.toArray(Mapping[]::new);
    }

    boolean isTable(WordReader words, long address) {
        return (address & 7) == 0 && known.computeIfAbsent(address, a -> looksLikeOne(words, a));
    }

    private boolean looksLikeOne(WordReader words, long address) {
        Mapping m = at(address);
        if (m == null || !m.readable() || !m.path().startsWith("/")) {
            return false;
        }
        int functions = 0;
        for (int i = 0; i < WORDS && words.select(address + 8L * i); i++) {
            long pointer = words.get(address + 8L * i);
            Mapping target = pointer == 0 ? null : at(pointer);
            if (pointer != 0 && (target == null || !target.executable())) {
                return false;
            }
            functions += pointer == 0 ? 0 : 1;
            if (functions == FUNCTIONS) {
                return true;
            }
        }
        return false;
    }

    private Mapping at(long address) {
        int low = 0;
        int high = mappings.length;
        while (low < high) {
            int mid = low + high >>> 1;
            if (Long.compareUnsigned(mappings[mid].end(), address) <= 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low < mappings.length && mappings[low].contains(address) ? mappings[low] : null;
    }
}
