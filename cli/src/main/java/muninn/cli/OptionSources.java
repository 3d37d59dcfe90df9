// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options given outside the command line: {@code ~/.valgrindrc}, {@code $VALGRIND_OPTS}, {@code ./.valgrindrc}, in this order. */
final class OptionSources {
    private OptionSources() {}

    /**
     * Words of all three sources.
     *
     * @param environment the client's environment, the source of HOME and VALGRIND_OPTS
     * @param directory the current directory
     */
    static List<String> read(Map<String, String> environment, Path directory) throws UsageError {
        List<String> out = new ArrayList<>();
        String home = environment.get("HOME");
        Path homeDirectory = home == null || home.isEmpty() ? null : directory.resolve(home).normalize();
        if (homeDirectory != null) {
            file(homeDirectory.resolve(".valgrindrc"), out);
        }
        String variable = environment.get("VALGRIND_OPTS");
        if (variable != null) {
            words("VALGRIND_OPTS", variable, out);
        }
        if (!directory.normalize().equals(homeDirectory)) {
            file(directory.resolve(".valgrindrc"), out);
        }
        return out;
    }

    private static void file(Path path, List<String> out) throws UsageError {
        // The attribute views below cost milliseconds of a cold start; most users have no such file.
        if (!path.toFile().exists()) {
            return;
        }
        // Somebody else's file could name a log file or a suppression to be written or read with our rights.
        try {
            Map<String, Object> a = Files.readAttributes(path, "unix:uid,permissions,isRegularFile", LinkOption.NOFOLLOW_LINKS);
            boolean mine = a.get("uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            boolean writable = a.get("permissions") instanceof Set<?> p && p.contains(PosixFilePermission.OTHERS_WRITE);
            if (!mine || writable || !a.get("isRegularFile").equals(Boolean.TRUE)) {
                System.err.println("muninn: " + path + " was not read: not a regular file, not yours, or writable by others");
                return;
            }
            words(path.toString(), Files.readString(path), out);
        } catch (IOException e) {
            System.err.println("muninn: " + path + " was not read: " + e.getMessage());
        }
    }

    private static void words(String source, String text, List<String> out) throws UsageError {
        List<String> words = Words.shellLike(text);
        if (words == null) {
            throw new UsageError(1, source + ": a quote is not closed");
        }
        out.addAll(words);
    }
}
