// SPDX-License-Identifier: MIT
package muninn.memcheck.findings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * An error or a leak.
 *
 * @param kind Valgrind's word for it in XML: {@code InvalidRead}, {@code Leak_DefinitelyLost}
 * @param what the first line of its report
 * @param pid the process
 * @param thread number of the thread, 1 is the main thread
 * @param count how often it came
 * @param stacks where it happened, and other places that belong to it; at least one
 * @param error whether it counts as an error: a leak may only be shown
 */
public record Finding(String kind, String what, long pid, int thread, long count, List<Stack> stacks, boolean error) {
    private static final int FRAMES = 4;
    private static final int DIGITS = 16;

    /**
     * A stack, and what it is.
     *
     * @param caption lines in front of it: of the first stack those of the error itself
     */
    public record Stack(List<String> caption, List<Frame> frames) {}

    /**
     * A line of a stack.
     *
     * @param function shown name, or {@code null}
     * @param file base name of the source, or {@code null}
     * @param directory of the source, or {@code null}
     * @param line from 1; 0 if it is not known
     * @param object path of the file with the code, or {@code null}
     */
    public record Frame(long pc, String function, String file, String directory, int line, String object) {
        /** The path of the source, or {@code null}. */
        public String path() {
            return file == null ? null : directory == null ? file : directory + "/" + file;
        }
    }

    /** The same, of another count. */
    public Finding withCount(long value) {
        return new Finding(kind, what, pid, thread, value, stacks, error);
    }

    /**
     * Where somebody would look first: the innermost frame with a source in the program itself, else the innermost with any.
     *
     * @param program path of the program's file, or {@code null}
     * @return {@code null} if no frame has a source
     */
    public Frame place(String program) {
        Frame any = null;
        for (Frame f : stacks.getFirst().frames()) {
            if (f.file() != null) {
                if (program != null && program.equals(f.object())) {
                    return f;
                }
                any = any == null ? f : any;
            }
        }
        return any;
    }

    /** The same for the same mistake in the next build: made of the kind and the innermost functions, neither lines nor addresses. */
    String fingerprint() {
        StringBuilder text = new StringBuilder(kind);
        List<Frame> frames = stacks.getFirst().frames();
        for (Frame f : frames.subList(0, Math.min(FRAMES, frames.size()))) {
            text.append('\n').append(f.function() == null ? "?" : f.function()).append(' ').append(f.file() == null ? "" : f.file());
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
