// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import muninn.engine.AddressSpace;
import muninn.engine.ClientThread;
import muninn.engine.Redirects;
import muninn.engine.RuntimeImage;
import muninn.engine.RuntimeStubs;
import muninn.engine.SlowSteps;
import muninn.engine.Tool;
import muninn.linux.Mapping;
import muninn.linux.ProcMaps;
import muninn.linux.Syscall;
import muninn.runtime.AddressMap;
import muninn.runtime.ClientRequests;
import muninn.runtime.Heap;
import muninn.runtime.HeapCalls;
import muninn.runtime.Shadow;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.StringCalls;
import muninn.memcheck.definedness.Descriptors;
import muninn.memcheck.definedness.ParameterTable;
import muninn.memcheck.findings.Findings;
import muninn.memcheck.definedness.SyscallTable;
import muninn.runtime.ThreadArea;
import muninn.runtime.definedness.Origins;
import muninn.runtime.definedness.Reports;
import muninn.runtime.definedness.SyscallChecks;
import muninn.sysjavac.SystemImage;

/** Memcheck in the controller: joins the engine's events, the client's tables and the report. */
public final class MemcheckTool implements Tool {
    private static final int SIGKILL = 9;
    private static final int RSP = 4;
    private static final int RBP = 5;
    private static final int MAIN_STACK = 8 << 20;
    /** The C library's string functions load vectors of any alignment beyond the string and ignore what lies there. */
    private static final int VECTOR = 16;
    /** Low bits of an access event: read, write. */
    private static final int EVENT_READ = 1;

    private final MemcheckOptions options;
    private final ReportSinks sinks;
    private final Findings findings;
    private final List<String> command;
    private final SystemImage image;
    private final Map<String, Long> heapSettings;
    private final long[] unwindUsed = new long[1];
    /** {@code null} with --undef-value-errors=no. */
    private final SlowSteps steps;
    private final byte[] syscalls = SyscallTable.bytes();
    private final ParameterTable parameters = new ParameterTable();
    private MemcheckReport first;
    /** The program is being ended because of its first error. */
    private boolean ended;

    /** What belongs to one process. */
    private static final class Client {
        ClientModules modules;
        ClientHeap heap;
        ClientPlaces places;
        ClientLeaks leaks;
        MemcheckReport report;
        ProgramRequests requests;
        boolean finished;
        boolean throwsBadAlloc;
        boolean knowsLowerCase;
    }

    /**
     * @param sinks where reports go
     * @param heapSettings start values of static fields of {@link Heap}, by name
     * @param definedness undefined values are followed and reported
     * @param findings gathers what all processes' reports say
     */
    public MemcheckTool(MemcheckOptions options, ReportSinks sinks, List<String> command, Map<String, Long> heapSettings, SystemImage image,
            boolean definedness, Findings findings) {
        this.findings = findings;
        steps = definedness ? new Descriptors(Processor.hasVectors512()) : null;
        this.options = options;
        this.sinks = sinks;
        this.command = command;
        this.heapSettings = heapSettings;
        this.image = image;
    }

    @Override
    public boolean usesShadow() {
        return true;
    }

    @Override
    public String codeKey() {
        return steps == null ? "memcheck addressability" : "memcheck " + (Processor.hasVectors512() ? 512 : 256);
    }

    @Override
    public SlowSteps steps() {
        return steps;
    }

    @Override
    public RuntimeImage image() {
        return MemcheckImage.runtime(image, steps != null);
    }

    private static Client of(AddressSpace space) {
        return (Client) space.toolState();
    }

    @Override
    public Redirects redirects(AddressSpace space) {
        Client c = new Client();
        c.modules = new ClientModules(space.memory(), space.unwind(), unwindUsed);
        c.heap = new ClientHeap(space.memory(), image, heapSettings.getOrDefault("redZone", 16L));
        c.places = new ClientPlaces(space, c.heap, c.modules);
        c.leaks = new ClientLeaks(space, c.heap, c.modules, options.leakHeuristics());
        space.setToolState(c);
        return c.modules;
    }

