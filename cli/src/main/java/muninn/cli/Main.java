// SPDX-License-Identifier: MIT
package muninn.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import muninn.engine.ChildFilter;
import muninn.engine.Engine;
import muninn.engine.RunOptions;
import muninn.engine.Tool;
import muninn.tool.host.ToolFailure;
import muninn.tool.host.ToolHost;
import muninn.memcheck.LeakKind;
import muninn.memcheck.MemcheckImage;
import muninn.memcheck.MemcheckOptions;
import muninn.memcheck.MemcheckTool;
import muninn.memcheck.Processor;
import muninn.memcheck.Suppression;
import muninn.memcheck.SuppressionFile;
import muninn.memcheck.Suppressions;
import muninn.memcheck.findings.Findings;
import muninn.sysjavac.SystemImage;

/** Entry point of the controller: understands the command line, finds the program, runs it and ends as it ended. */
public final class Main {
    /** What {@code --version} prints. */
    static final String VERSION = "muninn-0.1.0";

    /** What {@code --version} prints under the name of valgrind: the version whose options and reports are followed. */
    private static final String VALGRIND_VERSION = "valgrind-3.19.0";

    /** File of the distribution that holds compiled system Java. */
    private static final String IMAGE = "runtime.image";

    private static final int FAILED = 1;
    /** The tool itself failed: what env, nohup and timeout answer then. */
    private static final int INTERNAL = 125;
    private static final int NOT_FOUND = 127;

    private Main() {}

    /** Runs the client named on the command line. */
    public static void main(String[] args) {
        // Asked by dist/build, before anything else runs.
        if (args.length == 2 && args[0].equals("--build-dist")) {
            Ending.exit(buildDist(Path.of(args[1])));
        }
        try {
            Ending.as(start(List.of(args)));
        } catch (UsageError e) {
            System.err.print(e.text());
            System.err.flush();
            Ending.exit(e.status());
        } catch (RuntimeException | Error e) {
            Throwable inside = e.getCause() instanceof ToolFailure ? e.getCause() : e;
            if (inside instanceof ToolFailure) {
                System.err.println("muninn: " + inside.getMessage() + "; the program was ended");
                inside.getCause().printStackTrace();
                System.err.flush();
                Ending.exit(INTERNAL);
            }
            System.err.println("muninn: internal failure, the program was ended: " + e);
            e.printStackTrace();
            System.err.flush();
            Ending.exit(INTERNAL);
        }
    }

    /** Returns the wait status to end with. */
    private static int start(List<String> line) throws UsageError {
        Map<String, String> environment = System.getenv();
        List<String> before = line.contains("--command-line-only=yes") ? List.of()
                : OptionSources.read(environment, Path.of("").toAbsolutePath());
        Options options = OptionParser.parse(before, line);
        switch (options.request()) {
            case HELP -> {
                System.out.print(HelpText.text());
                return 0;
            }
            case VERSION -> {
                // Programs that drive a checker (CTest, IDEs) look for Valgrind's form, and for a version that has what they use.
                System.out.println("valgrind".equals(System.getProperty("muninn.as")) ? VALGRIND_VERSION : VERSION);
                return 0;
            }
            case RUN -> { }
        }
        ProgramFile program = ProgramFile.find(options.command().getFirst(), environment.get("PATH"));
        List<byte[]> arguments = CallerBytes.arguments(options.command());
        List<byte[]> clientEnvironment = CallerBytes.environment();
        if (program.kind() == ProgramFile.Kind.NATIVE) {
            System.err.println("muninn: " + program.path() + " " + program.what() + "; it runs natively, unwatched");
            long error = Ending.become(program.path(), arguments, clientEnvironment);
            throw new UsageError(FAILED, program.path() + ": cannot be executed (errno " + -error + ")");
        }
        return run(options, program, arguments, clientEnvironment, toolLine(line, options));
    }

    /** The part of the command line that is ours. */
    private static List<String> toolLine(List<String> line, Options options) {
        List<String> out = new ArrayList<>(List.of("muninn"));
        out.addAll(line.subList(0, line.size() - options.command().size()));
        return out;
    }

