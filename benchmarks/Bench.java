// SPDX-License-Identifier: MIT
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures programs natively, under Muninn and, where installed, under Valgrind, all in one run and interleaved: each round runs
 * every way once, so that what the machine does meanwhile meets all of them. Ratios are taken within a round; the table shows
 * their median and, in brackets, the smallest and the largest.
 *
 * <p>Usage: {@code ./bench [--rounds=N] [--timeout=SECONDS] [--ways=a,b] [program...]}
 */
final class Bench {
    private static final String NATIVE = "native";

    private final Path root;
    private final Path work;
    private final Map<String, List<String>> programs = new LinkedHashMap<>();
    private final Map<String, List<String>> ways = new LinkedHashMap<>();
    private int rounds = 5;
    private int timeout = 120;
    private List<String> only = new ArrayList<>();
    private List<String> onlyWays = List.of();

    private Bench(Path root, Path work) {
        this.root = root;
        this.work = work;
    }

    public static void main(String[] args) throws Exception {
        Path work = Files.createTempDirectory("muninn-bench");
        try {
            Bench b = new Bench(Path.of(args[0]), work);
            b.options(Arrays.asList(args).subList(1, args.length));
            b.prepare();
            b.run();
        } finally {
            try (var files = Files.walk(work)) {
                files.sorted((x, y) -> y.compareTo(x)).forEach(p -> p.toFile().delete());
            }
        }
    }

    private void options(List<String> args) {
        for (String a : args) {
            if (a.startsWith("--rounds=")) {
                rounds = Integer.parseInt(a.substring(9));
            } else if (a.startsWith("--timeout=")) {
                timeout = Integer.parseInt(a.substring(10));
            } else if (a.startsWith("--ways=")) {
                onlyWays = List.of(a.substring(7).split(","));
            } else if (a.startsWith("-")) {
                System.err.println("usage: ./bench [--rounds=N] [--timeout=SECONDS] [--ways=muninn-none,...] [program...]");
                System.exit(a.equals("--help") ? 0 : 2);
            } else {
                only.add(a);
            }
        }
    }

