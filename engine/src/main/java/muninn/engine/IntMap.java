// SPDX-License-Identifier: MIT
package muninn.engine;

/** Map of non-negative ints to non-negative ints, open-addressed, without removal. */
final class IntMap {
    private int[] keys = new int[256];
    private int[] values = new int[256];
    private int size;

    int size() {
        return size;
    }

    /** The value, or -1. */
    int get(int key) {
        int mask = keys.length - 1;
        for (int i = hash(key) & mask; keys[i] != 0; i = i + 1 & mask) {
            if (keys[i] == key + 1) {
                return values[i];
            }
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

    private static int hash(int key) {
        int h = key * 0x9e3779b1;
        return h ^ h >>> 15;
    }
}
