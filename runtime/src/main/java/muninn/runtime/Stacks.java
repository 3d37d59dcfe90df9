// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Stacks that the program has made known (VALGRIND_STACK_REGISTER): when the stack pointer moves from one to another, what lies between
 * them is not left behind. A table of 16 bytes each behind the number of entries that were ever used, which the engine's stub for moved
 * stack pointers reads: first byte, byte behind the last; equal ones are an entry that is free.
 */
@SystemCode("called from ClientRequests")
final class Stacks {
    private static final int MOST = (int) (AddressMap.STACKS_SIZE / 16) - 1;

    private Stacks() {}

    private static long entry(int id) {
        return AddressMap.STACKS_BASE + 16L * id;
    }

    /** @return a number of the stack, from 1; 0 if there are too many, and then it is treated as any memory */
    static long register(long start, long end) {
        Heap.lock();
        int count = Ptr.getInt(AddressMap.STACKS_BASE);
        int id = 1;
        while (id <= count && Ptr.getLong(entry(id)) != Ptr.getLong(entry(id) + 8)) {
            id++;
        }
        if (id > MOST) {
            id = 0;
        } else {
            set(id, start, end);
            if (id > count) {
                Ptr.putIntRelease(AddressMap.STACKS_BASE, id);
            }
        }
        Heap.unlock();
        return id;
    }

    /** A stack has another place; nothing happens if there is none of this number. */
    static void change(long id, long start, long end) {
        Heap.lock();
        if (id > 0 && id <= Ptr.getInt(AddressMap.STACKS_BASE)) {
            set((int) id, start, end);
        }
        Heap.unlock();
    }

    private static void set(int id, long start, long end) {
        Ptr.putLong(entry(id), Math.min(start, end));
        Ptr.putLong(entry(id) + 8, Math.max(start, end));
    }
}
