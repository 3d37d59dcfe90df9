// SPDX-License-Identifier: MIT
package muninn.isa.code;

import java.util.Arrays;

/** Growing bytes of machine code with labels in them. Little-endian. */
public class CodeBuffer {
    private byte[] bytes;
    private int position;

    public CodeBuffer() {
        this(256);
    }

    public CodeBuffer(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** Bytes written so far, and so the offset of the next one. */
    public final int position() {
        return position;
    }

    /** A copy of everything written. */
    public final byte[] bytes() {
        return Arrays.copyOf(bytes, position);
    }

    /** Copies everything written to an array. */
    public final void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, position);
    }

    /** Forgets everything, so that the buffer can be used again. Labels of before are invalid. */
    public final void clear() {
        position = 0;
    }

    /** Takes back what was written from an offset on; no label may be bound or referred to there. */
    public final void truncate(int at) {
        if (at < 0 || at > position) {
            throw new IndexOutOfBoundsException(at);
        }
        position = at;
    }

    public final int byteAt(int at) {
        check(at, 1);
        return bytes[at] & 0xff;
    }

    public final int intAt(int at) {
        check(at, 4);
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
    }

    public final void patchByte(int at, int value) {
        check(at, 1);
        bytes[at] = (byte) value;
    }

    public final void patchInt(int at, int value) {
        check(at, 4);
        writeInt(at, value);
    }

    public final void put8(int value) {
        reserve(1);
        bytes[position++] = (byte) value;
    }

    public final void put16(int value) {
        put8(value);
        put8(value >> 8);
    }

    public final void put32(int value) {
        reserve(4);
        writeInt(position, value);
        position += 4;
    }

    public final void put64(long value) {
        put32((int) value);
        put32((int) (value >> 32));
    }

    public final void put(byte[] source) {
        put(source, 0, source.length);
    }

    public final void put(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, position, length);
        position += length;
    }

    public final Label newLabel() {
        return new Label();
    }

    /** Fixes the label at the current position and completes the references made so far. */
    public final void bind(Label label) {
        bindAt(label, position);
    }

    /** Fixes the label at any offset, which may lie outside what this buffer will hold. */
    public final void bindAt(Label label, int offset) {
        if (label.isBound()) {
            throw new IllegalStateException("label is bound already");
        }
        label.position = offset;
        for (int i = 0; i < label.count; i += 2) {
            int at = label.references[i];
            int following = label.references[i + 1];
            if (at >= 0) {
                // The field may hold an addend already.
                writeInt(at, intAt(at) + offset - (at + 4 + following));
            } else {
                int distance = offset - (~at + 1);
                if (distance != (byte) distance) {
                    throw new IllegalStateException("short jump over " + distance + " bytes");
                }
                bytes[~at] = (byte) distance;
            }
        }
        label.count = 0;
    }

    /** Writes a 32-bit displacement to the label plus an addend, counted from the end of the instruction. */
    final void putRelative32(Label label, int addend, int following) {
        int at = position;
        if (label.isBound()) {
            put32(label.position + addend - (at + 4 + following));
        } else {
            put32(addend);
            label.refer(at, following);
        }
    }

    /** Writes an 8-bit displacement to the label; binding fails if it is too far. */
    final void putRelative8(Label label) {
        int at = position;
        if (label.isBound()) {
            int distance = label.position - (at + 1);
            if (distance != (byte) distance) {
                throw new IllegalStateException("short jump over " + distance + " bytes");
            }
            put8(distance);
        } else {
            put8(0);
            label.refer(~at, 0);
        }
    }

    private void reserve(int more) {
        if (more > bytes.length - position) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + more));
        }
    }

    private void check(int at, int length) {
        if (at < 0 || at > position - length) {
            throw new IndexOutOfBoundsException(at);
        }
    }

    private void writeInt(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
        bytes[at + 2] = (byte) (value >> 16);
        bytes[at + 3] = (byte) (value >> 24);
    }
}
