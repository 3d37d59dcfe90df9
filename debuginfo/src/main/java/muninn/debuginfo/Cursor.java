// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.nio.charset.StandardCharsets;

/**
 * A position in bytes that nobody vouches for: every read is checked against the end and throws {@link BrokenInput}
 * beyond it. Little endian, as x86-64 is. Plain byte arithmetic instead of buffers or var handles, because this code
 * runs while the JVM is cold.
 */
final class Cursor {
    final byte[] bytes;
    int at;
    int end;

    Cursor(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** A view of {@code [from, end)}, cut to what there is. */
    Cursor(byte[] bytes, long from, long end) {
        this.bytes = bytes;
        this.end = (int) Math.max(0, Math.min(end, bytes.length));
        seek(from);
    }

    void seek(long position) {
        if (position < 0 || position > end) {
            throw new BrokenInput("offset beyond the end");
        }
        at = (int) position;
    }

    void skip(long count) {
        if (count < 0 || count > end - at) {
            throw new BrokenInput("length beyond the end");
        }
        at += (int) count;
    }

    boolean atEnd() {
        return at >= end;
    }

    int remaining() {
        return end - at;
    }

    private int take(int count) {
        int from = at;
        if (count > end - from) {
            throw new BrokenInput("cut off");
        }
        at = from + count;
        return from;
    }

    int u8() {
        return bytes[take(1)] & 0xff;
    }

    int u16() {
        int i = take(2);
        return bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8;
    }

    int u24() {
        return u16() | u8() << 16;
    }

    int s32() {
        int i = take(4);
        return bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8 | (bytes[i + 2] & 0xff) << 16 | bytes[i + 3] << 24;
    }

    long u32() {
        return s32() & 0xffff_ffffL;
    }

    long u64() {
        long low = u32();
        return low | (long) s32() << 32;
    }

    /** An unsigned number of 1, 2, 4 or 8 bytes. */
    long unsigned(int size) {
        return switch (size) {
            case 1 -> u8();
            case 2 -> u16();
            case 4 -> u32();
            case 8 -> u64();
            default -> throw new BrokenInput("number of " + size + " bytes");
        };
    }

    /** Bits beyond 64 are dropped; at most 10 significant bytes are expected, more only as padding. */
    long uleb() {
        long value = 0;
        int shift = 0;
        while (true) {
            int b = u8();
            if (shift < 64) {
                value |= (long) (b & 0x7f) << shift;
            }
            shift += 7;
            if (b < 0x80) {
                return value;
            }
        }
    }

    long sleb() {
        long value = 0;
        int shift = 0;
        while (true) {
            int b = u8();
            if (shift < 64) {
                value |= (long) (b & 0x7f) << shift;
            }
            shift += 7;
            if (b < 0x80) {
                return shift < 64 && (b & 0x40) != 0 ? value | -1L << shift : value;
            }
        }
    }

    /** A number that is used as an index or count: refused where it does not fit an int. */
    int ulebInt() {
        long value = uleb();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new BrokenInput("number too large");
        }
        return (int) value;
    }

    /** The bytes up to the next zero, which is consumed. */
    String string() {
        int from = at;
        while (u8() != 0) {
            // until the terminator
        }
        return new String(bytes, from, at - 1 - from, StandardCharsets.UTF_8);
    }

    /** The string at an offset of a string section, or null where there is none. */
    static String stringAt(byte[] section, long offset) {
        if (offset < 0 || offset >= section.length) {
            return null;
        }
        int from = (int) offset;
        int to = from;
        while (to < section.length && section[to] != 0) {
            to++;
        }
        return new String(section, from, to - from, StandardCharsets.UTF_8);
    }

    /** The length field of a DWARF unit: 4 bytes, or an escape and 8 bytes in the 64-bit format. */
    long initialLength() {
        long length = u32();
        if (length < 0xffff_fff0L) {
            offsetSize = 4;
            return length;
        }
        if (length != 0xffff_ffffL) {
            throw new BrokenInput("reserved unit length");
        }
        offsetSize = 8;
        return u64();
    }

    /** Size of section offsets since the last {@link #initialLength}: 4 or 8. */
    int offsetSize = 4;

    long offset() {
        return offsetSize == 8 ? u64() : u32();
    }
}
