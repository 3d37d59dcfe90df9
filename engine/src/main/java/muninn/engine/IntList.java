// SPDX-License-Identifier: MIT
package muninn.engine;

import java.nio.IntBuffer;
import java.util.Arrays;

/** Growing list of ints; its first elements may lie in a frozen buffer (one that was saved) and cannot be changed then. */
final class IntList {
    private final IntBuffer frozen;
    private final int frozenSize;
    private int[] added;
    private int size;

    IntList(IntBuffer frozen, int capacity) {
        this.frozen = frozen;
        this.frozenSize = frozen == null ? 0 : frozen.limit();
        this.size = frozenSize;
        this.added = new int[capacity];
    }

    int size() {
        return size;
    }

    int get(int i) {
        return i < frozenSize ? frozen.get(i) : added[i - frozenSize];
    }

    void add(int value) {
        int at = size - frozenSize;
        if (at == added.length) {
            added = Arrays.copyOf(added, at * 2);
        }
        added[at] = value;
        size++;
    }

    int[] toArray() {
        int[] out = new int[size];
        if (frozen != null) {
            frozen.get(0, out, 0, frozenSize);
        }
        System.arraycopy(added, 0, out, frozenSize, size - frozenSize);
        return out;
    }
}
