// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All entries of a run, found quickly: those that begin with a plain function name by that name, the rest one after the other. Counts
 * what each has kept back. Of several entries that match, the first counts.
 */
public final class Suppressions {
    /** What one entry has kept back. */
    static final class Use {
        final Suppression entry;
        long count;
        long lostBytes;
        long lostBlocks;
        private long last;

        Use(Suppression entry) {
            this.entry = entry;
        }
    }

    private final List<Use> uses = new ArrayList<>();
    /** Indexes in {@link #uses}, by kind and first function. */
    private final Map<String, List<Integer>> byFunction = new HashMap<>();
    /** Indexes of the others, by kind. */
    private final Map<String, List<Integer>> others = new HashMap<>();
    private long clock;

    public Suppressions(List<Suppression> entries) {
        for (Suppression s : entries) {
            int index = uses.size();
            uses.add(new Use(s));
            Suppression.Pattern first = s.frames().getFirst();
            boolean plain = first.field() == Suppression.Field.FUNCTION && first.isLiteral();
            (plain ? byFunction.computeIfAbsent(s.kind() + ':' + first.text(), k -> new ArrayList<>())
                    : others.computeIfAbsent(s.kind(), k -> new ArrayList<>())).add(index);
        }
    }

    boolean isEmpty() {
        return uses.isEmpty();
    }

    /** The entry that keeps the error back, which is counted; {@code null} if none does. */
    synchronized Use match(String kind, String extra, int leakKind, List<FrameText> stack) {
        String function = stack.isEmpty() ? null : stack.getFirst().symbol();
        int best = Integer.MAX_VALUE;
        best = first(byFunction.get(kind + ':' + function), best, kind, extra, leakKind, stack);
        best = first(others.get(kind), best, kind, extra, leakKind, stack);
        if (best == Integer.MAX_VALUE) {
            return null;
        }
        Use use = uses.get(best);
        count(use);
        return use;
    }

    private int first(List<Integer> candidates, int best, String kind, String extra, int leakKind, List<FrameText> stack) {
        if (candidates != null) {
            for (int i : candidates) {
                if (i >= best) {
                    return best;
                }
                if (uses.get(i).entry.matches(kind, extra, leakKind, stack)) {
                    return i;
                }
            }
        }
        return best;
    }

    /** The same error has come again. */
    synchronized void count(Use use) {
        use.count++;
        use.last = ++clock;
    }

    /** Entries that were of use, the latest first. */
    synchronized List<Use> used() {
        List<Use> out = new ArrayList<>();
        for (Use use : uses) {
            if (use.count > 0) {
                out.add(use);
            }
        }
        out.sort(Comparator.comparingLong((Use use) -> -use.last));
        return out;
    }
}