    @Override
    public void started(AddressSpace space, AddressSpace parent) {
        Client c = of(space);
        ReportSinks.Sink sink = sinks.of(space.pid(), parent != null);
        XmlOutput.Head xml = sinks.xml(space.pid());
        c.report = xml == null ? new MemcheckReport(options, new TextOutput(sink.stream(), space.pid()), c.modules, c.places, findings, space.pid())
                : new MemcheckReport(options, new XmlOutput(sink.stream(), xml), c.modules, c.places, findings, space.pid());
        findings.program(ProcMaps.executable(space.pid()));
        c.requests = new ProgramRequests(space.memory(), c.report, c.leaks, c.heap, c.modules);
        c.places.named(c.requests);
        if (parent == null) {
            set(space, "HeapCalls.maxFrames", options.numCallers());
            heapSettings.forEach((field, value) -> set(space, "Heap." + field, value));
            set(space, "HeapCalls.farBelow", options.acceptedFarBelowStack());
            set(space, "HeapCalls.nearBelow", options.acceptedNearBelowStack());
            set(space, "Heap.undefinedContents", steps == null ? 0 : 1);
            set(space, "definedness/Origins.on", options.trackOrigins() ? 1 : 0);
            space.memory().write(AddressMap.SYSCALLS_BASE, syscalls, 0, syscalls.length);
            byte[] checks = parameters.bytes();
            space.memory().write(SyscallChecks.TABLE, checks, 0, checks.length);
        } else {
            c.modules.copyFrom(of(parent).modules);
            // Another thread of the parent may have held it; that thread does not exist here.
            byte[] free = new byte[4];
            space.memory().write(Heap.LOCK_ADDRESS, free, 0, 4);
        }
        if (sink.fresh()) {
            c.report.preamble(first == null ? command : commandLine(space.pid()));
        }
        if (first == null) {
            first = c.report;
        }
    }

    /** What a process executes, as it was called. */
    private static List<String> commandLine(int pid) {
        byte[] all = Syscall.readFile("/proc/" + pid + "/cmdline");
        String text = all == null ? "" : new String(all, StandardCharsets.UTF_8);
        return text.isEmpty() ? List.of("?") : List.of(text.split("\0"));
    }

    private void set(AddressSpace space, String field, long value) {
        int at = MemcheckImage.field(image, field);
        if (at >= 0) {
            space.memory().putLong(RuntimeStubs.IMAGE + at, value);
        }
    }

    @Override
    public void mapped(AddressSpace space, Mapping module) {
        Client c = of(space);
        c.modules.add(module);
        if (!c.throwsBadAlloc) {
            long thrower = c.modules.find("_ZSt17__throw_bad_allocv");
            c.throwsBadAlloc = thrower != 0;
            set(space, "HeapCalls.throwBadAlloc", thrower);
        }
        if (!c.knowsLowerCase) {
            long function = c.modules.find(LowerCase.FUNCTION);
            c.knowsLowerCase = function != 0;
            byte[] code = new byte[LowerCase.LENGTH];
            if (function != 0 && space.memory().read(function, code, 0, code.length) == code.length) {
                LowerCase lower = LowerCase.read(function, code);
                set(space, "StringCalls.lowerSlot", lower.slot());
                set(space, "StringCalls.lowerOffset", lower.offset());
            }
        }
    }

    private void report(ClientThread t, MemoryError error) {
        report(t, error, false);
    }

    /** @param undefined the error is about an undefined value, whose origin is in the thread's area */
    private void report(ClientThread t, MemoryError error, boolean undefined) {
        if (of(t.space()).requests.isQuiet(t.number())) {
            return;
        }
        MemcheckReport report = of(t.space()).report;
        report.error(error, () -> undefined && options.trackOrigins() ? origin(t) : null);
        if (options.exitOnFirstError() && report.errorsFound() > 0 && !ended) {
            ended = true;
            report.exitsOnFirstError();
            Syscall.kill(t.space().pid(), SIGKILL);
        }
    }

    /** What the runtime's number for an origin stands for, or {@code null}. */
    private static Origin origin(ClientThread t) {
        Client c = of(t.space());
        long origin = t.slot(ShadowRegisters.ORIGIN);
        long value = origin & (1L << Origins.KIND_SHIFT) - 1;
        return switch ((int) (origin >>> Origins.KIND_SHIFT)) {
            case Origins.HEAP -> {
                HeapBlock block = c.heap.block(value);
                yield block == null ? null : new Origin(Origin.Kind.HEAP, block.allocStack());
            }
            case Origins.STACK -> new Origin(Origin.Kind.STACK, new long[] {c.modules.functionStart(value)});
            case Origins.CLIENT -> new Origin(Origin.Kind.CLIENT, c.heap.stack((int) value));
            default -> null;
        };
    }

