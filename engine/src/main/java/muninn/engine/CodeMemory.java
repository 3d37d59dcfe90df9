// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;

import muninn.runtime.AddressMap;

/** Hands out pieces of the shared code region. Pieces are never given back: a client maps what it needs. */
final class CodeMemory {
    private final MemorySegment region;
    private long used;

    CodeMemory(MemorySegment region) {
        this.region = region;
    }

    /** A piece of {@code size} bytes (a multiple of the page size), or {@code null} if all is used. */
    MemorySegment take(long size) {
        if (used + size > region.byteSize()) {
            return null;
        }
        MemorySegment piece = region.asSlice(used, size);
        used += size;
        return piece;
    }

    long used() {
        return used;
    }

    /** Where the piece is mapped in every client from the start. */
    long clientAddress(MemorySegment piece) {
        return AddressMap.CODE_BASE + (piece.address() - region.address());
    }
}
