// SPDX-License-Identifier: MIT
package muninn.engine;

import java.nio.IntBuffer;

/**
 * Map of non-negative ints to non-negative ints, open-addressed, without removal. It may lie over a frozen map of the same form
 * (one that was saved): what is put afterwards hides what the frozen map has.
 */
final class IntMap {
    private static final int FIRST = 256;

    private final IntBuffer frozenKeys;
    private final IntBuffer frozenValues;
    private int[] keys = new int[FIRST];
    private int[] values = new int[FIRST];
    private int size;

    IntMap() {
        this(null, null);
    }

    /** Over a saved map, whose two tables have the same power of two as length; {@code null}: over nothing. */
    IntMap(IntBuffer frozenKeys, IntBuffer frozenValues) {
        this.frozenKeys = frozenKeys;
        this.frozenValues = frozenValues;
    }

    /** The value, or -1. */
    int get(int key) {
        int mask = keys.length - 1;
        for (int i = hash(key) & mask; keys[i] != 0; i = i + 1 & mask) {
            if (keys[i] == key + 1) {
                return values[i];
            }
        }
        return frozenKeys == null ? -1 : frozen(key);
    }

    private int frozen(int key) {
        int mask = frozenKeys.limit() - 1;
        int i = hash(key) & mask;
        // A damaged table has no empty slot to end at: the count of slots does.
        for (int n = 0; n <= mask; n++) {
            int k = frozenKeys.get(i);
            if (k == 0) {
                return -1;
            }
            if (k == key + 1) {
                return frozenValues.get(i);
            }
            i = i + 1 & mask;
        }
        return -1;
    }

    void put(int key, int value) {
        if (size * 2 >= keys.length) {
            int[] oldKeys = keys;
            int[] oldValues = values;
            keys = new int[oldKeys.length * 2];
            values = new int[oldKeys.length * 2];
            size = 0;
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldKeys[i] != 0) {
                    put(oldKeys[i] - 1, oldValues[i]);
                }
            }
        }
        int mask = keys.length - 1;
        int i = hash(key) & mask;
        while (keys[i] != 0 && keys[i] != key + 1) {
            i = i + 1 & mask;
        }
        if (keys[i] == 0) {
            keys[i] = key + 1;
            size++;
        }
        values[i] = value;
    }

    /** What {@link #forEach} calls. */
    interface Visitor {
        void entry(int key, int value);
    }

    /** Calls {@code visitor} once for each key. */
    void forEach(Visitor visitor) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                visitor.entry(keys[i] - 1, values[i]);
            }
        }
        for (int i = 0; frozenKeys != null && i < frozenKeys.limit(); i++) {
            int key = frozenKeys.get(i) - 1;
            if (key >= 0 && !isNew(key)) {
                visitor.entry(key, frozenValues.get(i));
            }
        }
    }

    private boolean isNew(int key) {
        int mask = keys.length - 1;
        for (int i = hash(key) & mask; keys[i] != 0; i = i + 1 & mask) {
            if (keys[i] == key + 1) {
                return true;
            }
        }
        return false;
    }

    /** All of it in the form a frozen map has: keys plus one, then values. */
    int[][] tables() {
        int[] count = new int[1];
        forEach((k, v) -> count[0]++);
        int n = Integer.highestOneBit(Math.max(count[0], 4)) * 4;
        int[][] out = new int[2][n];
        forEach((k, v) -> {
            int i = hash(k) & n - 1;
            while (out[0][i] != 0) {
                i = i + 1 & n - 1;
            }
            out[0][i] = k + 1;
            out[1][i] = v;
        });
        return out;
    }

    private static int hash(int key) {
        int h = key * 0x9e3779b1;
        return h ^ h >>> 15;
    }
}
