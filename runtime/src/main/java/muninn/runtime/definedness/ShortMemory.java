// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Copies and fills of at most some dozens of bytes, by plain moves: a string instruction takes longer to begin than these take to end. */
@SystemCode("runs inside the client")
final class ShortMemory {
    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

    private ShortMemory() {}

    /** The ranges do not overlap. */
    static void copy(long to, long from, int bytes) {
        int at = 0;
        while (bytes - at >= 8) {
            Ptr.putLong(to + at, Ptr.getLong(from + at));
            at += 8;
        }
        int left = bytes - at;
        if ((left & 4) != 0) {
            Ptr.putInt(to + at, Ptr.getInt(from + at));
            at += 4;
        }
        if ((left & 2) != 0) {
            Ptr.putShort(to + at, Ptr.getShort(from + at));
            at += 2;
        }
        if ((left & 1) != 0) {
            Ptr.putByte(to + at, Ptr.getByte(from + at));
        }
    }

    static void fill(long to, int value, int bytes) {
        long word = value * EVERY_BYTE;
        int at = 0;
        while (bytes - at >= 8) {
            Ptr.putLong(to + at, word);
            at += 8;
        }
        while (at < bytes) {
            Ptr.putByte(to + at, value);
            at++;
        }
    }
}
