// SPDX-License-Identifier: MIT
package muninn.linux;

import java.util.Arrays;

/** A growing little-endian byte buffer. */
final class ByteWriter {
    private byte[] buffer = new byte[256];
    private int at;

    int size() {
        return at;
    }

    void bytes(int... values) {
        if (at + values.length > buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        for (int v : values) {
            buffer[at++] = (byte) v;
        }
    }

    void int4(int v) {
        bytes(v, v >> 8, v >> 16, v >> 24);
    }

    void long8(long v) {
        int4((int) v);
        int4((int) (v >> 32));
    }

    void patch(int where, int v) {
        for (int i = 0; i < 4; i++) {
            buffer[where + i] = (byte) (v >> 8 * i);
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(buffer, at);
    }
}
