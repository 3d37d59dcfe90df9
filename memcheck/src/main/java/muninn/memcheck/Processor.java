// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine's processor has, as the kernel lets programs use it. */
public final class Processor {
    private Processor() {}

    /** 512-bit vectors with byte masks. */
    public static boolean hasVectors512() {
        return flags().contains(" avx512bw ");
    }

    /** Flags of the first processor, with a space in front of and behind each. */
    private static String flags() {
        try {
            String text = Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1);
            int at = text.indexOf("\nflags");
            int colon = text.indexOf(':', at);
            int end = text.indexOf('\n', colon);
            return at < 0 || colon < 0 || end < 0 ? "" : text.substring(colon + 1, end) + " ";
        } catch (IOException e) {
            return "";
        }
    }
}