    private long[] stack(ClientThread t, long pc) {
        long[] ends = new long[options.numCallers()];
        long[] pcs = of(t.space()).modules.stack(pc, t.slot(ThreadArea.gpr(RSP)), t.slot(ThreadArea.gpr(RBP)), options.numCallers(), ends);
        of(t.space()).places.at(pcs, ends);
        return pcs;
    }

    @Override
    public void request(ClientThread t, int kind) {
        Client c = of(t.space());
        long a = t.arg(0);
        switch (kind) {
            case HeapCalls.REQUEST_BAD_ACCESS -> access(t, c, a, (int) t.arg(1) >>> 2, ((int) t.arg(1) & EVENT_READ) != 0, t.arg(3) != 0);
            case HeapCalls.REQUEST_BAD_FREE, HeapCalls.REQUEST_BAD_REALLOC ->
                report(t, new MemoryError.InvalidFree(t.number(), functionStack(t, t.arg(2)), a));
            case HeapCalls.REQUEST_MISMATCH ->
                report(t, new MemoryError.MismatchedFree(t.number(), functionStack(t, t.arg(2)), a));
            case HeapCalls.REQUEST_FISHY ->
                report(t, new MemoryError.FishyValue(t.number(), functionStack(t, t.arg(2)), functionName(c, t.arg(2)), "size", a));
            case StringCalls.REQUEST_ACCESS -> {
                long[] stack = functionStack(t, t.arg(2));
                int size = (int) t.arg(1) >>> 2;
                report(t, ((int) t.arg(1) & EVENT_READ) != 0 ? new MemoryError.InvalidRead(t.number(), stack, a, size)
                        : new MemoryError.InvalidWrite(t.number(), stack, a, size));
            }
            case StringCalls.REQUEST_CONDITION ->
                report(t, new MemoryError.UndefinedCondition(t.number(), functionStack(t, t.arg(2))), true);
            case StringCalls.REQUEST_OVERLAP -> report(t, new MemoryError.Overlap(t.number(), functionStack(t, t.arg(2)),
                    StringFunctions.name((int) a), t.arg(1), t.arg(3), t.slot(ThreadArea.SPILL_3)));
            case SyscallChecks.REQUEST_PARAMETER -> report(t, new MemoryError.SyscallParam(t.number(), stack(t, t.arg(2)), parameters.name(a),
                    t.arg(1), (t.arg(3) & SyscallChecks.IN_MEMORY) != 0, (t.arg(3) & SyscallChecks.UNDEFINED) != 0),
                    (t.arg(3) & SyscallChecks.UNDEFINED) != 0);
            case ClientRequests.REQUEST_BAD_BLOCK -> report(t, new MemoryError.InvalidFree(t.number(), stack(t, t.arg(2)), a));
            case ClientRequests.REQUEST_MISMATCHED_BLOCK -> report(t, new MemoryError.MismatchedFree(t.number(), stack(t, t.arg(2)), a));
            case ClientRequests.REQUEST_BAD_POOL -> report(t, new MemoryError.InvalidPool(t.number(), stack(t, t.arg(2)), a));
            case ClientRequests.REQUEST_CLIENT -> t.value(0, c.requests.serve(t, (int) a, t.arg(1), stack(t, t.arg(2)), t.arg(3)));
            case ClientRequests.REQUEST_CHECK ->
                report(t, new MemoryError.ClientCheck(t.number(), stack(t, t.arg(2)), a, t.arg(1) != 0), t.arg(1) != 0);
            case Reports.REQUEST_CONDITION ->
                report(t, new MemoryError.UndefinedCondition(t.number(), stack(t, t.space().clientPc(t.arg(2)))), true);
            case Reports.REQUEST_VALUE ->
                report(t, new MemoryError.UndefinedValue(t.number(), stack(t, t.space().clientPc(t.arg(2))), (int) a), true);
            default -> throw new IllegalArgumentException("request " + kind);
        }
    }

    /** An access of which at least one byte must not be touched. */
    private void access(ClientThread t, Client c, long address, int size, boolean read, boolean belowStack) {
        if (c.requests.isQuiet(address)) {
            return;
        }
        int bad = read ? badBytes(t, address, size) : 0;
        long pc = t.space().clientPc(t.arg(2));
        if (read && !belowStack && (AccessPolicy.isHarmlessLoad(address, size, bad)
                || size >= VECTOR && c.modules.isCLibrary(pc))) {
            return;
        }
        long[] stack = stack(t, t.space().clientPc(t.arg(2)));
        if (read) {
            report(t, new MemoryError.InvalidRead(t.number(), stack, address, size));
            return;
        }
        int piece = AccessPolicy.storePiece(size);
        for (int at = 0; at < size; at += piece) {
            if (belowStack || badBytes(t, address + at, piece) > 0) {
                report(t, new MemoryError.InvalidWrite(t.number(), stack, address + at, piece));
            }
        }
    }