    private static int run(Options options, ProgramFile program, List<byte[]> arguments, List<byte[]> environment,
            List<String> toolLine) throws UsageError {
        refuse(options, OptionTable.ALIGNMENT, 16L);
        MessageSink sink = MessageSink.log(options, System.getenv());
        MessageSink xml = MessageSink.xml(options, System.getenv());
        DiffNative diff = options.get(OptionTable.DIFF_NATIVE).equals("no") ? null
                : new DiffNative(!options.get(OptionTable.TOOL).equals("none"));
        if (diff != null) {
            sink.moveStandardError(diff.realError());
        }
        PrintStream out = new PrintStream(sink, false, StandardCharsets.UTF_8);
        Messages messages = new Messages(sink, out, options);
        byte[] path = program.path().equals(options.command().getFirst())
                ? arguments.getFirst() : program.path().getBytes(StandardCharsets.UTF_8);
        RunOptions run = new RunOptions(Arrays.copyOf(path, path.length), arguments, environment,
                options.get(OptionTable.TRACE_CHILDREN), new ChildFilter(patterns(options.get(OptionTable.TRACE_CHILDREN_SKIP)),
                patterns(options.get(OptionTable.TRACE_CHILDREN_SKIP_BY_ARG))), options.get(OptionTable.TRACE_BLOCKS), options.get(OptionTable.TRACE_SIGNALS),
                (int) (long) options.get(OptionTable.VERIFY), options.get(OptionTable.STATS),
                (int) (long) options.get(OptionTable.LOOK_AHEAD), options.get(OptionTable.CODE_MEMORY) << 20, diff != null, cacheFolder(options));
        Engine engine;
        int status;
        try {
            if (diff != null) {
                diff.runNatively(run);
            }
            Tool tool = tool(options, new ReportFiles(options, sink, xml, toolLine), messages);
            engine = new Engine(run, tool, out);
            if (tool instanceof ToolHost host) {
                host.attach(engine);
            }
            status = engine.run();
        } finally {
            if (diff != null) {
                diff.restore();
            }
        }
        if (options.get(OptionTable.VERIFY) > 0 && options.verbosity() > 0) {
            out.println("-- verified: " + engine.checkedChains() + " chains of fragments, " + engine.failedChecks() + " findings");
        }
        out.flush();
        if (status < 0) {
            throw new UsageError(NOT_FOUND, program.path() + ": cannot be started (errno " + -status + ")");
        }
        boolean differs = diff != null && diff.compare(engine, status, out);
        out.flush();
        return differs || engine.failedChecks() > 0 ? INTERNAL << 8 : status;
    }

