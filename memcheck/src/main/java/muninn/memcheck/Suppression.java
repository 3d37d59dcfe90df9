// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

import muninn.engine.Glob;

/**
 * One entry of a suppression file: errors of a kind, at a place, that are not to be reported.
 *
 * @param name free text
 * @param place file and line of the name, for messages
 * @param kind the word behind {@code Memcheck:}
 * @param extra parameter of a system call ({@code Param}) or function and argument ({@code FishyValue}), with wildcards; or {@code null}
 * @param leakKinds set of {@link LeakKind} that a {@code Leak} matches
 * @param frames patterns for the innermost frames
 */
public record Suppression(String name, String place, String kind, String extra, int leakKinds, List<Pattern> frames) {
    /** What one line about a frame says. */
    public enum Field { FUNCTION, OBJECT, SOURCE, ANY_FRAMES }

    /** A pattern with the wildcards {@code *} and {@code ?}; for {@link Field#ANY_FRAMES} there is none. */
    public record Pattern(Field field, String text) {
        boolean matches(FrameText frame) {
            return switch (field) {
                case FUNCTION -> Glob.matches(text, frame.symbol() == null ? "???" : frame.symbol());
                case OBJECT -> Glob.matches(text, frame.object() == null ? "???" : frame.object());
                case SOURCE -> frame.file() != null && (Glob.matches(text, frame.file()) || Glob.matches(text, frame.file() + ":" + frame.line())
                        || frame.directory() != null && Glob.matches(text, frame.directory() + "/" + frame.file()));
                case ANY_FRAMES -> true;
            };
        }

        /** Whether no other text than this one matches. */
        boolean isLiteral() {
            return text.indexOf('*') < 0 && text.indexOf('?') < 0;
        }
    }

    /** Whether it names this error: kind, extra word and innermost frames. */
    boolean matches(String errorKind, String errorExtra, int errorLeakKind, List<FrameText> stack) {
        return kind.equals(errorKind) && (extra == null || errorExtra != null && Glob.matches(extra, errorExtra))
                && (errorLeakKind == 0 || (leakKinds & errorLeakKind) != 0) && frames(0, stack, 0);
    }

    private boolean frames(int pattern, List<FrameText> stack, int frame) {
        int p = pattern;
        int f = frame;
        while (p < frames.size()) {
            if (frames.get(p).field() == Field.ANY_FRAMES) {
                for (int rest = f; rest <= stack.size(); rest++) {
                    if (frames(p + 1, stack, rest)) {
                        return true;
                    }
                }
                return false;
            }
            if (f == stack.size() || !frames.get(p).matches(stack.get(f))) {
                return false;
            }
            p++;
            f++;
        }
        return true;
    }
}
