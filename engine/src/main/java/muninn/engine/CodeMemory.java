// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

import muninn.runtime.AddressMap;

/** Hands out pieces of the shared code region, and takes them back when nobody can execute them any more ({@link CodeReuse}). */
final class CodeMemory {
    private final MemorySegment region;
    private final long limit;
    /** Free pieces below {@link #used}: offset and size; neighbours are one piece. */
    private final TreeMap<Long, Long> free = new TreeMap<>();
    private long used;
    private long taken;

    /** @param limit bytes of the region that may be used */
    CodeMemory(MemorySegment region, long limit) {
        this.region = region;
        this.limit = Math.min(limit, region.byteSize());
    }

    /** A piece of {@code size} bytes (a multiple of the page size), or {@code null} if there is none. */
    MemorySegment take(long size) {
        long offset = -1;
        for (Map.Entry<Long, Long> piece : free.entrySet()) {
            if (piece.getValue() >= size) {
                offset = piece.getKey();
                break;
            }
        }
        if (offset >= 0) {
            long left = free.remove(offset) - size;
            if (left > 0) {
                free.put(offset + size, left);
            }
        } else if (used + size <= limit) {
            offset = used;
            used += size;
        } else {
            return null;
        }
        taken += size;
        return region.asSlice(offset, size);
    }

    /** Takes back a piece that {@link #take} has given. */
    void give(MemorySegment piece) {
        long offset = piece.address() - region.address();
        long size = piece.byteSize();
        taken -= size;
        Map.Entry<Long, Long> before = free.floorEntry(offset);
        if (before != null && before.getKey() + before.getValue() == offset) {
            free.remove(before.getKey());
            offset = before.getKey();
            size += before.getValue();
        }
        Long behind = free.remove(offset + size);
        free.put(offset, size + (behind == null ? 0 : behind));
    }

    /** Bytes that are handed out. */
    long used() {
        return taken;
    }

    long limit() {
        return limit;
    }

    /** Where the piece is mapped in every client from the start. */
    long clientAddress(MemorySegment piece) {
        return AddressMap.CODE_BASE + (piece.address() - region.address());
    }
}
