// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Routines over a zeroed buffer of {@link #BYTES}; results and the buffer afterwards have to be the same everywhere. */
@SystemCode("test")
final class MemoryRoutines {
    static final int BYTES = 1 << 14;
    private static final int SLOTS = 256;
    private static final int HEADER = 16;

    private MemoryRoutines() {}

    public static long accesses(long p, long a, int b) {
        Ptr.putByte(p, b);
        Ptr.putShort(p + 2, b);
        Ptr.putInt(p + 4, b);
        Ptr.putLong(p + 8, a);
        Ptr.putByteRelease(p + 17, (int) a);
        Ptr.putIntRelease(p + 20, b ^ 3);
        Ptr.putLongRelease(p + 24, a ^ b);
        return Ptr.getByte(p) + Ptr.getShort(p + 2) * 3L + Ptr.getInt(p + 4) * 5L + Ptr.getLong(p + 8) * 7
                + Ptr.getUnsignedByte(p) * 11L + Ptr.getUnsignedShort(p + 2) * 13L + Ptr.getUnsignedInt(p + 4) * 17
                + Ptr.getByteAcquire(p + 17) * 19L + Ptr.getIntAcquire(p + 20) * 23L + Ptr.getLongAcquire(p + 24) * 29;
    }

    public static long atomics(long p, long a, int b) {
        long r = Ptr.compareAndSwapInt(p, 0, b) ? 1 : 2;
        r = r * 3 + (Ptr.compareAndSwapInt(p, 1, b + 1) ? 1 : 2);
        r = r * 3 + (Ptr.compareAndSwapLong(p + 8, 0, a) ? 1 : 2);
        if (Ptr.compareAndSwapLong(p + 8, a, a + 1)) {
            r++;
        }
        r = r * 31 + Ptr.getAndAddInt(p, 77);
        r = r * 31 + Ptr.getAndAddLong(p + 8, a * 3);
        r = r * 31 + Ptr.getAndSetInt(p + 16, b);
        r = r * 31 + Ptr.getAndSetInt(p + 16, b + 1);
        r = r * 31 + Ptr.getAndSetLong(p + 24, a);
        r = r * 31 + Ptr.getAndSetLong(p + 24, ~a);
        Ptr.getAndAddLong(p + 32, a);
        Ptr.getAndSetLong(p + 40, a);
        Ptr.lockOrByte(p + 51, b);
        Ptr.lockAndByte(p + 51, (int) a);
        Ptr.lockOrInt(p + 56, b);
        Ptr.lockAndInt(p + 56, (int) a);
        Ptr.lockOrLong(p + 64, a);
        Ptr.lockAndLong(p + 64, b);
        Ptr.fence();
        Ptr.pause();
        return r;
    }

    public static long copies(long p, long a, int n) {
        for (int i = 0; i < 64; i++) {
            Ptr.putByte(p + i, (int) (a >>> (i & 63)) + i);
        }
        long bytes = n & 63;
        Ptr.copy(p + 128, p, bytes);
        Ptr.copy(p + 132, p + 128, bytes);
        Ptr.copyBackward(p + 1, p, bytes);
        Ptr.copyBackward(p + 300, p + 3, bytes);
        Ptr.fill(p + 400, (int) a, bytes);
        return Ptr.getLong(p + 132);
    }

    private static long slot(long p, long key) {
        long at = (key * 0x9e3779b97f4a7c15L >>> 56) & SLOTS - 1;
        while (true) {
            long entry = p + (at << 4);
            long there = Ptr.getLong(entry);
            if (there == key || there == 0) {
                return entry;
            }
            at = at + 1 & SLOTS - 1;
        }
    }

    public static long hashTable(long p, long a, int n) {
        long key = a;
        for (int i = 0; i < 100; i++) {
            key = key * 6364136223846793005L + 1442695040888963407L;
            long at = slot(p, (key >>> 58) + 1);
            Ptr.putLong(at, (key >>> 58) + 1);
            Ptr.putLong(at + 8, Ptr.getLong(at + 8) + n);
        }
        long sum = 0;
        for (long k = 1; k <= 64; k++) {
            sum = sum * 31 + Ptr.getLong(slot(p, k) + 8);
        }
        return sum;
    }

