// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import muninn.sysjava.SystemCode;

/** Methods that break the law of system Java, one way each. */
@SystemCode("test")
final class Lawless {
    static final int[] TABLE = {1, 2, 3};
    static String text;
    static double ratio;
    int instance;

    private Lawless() {}

    static Object allocates() {
        return new Object();
    }

    static int array(int n) {
        return new int[n].length;
    }

    static void string() {
        text = "a";
    }

    static double floating(int a) {
        return a * 0.5;
    }

    static int floatInside(int a) {
        return (int) (a * 0.5);
    }

    static void throwing(int a) {
        if (a > 0) {
            throw new IllegalStateException();
        }
    }

    static int catching(int a, int b) {
        try {
            return a / b;
        } catch (ArithmeticException e) {
            return 0;
        }
    }

    static int virtual(Object o) {
        return o.hashCode();
    }

    static long foreign() {
        return System.nanoTime();
    }

    static int recursive(int n) {
        return n <= 0 ? 0 : 1 + mutual(n - 1);
    }

    static int mutual(int n) {
        return recursive(n / 2);
    }

    static int lambda(int n) {
        java.util.function.IntSupplier s = () -> n;
        return s.getAsInt();
    }

    static int field(Lawless l) {
        return l.instance;
    }

    static void writesTable(int i) {
        TABLE[i & 1] = 5;
    }

    static void locked() {
        synchronized (Lawless.class) {
            ratio = 1;
        }
    }

    static synchronized void lockedMethod() {
    }

    int notStatic() {
        return 1;
    }

    static long outer(long a) {
        return middle(a) + 1;
    }

    static long middle(long a) {
        return inner(a) + 1;
    }

    static long inner(long a) {
        return Long.parseLong("" + a);
    }

    /** Has a class initialiser that computes. */
    @SystemCode("test")
    static final class Computed {
        static int start = Integer.getInteger("x", 3);

        private Computed() {}

        static int get() {
            return start;
        }
    }

    /** Has a table that could be exchanged. */
    @SystemCode("test")
    static final class Exchangeable {
        static int[] table = {1, 2};

        private Exchangeable() {}

        static int get(int i) {
            return table[i];
        }
    }

    /** Is not marked. */
    static final class Unmarked {
        private Unmarked() {}

        static int get() {
            return 1;
        }
    }
}
