// SPDX-License-Identifier: MIT
package muninn.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import muninn.linux.Syscall;

/**
 * Which programs are not watched although children are: those whose path, or one of whose arguments, matches a pattern with {@code *} and
 * {@code ?}.
 */
public record ChildFilter(List<String> paths, List<String> arguments) {
    /** Whether the program that has just been executed in this process runs unwatched. */
    boolean skips(int pid) {
        if (paths.isEmpty() && arguments.isEmpty()) {
            return false;
        }
        byte[] all = Syscall.readFile("/proc/" + pid + "/cmdline");
        String[] words = all == null ? new String[0] : new String(all, StandardCharsets.UTF_8).split("\0");
        String name = executable(pid);
        for (String p : paths) {
            if (name != null && Glob.matches(p, name) || words.length > 0 && Glob.matches(p, words[0])) {
                return true;
            }
        }
        for (String p : arguments) {
            for (int i = 1; i < words.length; i++) {
                if (Glob.matches(p, words[i])) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String executable(int pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
        } catch (IOException e) {
            return null;
        }
    }
}
