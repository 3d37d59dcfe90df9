// SPDX-License-Identifier: MIT
package muninn.cli;

import java.util.ArrayList;
import java.util.List;

/** Splitting without regular expressions, which a start-up of milliseconds cannot afford. */
final class Words {
    private Words() {}

    /** Parts of {@code text} between separators; a text without one has one part. */
    static String[] split(String text, char separator) {
        int parts = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == separator) {
                parts++;
            }
        }
        String[] out = new String[parts];
        int from = 0;
        for (int i = 0; i < parts; i++) {
            int to = text.indexOf(separator, from);
            out[i] = text.substring(from, to < 0 ? text.length() : to);
            from = to + 1;
        }
        return out;
    }

    /**
     * Words of an options file or variable: separated by white space, either quote keeps white space within a word.
     *
     * @return the words; {@code null} if a quote is not closed
     */
    static List<String> shellLike(String text) {
        List<String> out = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (c <= ' ') {
                if (inWord) {
                    out.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            return null;
        }
        if (inWord) {
            out.add(word.toString());
        }
        return out;
    }
}
