// SPDX-License-Identifier: MIT
package muninn.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import muninn.linux.OriginalStrings;

/**
 * Arguments and environment as bytes. Java's strings went through the locale's encoding and may have lost some; /proc has what the
 * caller gave.
 */
final class CallerBytes {
    /** The launcher hides the variables a JVM would obey behind this prefix. */
    static final String KEPT = "MUNINN_KEEP_";

    private CallerBytes() {}

    /** The client's command: the last words of this process's own. */
    static List<byte[]> arguments(List<String> asText) {
        List<byte[]> exact = OriginalStrings.arguments(asText.size());
        if (exact != null) {
            return exact;
        }
        List<byte[]> out = new ArrayList<>();
        for (String s : asText) {
            out.add(s.getBytes(StandardCharsets.UTF_8));
        }
        return out;
    }

    /** The environment the client gets: the caller's, with the names restored that the launcher had changed. */
    static List<byte[]> environment() {
        List<byte[]> all = OriginalStrings.environment();
        if (all == null) {
            return List.of();
        }
        byte[] kept = KEPT.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < all.size(); i++) {
            byte[] e = all.get(i);
            if (startsWith(e, kept)) {
                byte[] restored = new byte[e.length - kept.length];
                System.arraycopy(e, kept.length, restored, 0, restored.length);
                all.set(i, restored);
            }
        }
        return all;
    }

    private static boolean startsWith(byte[] text, byte[] prefix) {
        if (text.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (text[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
