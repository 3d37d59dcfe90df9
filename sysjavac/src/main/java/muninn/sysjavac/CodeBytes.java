// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.Arrays;

/** A growing buffer of code. */
final class CodeBytes {
    private byte[] code = new byte[1 << 16];
    private int at;

    int size() {
        return at;
    }

    void b(int... bytes) {
        if (at + bytes.length > code.length) {
            code = Arrays.copyOf(code, code.length * 2);
        }
        for (int v : bytes) {
            code[at++] = (byte) v;
        }
    }

    void i4(int v) {
        b(v, v >> 8, v >> 16, v >> 24);
    }

    void i8(long v) {
        i4((int) v);
        i4((int) (v >> 32));
    }

    void patch(int where, int v) {
        for (int i = 0; i < 4; i++) {
            code[where + i] = (byte) (v >> 8 * i);
        }
    }

    void copyTo(byte[] image) {
        System.arraycopy(code, 0, image, 0, at);
    }
}
