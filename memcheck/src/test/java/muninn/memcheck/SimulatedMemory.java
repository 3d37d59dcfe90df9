// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.TreeMap;

/** Client memory made of 4 KiB pages that are there or not. */
final class SimulatedMemory implements ClientMemory {
    private final TreeMap<Long, byte[]> pages = new TreeMap<>();
    int reads;

    void map(long start, long end) {
        for (long page = start & -4096; page < end; page += 4096) {
            pages.putIfAbsent(page, new byte[4096]);
        }
    }

    void putByte(long address, int value) {
        pages.get(address & -4096)[(int) (address & 4095)] = (byte) value;
    }

    void putLong(long address, long value) {
        for (int i = 0; i < 8; i++) {
            putByte(address + i, (int) (value >>> (8 * i)));
        }
    }

    @Override
    public int read(long address, byte[] into, int offset, int length) {
        reads++;
        int done = 0;
        while (done < length) {
            byte[] page = pages.get((address + done) & -4096);
            if (page == null) {
                return done;
            }
            int from = (int) ((address + done) & 4095);
            int part = Math.min(4096 - from, length - done);
            System.arraycopy(page, from, into, offset + done, part);
            done += part;
        }
        return done;
    }
}