    public static long sort(long p, long a, int n) {
        int count = n & 127;
        long x = a | 1;
        for (int i = 0; i < count; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            Ptr.putLong(p + 8L * i, x);
        }
        for (int i = 1; i < count; i++) {
            long value = Ptr.getLong(p + 8L * i);
            int j = i - 1;
            while (j >= 0 && Ptr.getLong(p + 8L * j) > value) {
                Ptr.putLong(p + 8L * (j + 1), Ptr.getLong(p + 8L * j));
                j--;
            }
            Ptr.putLong(p + 8L * (j + 1), value);
        }
        return count == 0 ? 0 : Ptr.getLong(p + 8L * (count / 2));
    }

    /** A first-fit allocator over offsets: {size, used} headers in a row. */
    private static long allocate(long p, long bytes) {
        long need = bytes + 15 & -16;
        long at = 0;
        while (at < BYTES - HEADER) {
            long size = Ptr.getLong(p + at);
            if (Ptr.getInt(p + at + 8) == 0 && size >= need) {
                if (size - need > HEADER) {
                    Ptr.putLong(p + at + HEADER + need, size - need - HEADER);
                    Ptr.putInt(p + at + HEADER + need + 8, 0);
                    Ptr.putLong(p + at, need);
                }
                Ptr.putInt(p + at + 8, 1);
                return at + HEADER;
            }
            at += size + HEADER;
        }
        return 0;
    }

    private static void release(long p, long at) {
        Ptr.putInt(p + at - 8, 0);
    }

    public static long toyMalloc(long p, long a, int n) {
        Ptr.putLong(p, BYTES - HEADER);
        long random = a;
        long sum = n;
        long kept = 0;
        for (int i = 0; i < 60; i++) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            long at = allocate(p, random >>> 55);
            sum = sum * 31 + at;
            if ((random >>> 20 & 1) == 0 && at != 0) {
                release(p, at);
            } else {
                if (kept != 0 && (random & 1 << 10) != 0) {
                    release(p, kept);
                }
                kept = at;
            }
        }
        return sum;
    }

    public static long lockUnlock(long p, long a, int n) {
        while (!Ptr.compareAndSwapInt(p, 0, 1)) {
            Ptr.pause();
        }
        Ptr.putLong(p + 8, a + n);
        Ptr.putIntRelease(p, 0);
        return Ptr.getLong(p + 8);
    }

    public static long byteSum(long p, long a, int n) {
        Ptr.putLong(p, a);
        Ptr.putLong(p + 8, ~a);
        long sum = 0;
        for (long at = p, end = p + (n & 15); at < end; at++) {
            sum = sum * 33 + Ptr.getUnsignedByte(at);
        }
        return sum;
    }

    public static long shadowState(long p, long a, int n) {
        for (int i = 0; i < 32; i++) {
            int shift = (i & 3) * 2;
            long at = p + (i >>> 2);
            if ((a >>> i & 1) == 0) {
                Ptr.lockAndByte(at, ~(3 << shift));
            } else {
                Ptr.lockOrByte(at, (n & 3) << shift);
            }
        }
        return Ptr.getUnsignedByte(p + (n >>> 2 & 7)) >>> (n & 3) * 2 & 3;
    }

    public static long kernel(long p, long a, int n) {
        // getpid twice, a bad descriptor, and pread64 into a bad descriptor with four arguments
        long r = Kernel.call(39) == Kernel.call(39, a, n) ? 1 : 0;
        return r * 1000 + Kernel.call(0, -1, p, 8) * 10 + Kernel.call(17, -1, p, 8, 0) + Kernel.call(9, 0, 0, 0, 0, 0, 0);
    }

    public static long threadArea(long p, long a, int n) {
        return Ptr.getLong(Ptr.threadArea() + 8) + n;
    }
}
