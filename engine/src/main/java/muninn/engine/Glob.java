// SPDX-License-Identifier: MIT
package muninn.engine;

/** Patterns in which {@code *} stands for any text and {@code ?} for any character. */
public final class Glob {
    private Glob() {}

    /** Whether the whole text matches; in time pattern times text. */
    public static boolean matches(String pattern, String text) {
        int star = -1;
        int from = 0;
        int i = 0;
        int k = 0;
        while (k < text.length()) {
            if (i < pattern.length() && pattern.charAt(i) == '*') {
                star = i++;
                from = k;
            } else if (i < pattern.length() && (pattern.charAt(i) == '?' || pattern.charAt(i) == text.charAt(k))) {
                i++;
                k++;
            } else if (star >= 0) {
                i = star + 1;
                k = ++from;
            } else {
                return false;
            }
        }
        while (i < pattern.length() && pattern.charAt(i) == '*') {
            i++;
        }
        return i == pattern.length();
    }
}