    private static int badBytes(ClientThread t, long address, int size) {
        byte[] shadow = new byte[size / 4 + 2];
        t.space().memory().read(AddressMap.SHADOW_BASE + (address >>> 2), shadow, 0, shadow.length);
        int bad = 0;
        for (int i = 0; i < size; i++) {
            int at = (int) (address & 3) + i;
            if ((shadow[at >> 2] >> (at & 3) * 2 & 3) == Shadow.NOACCESS) {
                bad++;
            }
        }
        return bad;
    }

    private static String functionName(Client c, long pc) {
        return c.modules.name(new long[] {pc}).getFirst().function();
    }

    /** The stack of a replaced function: at its entry the return address is on top. */
    private long[] functionStack(ClientThread t, long function) {
        long sp = t.slot(ThreadArea.gpr(RSP));
        long caller = t.space().memory().getLong(sp) - 1;
        int most = Math.max(1, options.numCallers() - 1);
        long[] callers = new long[most];
        long[] rest = of(t.space()).modules.stack(caller, sp + 8, t.slot(ThreadArea.gpr(RBP)), most, callers);
        long[] out = new long[rest.length + 1];
        out[0] = function;
        System.arraycopy(rest, 0, out, 1, rest.length);
        long[] ends = new long[most + 1];
        ends[0] = sp + 8;
        System.arraycopy(callers, 0, ends, 1, most);
        of(t.space()).places.at(out, ends);
        return out;
    }

    @Override
    public long[] functionsBeforeExit(AddressSpace space) {
        long cxx = of(space).modules.find("_ZN9__gnu_cxx9__freeresEv");
        long c = of(space).modules.find("__libc_freeres");
        return cxx == 0 ? c == 0 ? new long[0] : new long[] {c} : c == 0 ? new long[] {cxx} : new long[] {cxx, c};
    }

    @Override
    public void accessFault(ClientThread t, long pc, long[] state, long address, int size, boolean write) {
        Client c = of(t.space());
        long[] stack = c.modules.stack(pc, state[RSP], state[RBP], options.numCallers());
        report(t, size == 0 ? new MemoryError.InvalidJump(t.number(), stack, address)
                : write ? new MemoryError.InvalidWrite(t.number(), stack, address, size)
                : new MemoryError.InvalidRead(t.number(), stack, address, size));
    }

    @Override
    public void exiting(ClientThread t) {
        finish(t, null);
    }

    @Override
    public void dying(ClientThread t, int signal, long pc, long[] state, byte[] info) {
        Client c = of(t.space());
        int code = intAt(info, 8);
        long address = intAt(info, 16) & 0xffff_ffffL | (long) intAt(info, 20) << 32;
        long[] stack = c.modules.stack(pc, state[RSP], state[RBP], options.numCallers());
        c.report.fatal(new FatalSignal(stack, signal, code, address, MAIN_STACK, false), t.number());
        finish(t, state);
    }

    private static int intAt(byte[] b, int at) {
        return b[at] & 0xff | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | b[at + 3] << 24;
    }

    /** The end of a process's report; {@code registers} of the dying thread, if that is why. */
    private void finish(ClientThread t, long[] registers) {
        Client c = of(t.space());
        if (c.finished) {
            return;
        }
        c.finished = true;
        HeapTotals totals = c.heap.totals();
        c.report.finish(totals, c.report.wantsLeakSearch(totals) ? c.leaks.search(t, registers) : null, c.heap);
    }

    @Override
    public int finalStatus(int status) {
        findings.finish();
        if (ended) {
            return options.errorExitcode() << 8;
        }
        if (first == null || (status & 0x7f) != 0) {
            return status;
        }
        return switch (options.failOn()) {
            case ANY -> first.exitStatus(status >> 8 & 0xff) << 8;
            case NEW -> options.errorExitcode() != 0 && findings.newErrors() > 0 ? options.errorExitcode() << 8 : status;
            case NONE -> status;
        };
    }
}