    private void prepare() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        long x = 7;
        while (text.length() < 4_000_000) {
            x = x * 6364136223846793005L + 1442695040888963407L;
            text.append(Integer.toString((int) (x >>> 44) % 20_000, 36)).append((x & 1L << 40) == 0 ? ' ' : '\n');
        }
        Files.writeString(work.resolve("text"), text);
        byte[] big = new byte[100 << 20];
        for (int i = 0; i < big.length; i += 8) {
            big[i] = (byte) (i >> 3);
        }
        Files.write(work.resolve("big"), big);
        for (String c : List.of("tree", "matmul", "threads", "hello")) {
            Process p = new ProcessBuilder("gcc", "-O2", "-g", "-pthread", "-o", work.resolve(c).toString(),
                    root.resolve("benchmarks/programs/" + c + ".c").toString()).inheritIO().start();
            if (p.waitFor() != 0) {
                throw new IOException("gcc " + c);
            }
        }
        String dir = root.resolve("benchmarks/programs").toString();
        program("hello", work + "/hello");
        program("bzip2", "bzip2", "-k", "-c", work + "/text");
        program("gzip", "gzip", "-c", work + "/text");
        program("perl", "perl", dir + "/loops.pl");
        program("python", python(), "-S", dir + "/loops.py");
        program("tree", work + "/tree");
        program("matmul", work + "/matmul");
        program("gcc", "gcc", "-O2", "-c", dir + "/small.c", "-o", work + "/small.o");
        program("sort", "sort", work + "/text", work + "/text", work + "/text");
        program("threads1", work + "/threads", "1");
        program("threads2", work + "/threads", "2");
        program("sqlite", "sqlite3", ":memory:", ".read " + dir + "/queries.sql");
        program("sha256", "openssl", "dgst", "-sha256", work + "/big", work + "/big", work + "/big");
        ways.put(NATIVE, List.of());
        String muninn = root.resolve("muninn").toString();
        way("muninn-none", muninn, "--tool=none", "-q", "--trace-children=yes");
        way("muninn-memcheck", muninn, "--tool=memcheck", "-q", "--trace-children=yes");
        way("muninn-addresses", muninn, "--tool=memcheck", "-q", "--trace-children=yes", "--undef-value-errors=no");
        if (found("valgrind")) {
            way("valgrind-none", "valgrind", "--tool=none", "-q", "--trace-children=yes");
            way("valgrind-memcheck", "valgrind", "--tool=memcheck", "-q", "--trace-children=yes");
        }
    }

    /** The real interpreter: version managers put shell scripts in front of it, which would be measured too. */
    private static String python() {
        return new File("/usr/bin/python3").exists() ? "/usr/bin/python3" : "python3";
    }

    private void program(String name, String... command) {
        if (!only.isEmpty() && !only.contains(name)) {
            return;
        }
        if (found(command[0])) {
            programs.put(name, List.of(command));
        } else {
            System.err.println("bench: " + command[0] + " is not on this machine");
        }
    }

    private void way(String name, String... prefix) throws IOException, InterruptedException {
        if (!onlyWays.isEmpty() && !onlyWays.contains(name)) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(work + "/hello");
        if (time(command) < 0) {
            System.err.println("bench: " + name + " does not run here");
        } else {
            ways.put(name, List.of(prefix));
        }
    }

    private static boolean found(String program) {
        if (program.contains("/")) {
            return new File(program).canExecute();
        }
        for (String d : System.getenv("PATH").split(":")) {
            if (new File(d, program).canExecute()) {
                return true;
            }
        }
        return false;
    }

    private void run() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("benchmarks/results"));
        String stamp = Instant.now().toString().substring(0, 19).replace(':', '-');
        Path raw = root.resolve("benchmarks/results/" + stamp + ".tsv");
        Map<String, double[][]> seconds = new LinkedHashMap<>();
        List<String> names = List.copyOf(ways.keySet());
        for (String p : programs.keySet()) {
            seconds.put(p, new double[names.size()][rounds]);
        }
        try (PrintStream out = new PrintStream(raw.toFile())) {
            out.println("# " + machine());
            out.println("round\tprogram\tway\tseconds");
            for (int r = 0; r < rounds; r++) {
                for (String p : programs.keySet()) {
                    for (int w = 0; w < names.size(); w++) {
                        List<String> command = new ArrayList<>(ways.get(names.get(w)));
                        command.addAll(programs.get(p));
                        double s = time(command);
                        seconds.get(p)[w][r] = s;
                        out.println(r + "\t" + p + "\t" + names.get(w) + "\t" + (s < 0 ? "failed" : String.format("%.4f", s)));
                    }
                    System.err.print(".");
                }
            }
        }
        System.err.println();
        System.out.println(table(names, seconds));
        System.out.println("Raw times: " + root.relativize(raw));
    }

    private String table(List<String> names, Map<String, double[][]> seconds) throws IOException {
        StringBuilder out = new StringBuilder(machine()).append("\n\n| program | native, s |");
        StringBuilder line = new StringBuilder("|---|---:|");
        for (String n : names.subList(1, names.size())) {
            out.append(' ').append(n).append(" |");
            line.append("---:|");
        }
        out.append('\n').append(line).append('\n');
        double[] logs = new double[names.size()];
        int[] counted = new int[names.size()];
        for (var e : seconds.entrySet()) {
            double[][] s = e.getValue();
            out.append(String.format("| %s | %.4f |", e.getKey(), median(s[0])));
            for (int w = 1; w < names.size(); w++) {
                double[] ratio = new double[rounds];
                boolean failed = false;
                for (int r = 0; r < rounds; r++) {
                    failed |= s[w][r] < 0 || s[0][r] < 0;
                    ratio[r] = s[w][r] / s[0][r];
                }
                if (failed) {
                    out.append(" failed |");
                    continue;
                }
                double m = median(ratio);
                Arrays.sort(ratio);
                out.append(String.format(" **%.2f** [%.2f-%.2f] |", m, ratio[0], ratio[rounds - 1]));
                // An empty program measures start-up, which is no ratio worth averaging.
                if (!e.getKey().equals("hello")) {
                    logs[w] += Math.log(m);
                    counted[w]++;
                }
            }
            out.append('\n');
        }
        out.append("| geometric mean without hello | |");
        for (int w = 1; w < names.size(); w++) {
            out.append(counted[w] == 0 ? " |" : String.format(" **%.2f** (%d) |", Math.exp(logs[w] / counted[w]), counted[w]));
        }
        return out.append('\n').toString();
    }

    private String machine() throws IOException {
        String cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(l -> l.startsWith("model name")).findFirst()
                .map(l -> l.substring(l.indexOf(':') + 2)).orElse("unknown processor");
        return cpu + ", " + Runtime.getRuntime().availableProcessors() + " processors, Linux " + System.getProperty("os.version")
                + ", " + rounds + " rounds";
    }

    private static double median(double[] values) {
        double[] v = values.clone();
        Arrays.sort(v);
        return (v[(v.length - 1) / 2] + v[v.length / 2]) / 2;
    }

    /** Seconds of wall time; negative if the program failed or ran out of time. */
    private double time(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder b = new ProcessBuilder(command).redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        b.environment().put("LC_ALL", "C");
        b.environment().put("MUNINN_REBUILD", "no");
        long start = System.nanoTime();
        Process p = b.start();
        if (!p.waitFor(timeout, TimeUnit.SECONDS)) {
            p.descendants().forEach(ProcessHandle::destroyForcibly);
            p.destroyForcibly().waitFor();
            return -1;
        }
        double s = (System.nanoTime() - start) / 1e9;
        return p.exitValue() == 0 ? s : -1;
    }
}
