// SPDX-License-Identifier: MIT
package muninn.memcheck.findings;

/** Writes a JSON text (RFC 8259); the caller opens and closes in the right order. What Muninn runs has no library for it. */
final class Json {
    private final StringBuilder out = new StringBuilder();
    /** A value has been written at this level: the next one needs a comma. */
    private boolean comma;

    Json open(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    Json close(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    Json name(String name) {
        separate();
        string(name);
        out.append(':');
        comma = false;
        return this;
    }

    Json field(String name, String value) {
        name(name);
        if (value == null) {
            out.append("null");
        } else {
            string(value);
        }
        comma = true;
        return this;
    }

    Json field(String name, long value) {
        name(name);
        out.append(value);
        comma = true;
        return this;
    }

    Json field(String name, boolean value) {
        name(name);
        out.append(value);
        comma = true;
        return this;
    }

    void value(String text) {
        separate();
        string(text);
        comma = true;
    }

    private void separate() {
        if (comma) {
            out.append(",\n");
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) && !isPaired(text, i)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i)) ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    String text() {
        return out.append('\n').toString();
    }
}
