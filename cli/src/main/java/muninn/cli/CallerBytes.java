// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Arguments and environment as bytes. Java's strings went through the locale's encoding and may have lost some; /proc has what the
 * caller gave.
 */
final class CallerBytes {
    /** The launcher hides the variables a JVM would obey behind this prefix. */
    static final String KEPT = "MUNINN_KEEP_";

    private CallerBytes() {}

    /** The last {@code count} words of this process's command line. */
    static List<byte[]> arguments(List<String> asText) {
        List<byte[]> all = strings("/proc/self/cmdline");
        int count = asText.size();
        if (all.size() >= count) {
            return all.subList(all.size() - count, all.size());
        }
        List<byte[]> out = new ArrayList<>(count);
        for (String s : asText) {
            out.add(s.getBytes(StandardCharsets.UTF_8));
        }
        return out;
    }

    /** The environment the client gets: the caller's, with the names restored that the launcher had changed. */
    static List<byte[]> environment() {
        List<byte[]> all = strings("/proc/self/environ");
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

    private static List<byte[]> strings(String path) {
        List<byte[]> out = new ArrayList<>();
        byte[] bytes;
        try (FileInputStream in = new FileInputStream(path)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            return out;
        }
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                byte[] s = new byte[i - from];
                System.arraycopy(bytes, from, s, 0, s.length);
                out.add(s);
                from = i + 1;
            }
        }
        return out;
    }
}
