// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** The four kinds of blocks in use at the end. The order is that of loss records of equal size. */
public enum LeakKind {
    REACHABLE("still reachable", "reachable"),
    POSSIBLE("possibly lost", "possible"),
    INDIRECT("indirectly lost", "indirect"),
    DEFINITE("definitely lost", "definite");

    private static final LeakKind[] VALUES = values();

    final String text;
    private final String option;

    LeakKind(String text, String option) {
        this.text = text;
        this.option = option;
    }

    /** The word that options and suppressions have for it. */
    String option() {
        return option;
    }

    /** This kind as a set of one, to be joined by {@code |}. */
    public int bit() {
        return 1 << ordinal();
    }

    /** All four kinds. */
    public static int all() {
        return (1 << VALUES.length) - 1;
    }

    /**
     * The set named by an option's value: {@code all}, {@code none}, or kinds separated by commas.
     *
     * @return a set, or -1 when a word is unknown
     */
    public static int parse(String value) {
        if (value.equals("all")) {
            return all();
        }
        if (value.equals("none")) {
            return 0;
        }
        int set = 0;
        for (String word : value.split(",", -1)) {
            int before = set;
            for (LeakKind kind : VALUES) {
                if (kind.option.equals(word)) {
                    set |= kind.bit();
                }
            }
            if (before == set) {
                return -1;
            }
        }
        return set;
    }
}