    /** Where this build keeps translations: below the XDG cache folder; {@code null} if they are not to be kept. */
    private static String cacheFolder(Options options) {
        String dist = System.getProperty("muninn.dist");
        // A trace shows every block as it is translated: none may come translated.
        if (dist == null || !options.get(OptionTable.TRANSLATION_CACHE) || options.get(OptionTable.TRACE_BLOCKS)) {
            return null;
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        if (caches == null || !caches.startsWith("/")) {
            String home = System.getenv("HOME");
            if (home == null || !home.startsWith("/")) {
                return null;
            }
            caches = home + "/.cache";
        }
        return caches + "/muninn/" + dist.substring(dist.lastIndexOf('/') + 1);
    }

    private static Tool tool(Options options, ReportFiles sinks, Messages messages) throws UsageError {
        if (options.analysis() != null) {
            try {
                return new ToolHost(options.analysis(), options.toolOptions(), options.command(), new ToolOutput(messages, System.getenv()));
            } catch (IllegalArgumentException e) {
                throw new UsageError(FAILED, e.getMessage());
            }
        }
        return switch (options.get(OptionTable.TOOL)) {
            case "none" -> new NoTool(messages);
            default -> memcheck(options, sinks);
        };
    }

    private static Tool memcheck(Options options, ReportFiles sinks) throws UsageError {
        if (!Processor.hasBmi2()) {
            throw new UsageError(FAILED, "Memcheck needs a processor with BMI2 (Haswell, Excavator or later); --tool=none does not.");
        }
        if (options.get(OptionTable.UNDEF_VALUE_ERRORS) && !Processor.hasFsBase()) {
            throw new UsageError(FAILED, "Following undefined values needs rdfsbase, which Linux has from 5.9 on;"
                    + " use --undef-value-errors=no.");
        }
        MemcheckOptions.LeakCheck leaks = switch (options.get(OptionTable.LEAK_CHECK)) {
            case "no" -> MemcheckOptions.LeakCheck.NO;
            case "summary" -> MemcheckOptions.LeakCheck.SUMMARY;
            default -> MemcheckOptions.LeakCheck.FULL;
        };
        if (options.get(OptionTable.XML)) {
            leaks = MemcheckOptions.LeakCheck.FULL;
        }
        MemcheckOptions report = MemcheckOptions.defaults().withVerbosity(Math.max(0, options.verbosity()))
                .withNumCallers((int) (long) options.get(OptionTable.NUM_CALLERS))
                .withErrorExitcode((int) (long) options.get(OptionTable.ERROR_EXITCODE))
                .withErrorLimit(options.get(OptionTable.ERROR_LIMIT) && !options.get(OptionTable.XML))
                .withDemangle(options.get(OptionTable.DEMANGLE))
                .withFullPathAfter(List.of(options.get(OptionTable.FULLPATH_AFTER)))
                .withSuppressions(suppressions(options))
                .withGenerateSuppressions(options.get(OptionTable.GEN_SUPPRESSIONS).equals("all"))
                .withExitOnFirstError(options.get(OptionTable.EXIT_ON_FIRST_ERROR))
                .withShowMismatchedFrees(options.get(OptionTable.SHOW_MISMATCHED_FREES))
                .withFailOn(MemcheckOptions.FailOn.valueOf(options.get(OptionTable.FAIL_ON).toUpperCase(Locale.ROOT)))
                .withLeakHeuristics(options.get(OptionTable.LEAK_CHECK_HEURISTICS))
                .withTrackOrigins(options.get(OptionTable.TRACK_ORIGINS))
                .withShowErrorList(options.get(OptionTable.SHOW_ERROR_LIST))
                .withLeakFrames(switch (options.get(OptionTable.LEAK_RESOLUTION)) {
                    case "low" -> 2;
                    case "med" -> 4;
                    default -> MemcheckOptions.ALL_FRAMES;
                })
                .withShowBelowMain(options.get(OptionTable.SHOW_BELOW_MAIN))
                .withLeakCheck(leaks)
                .withLeakKinds(kinds(options.get(OptionTable.SHOW_LEAK_KINDS)), kinds(options.get(OptionTable.ERRORS_FOR_LEAK_KINDS)));
        int[] below = OptionRules.belowStack(options);
        report = report.withAcceptedBelowStack(below[0], below[1]);
        String[] markers = Words.split(options.get(OptionTable.ERROR_MARKERS), ',');
        if (markers.length == 2) {
            report = report.withErrorMarkers(markers[0], markers[1]);
        }
        Map<String, Long> heap = Map.of("quarantineLimit", options.get(OptionTable.FREELIST_VOL),
                "bigBlock", options.get(OptionTable.FREELIST_BIG_BLOCKS), "redZone", Math.max(16, options.get(OptionTable.REDZONE_SIZE) + 15 & -16),
                "mallocFill", options.get(OptionTable.MALLOC_FILL), "freeFill", options.get(OptionTable.FREE_FILL));
        return new MemcheckTool(report, sinks, options.command(), heap, image(), options.get(OptionTable.UNDEF_VALUE_ERRORS),
                new Findings(OptionRules.reports(options), options.command(), baseline(options)));
    }

    /** Fingerprints of what was known before; {@code null} if that is not asked. */
    private static Set<String> baseline(Options options) throws UsageError {
        String file = options.get(OptionTable.BASELINE);
        if (file.isEmpty()) {
            return null;
        }
        try {
            return Findings.fingerprintsIn(Files.readString(Path.of(file)));
        } catch (IOException | InvalidPathException e) {
            throw new UsageError(FAILED, "FATAL: can't read the baseline \"" + file + "\"");
        }
    }

    /** Parts of a list with commas. */
    private static List<String> patterns(String list) {
        return list.isEmpty() ? List.of() : List.of(Words.split(list, ','));
    }

    private static Suppressions suppressions(Options options) throws UsageError {
        List<Suppression> entries = new ArrayList<>();
        for (String file : options.get(OptionTable.SUPPRESSIONS)) {
            try {
                entries.addAll(SuppressionFile.parse(file, Files.readString(Path.of(file))));
            } catch (SuppressionFile.Malformed e) {
                throw new UsageError(FAILED, "FATAL: " + e.getMessage());
            } catch (IOException | InvalidPathException e) {
                throw new UsageError(FAILED, "FATAL: can't open suppressions file \"" + file + "\"");
            }
        }
        return new Suppressions(entries);
    }

    /** The option's bits are in the order of its words, the report's in that of {@link LeakKind}. */
    private static int kinds(int option) {
        LeakKind[] words = {LeakKind.DEFINITE, LeakKind.INDIRECT, LeakKind.POSSIBLE, LeakKind.REACHABLE};
        int set = 0;
        for (int i = 0; i < words.length; i++) {
            if ((option & 1 << i) != 0) {
                set |= words[i].bit();
            }
        }
        return set;
    }

    /** What a build prepares once. */
    private static int buildDist(Path folder) {
        try {
            MemcheckImage.save(MemcheckImage.compile(), folder.resolve(IMAGE));
            return 0;
        } catch (IOException e) {
            System.err.println("muninn: cannot write the runtime image: " + e.getMessage());
            return FAILED;
        }
    }

    private static SystemImage image() {
        String dist = System.getProperty("muninn.dist");
        return dist == null ? MemcheckImage.compile() : MemcheckImage.load(Path.of(dist, IMAGE));
    }

    /** An option that is understood but has no effect yet is refused, unless it asks for what happens anyway. */
    private static <T> void refuse(Options options, Option<T> option, T supported) throws UsageError {
        if (!options.get(option).equals(supported)) {
            throw new UsageError(FAILED, "--" + option.name() + " is not supported by Muninn yet, but for the value " + supported);
        }
    }
}
