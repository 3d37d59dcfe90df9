// SPDX-License-Identifier: MIT
package muninn.memcheck.findings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All findings of a run, of every process; written anew whenever a process has ended, so that nothing is lost if the run is broken off. */
public final class Findings {
    private static final Pattern FINGERPRINT = Pattern.compile("\"(?:fingerprint|muninn/v1)\"\\s*:\\s*\"([0-9a-f]{16}(?:-\\d+)?)\"");

    /** A form and where it is written; {@code -} is standard error, once at the end. */
    public record Target(FindingForm form, String file) {}

    private final List<Target> targets;
    private final List<String> command;
    private final Set<String> baseline;
    private final List<Finding> all = new ArrayList<>();
    private String program;

    /**
     * Nothing yet.
     *
     * @param command the program as the user named it, then its arguments
     * @param baseline fingerprints of what was known before; {@code null} if nobody asks what is new
     */
    public Findings(List<Target> targets, List<String> command, Set<String> baseline) {
        this.targets = List.copyOf(targets);
        this.baseline = baseline == null ? null : Set.copyOf(baseline);
        this.command = List.copyOf(command);
    }

    public boolean isWanted() {
        return !targets.isEmpty() || baseline != null;
    }

    /** The program and its arguments. */
    public List<String> command() {
        return command;
    }

    /** Path of the program's file, as the kernel names it; {@code null} before it runs. */
    public synchronized String program() {
        return program;
    }

    /** The first process exists. */
    public synchronized void program(String path) {
        if (program == null) {
            program = path;
        }
    }

    public synchronized List<Finding> all() {
        return List.copyOf(all);
    }

    /** Fingerprints in the order of {@link #all}; of equal ones the second and later ones are numbered. */
    synchronized List<String> fingerprints() {
        Map<String, Integer> seen = new HashMap<>();
        List<String> out = new ArrayList<>();
        for (Finding f : all) {
            String base = f.fingerprint();
            int n = seen.merge(base, 1, Integer::sum);
            out.add(n == 1 ? base : base + "-" + n);
        }
        return out;
    }

    /** Whether there is a baseline, so that some findings are new and some are not. */
    boolean hasBaseline() {
        return baseline != null;
    }

    boolean isNew(String fingerprint) {
        return baseline == null || !baseline.contains(fingerprint);
    }

    /** Findings that count as errors and are not in the baseline. */
    public synchronized int newErrors() {
        List<String> prints = fingerprints();
        int count = 0;
        for (int i = 0; i < all.size(); i++) {
            count += all.get(i).error() && isNew(prints.get(i)) ? 1 : 0;
        }
        return count;
    }

    /** The fingerprints in a report in JSON or SARIF, or in any text that has one in quotes behind its name. */
    public static Set<String> fingerprintsIn(String report) {
        Set<String> out = new HashSet<>();
        Matcher m = FINGERPRINT.matcher(report);
        while (m.find()) {
            out.add(m.group(1));
        }
        return out;
    }

    /** A process has ended with these findings. */
    public synchronized void add(List<Finding> findings) {
        all.addAll(findings);
        write(false);
    }

    /** The run has ended. */
    public synchronized void finish() {
        write(true);
    }

    private void write(boolean last) {
        for (Target target : targets) {
            boolean terminal = target.file.equals("-");
            if (terminal && !last) {
                continue;
            }
            String text = target.form.text(this);
            try {
                if (terminal) {
                    System.err.print(text);
                    System.err.flush();
                } else {
                    write(Path.of(target.file).toAbsolutePath(), text);
                }
            } catch (IOException | UncheckedIOException e) {
                if (last) {
                    System.err.println("muninn: cannot write the report " + target.file + ": " + e.getMessage());
                }
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            Files.writeString(file, text);
            return;
        }
        Path begun = file.resolveSibling(file.getFileName() + ".begun-" + ProcessHandle.current().pid());
        Files.write(begun, text.getBytes(StandardCharsets.UTF_8));
        Files.move(begun, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
