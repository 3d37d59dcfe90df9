// SPDX-License-Identifier: MIT
package muninn.sysjava;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Memory of the own process by raw address. In the client each method is one or a few instructions, put in place by
 * {@code sysjavac}; on HotSpot the bodies below work on the JVM's own native memory, so that the same system Java is
 * tested as ordinary Java. Plain accesses need no alignment; atomic ones need the natural alignment of their width.
 * On x86-64 an acquire is a plain load and a release is a plain store.
 */
@SystemCode("the language itself")
public final class Ptr {
    private static final MemorySegment ALL = everything();
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final VarHandle ATOMIC_BYTE = ValueLayout.JAVA_BYTE.varHandle();
    private static final VarHandle ATOMIC_INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle ATOMIC_LONG = ValueLayout.JAVA_LONG.varHandle();

    private Ptr() {}

    @SuppressWarnings("restricted")
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /** Sign-extended byte. */
    public static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    /** Sign-extended 16 bits. */
    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    /** Zero-extended byte, 0 to 255. */
    public static int getUnsignedByte(long address) {
        return getByte(address) & 0xff;
    }

    /** Zero-extended 16 bits, 0 to 65535. */
    public static int getUnsignedShort(long address) {
        return getShort(address) & 0xffff;
    }

    /** Zero-extended 32 bits. */
    public static long getUnsignedInt(long address) {
        return getInt(address) & 0xffff_ffffL;
    }

    /** Stores the low 8 bits of the value. */
    public static void putByte(long address, int value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, (byte) value);
    }

    /** Stores the low 16 bits of the value. */
    public static void putShort(long address, int value) {
        ALL.set(SHORT, address, (short) value);
    }

    public static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    /** Sign-extended byte; later accesses stay later. */
    public static byte getByteAcquire(long address) {
        return (byte) ATOMIC_BYTE.getAcquire(ALL, address);
    }

    /** Later accesses stay later. */
    public static int getIntAcquire(long address) {
        return (int) ATOMIC_INT.getAcquire(ALL, address);
    }

    /** Later accesses stay later. */
    public static long getLongAcquire(long address) {
        return (long) ATOMIC_LONG.getAcquire(ALL, address);
    }

    /** Stores the low 8 bits; earlier accesses stay earlier. */
    public static void putByteRelease(long address, int value) {
        ATOMIC_BYTE.setRelease(ALL, address, (byte) value);
    }

    /** Earlier accesses stay earlier. */
    public static void putIntRelease(long address, int value) {
        ATOMIC_INT.setRelease(ALL, address, value);
    }

    /** Earlier accesses stay earlier. */
    public static void putLongRelease(long address, long value) {
        ATOMIC_LONG.setRelease(ALL, address, value);
    }

    /** Whether the expected value was there and has been replaced. */
    public static boolean compareAndSwapInt(long address, int expected, int value) {
        return ATOMIC_INT.compareAndSet(ALL, address, expected, value);
    }

    /** Whether the expected value was there and has been replaced. */
    public static boolean compareAndSwapLong(long address, long expected, long value) {
        return ATOMIC_LONG.compareAndSet(ALL, address, expected, value);
    }

    /** Adds atomically; the value before. */
    public static int getAndAddInt(long address, int delta) {
        return (int) ATOMIC_INT.getAndAdd(ALL, address, delta);
    }

    /** Adds atomically; the value before. */
    public static long getAndAddLong(long address, long delta) {
        return (long) ATOMIC_LONG.getAndAdd(ALL, address, delta);
    }

    /** Exchanges atomically; the value before. */
    public static int getAndSetInt(long address, int value) {
        return (int) ATOMIC_INT.getAndSet(ALL, address, value);
    }

    /** Exchanges atomically; the value before. */
    public static long getAndSetLong(long address, long value) {
        return (long) ATOMIC_LONG.getAndSet(ALL, address, value);
    }

    /** Sets the bits of the mask (its low 8) in one locked operation. */
    public static void lockOrByte(long address, int mask) {
        // The host has no byte-wide atomics: the aligned word around the byte is or-ed instead.
        ATOMIC_INT.getAndBitwiseOr(ALL, address & ~3L, (mask & 0xff) << byteShift(address));
    }

    /** Keeps only the bits of the mask (its low 8) in one locked operation. */
    public static void lockAndByte(long address, int mask) {
        ATOMIC_INT.getAndBitwiseAnd(ALL, address & ~3L, ~((~mask & 0xff) << byteShift(address)));
    }

    /** Sets the bits of the mask in one locked operation. */
    public static void lockOrInt(long address, int mask) {
        ATOMIC_INT.getAndBitwiseOr(ALL, address, mask);
    }

    /** Keeps only the bits of the mask in one locked operation. */
    public static void lockAndInt(long address, int mask) {
        ATOMIC_INT.getAndBitwiseAnd(ALL, address, mask);
    }

    /** Sets the bits of the mask in one locked operation. */
    public static void lockOrLong(long address, long mask) {
        ATOMIC_LONG.getAndBitwiseOr(ALL, address, mask);
    }

    /** Keeps only the bits of the mask in one locked operation. */
    public static void lockAndLong(long address, long mask) {
        ATOMIC_LONG.getAndBitwiseAnd(ALL, address, mask);
    }

    /** Orders everything before against everything after, stores against later loads too. */
    public static void fence() {
        VarHandle.fullFence();
    }

    /** A hint for spin loops. */
    public static void pause() {
        Thread.onSpinWait();
    }

    /**
     * Copies byte after byte upwards, as {@code rep movsb} does: with {@code source < target < source + bytes} the
     * start of the source is repeated. {@code bytes >= 0}.
     */
    public static void copy(long target, long source, long bytes) {
        if (target != source && target - source >= 0 && target - source < bytes) {
            for (long at = 0; at < bytes; at++) {
                putByte(target + at, getByte(source + at));
            }
        } else if (bytes > 0) {
            MemorySegment.copy(ALL, source, ALL, target, bytes);
        }
    }

    /** Copies byte after byte downwards, for a target that overlaps the end of the source. {@code bytes >= 0}. */
    public static void copyBackward(long target, long source, long bytes) {
        if (target != source && source - target >= 0 && source - target < bytes) {
            for (long at = bytes - 1; at >= 0; at--) {
                putByte(target + at, getByte(source + at));
            }
        } else if (bytes > 0) {
            MemorySegment.copy(ALL, source, ALL, target, bytes);
        }
    }

    /** Sets bytes to the low 8 bits of the value. {@code bytes >= 0}. */
    public static void fill(long target, int value, long bytes) {
        if (bytes > 0) {
            ALL.asSlice(target, bytes).fill((byte) value);
        }
    }

    /** Address of the calling thread's area: {@code gs:[0]} in the client, what {@link HostedThread} says elsewhere. */
    public static long threadArea() {
        return HostedThread.area();
    }

    /** The client's thread pointer, {@code fs:[0]} (psABI, thread-local storage); only in a client that has set it up. */
    public static long threadPointer() {
        throw new IllegalStateException("Ptr.threadPointer() outside of a client");
    }

    /** Ends the process by an illegal instruction: for broken invariants only. */
    public static void trap() {
        throw new IllegalStateException("Ptr.trap()");
    }

    private static int byteShift(long address) {
        return (int) (address & 3) << 3;
    }
}
