// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import muninn.engine.ClientThread;
import muninn.linux.RemoteMemory;

/** Client requests (valgrind.h, memcheck.h) that have to do with the report of one client. */
final class ProgramRequests {
    private static final int REPLACES_MALLOC = 0x1003;
    private static final int GET_TOOLNAME = 0x1004;
    private static final int COUNT_ERRORS = 0x1201;
    private static final int PRINTF = 0x1403;
    private static final int PRINTF_BACKTRACE = 0x1404;
    private static final int MAP_IP_TO_SRCLOC = 0x1701;
    private static final int CHANGE_ERR_DISABLEMENT = 0x1801;
    private static final int DISCARD = 0x4d43_0003;
    private static final int DO_LEAK_CHECK = 0x4d43_0006;
    private static final int COUNT_LEAKS = 0x4d43_0007;
    private static final int CREATE_BLOCK = 0x4d43_000a;
    private static final int COUNT_LEAK_BLOCKS = 0x4d43_000c;
    private static final int ENABLE_ADDRESS_ERRORS = 0x4d43_000d;
    private static final int DISABLE_ADDRESS_ERRORS = 0x4d43_000e;
    private static final String TOOL = "memcheck";
    private static final int LONGEST_NAME = 256;
    private static final int SOURCE_BUFFER = 64;
    private static final int SOURCE_NAME = 49;

    /** A range of memory that the program has named. */
    private record NamedBlock(long address, long size, String name, long[] stack) {}

    private final RemoteMemory memory;
    private final MemcheckReport report;
    private final ClientLeaks leaks;
    private final StackSource contexts;
    private final StackNamer namer;
    private final List<NamedBlock> named = new ArrayList<>();
    /** Ranges without errors about addresses: {start, end}. */
    private final List<long[]> quiet = new ArrayList<>();
    /** By thread number: how often errors were switched off more than on. */
    private final Map<Integer, Long> disabled = new HashMap<>();

    ProgramRequests(RemoteMemory memory, MemcheckReport report, ClientLeaks leaks, StackSource contexts, StackNamer namer) {
        this.memory = memory;
        this.report = report;
        this.leaks = leaks;
        this.contexts = contexts;
        this.namer = namer;
    }

    /** Whether the thread wants no errors told now. */
    boolean isQuiet(int thread) {
        return disabled.getOrDefault(thread, 0L) > 0;
    }

    /** Whether errors about this address are not wanted. */
    boolean isQuiet(long address) {
        return quiet.stream().anyMatch(r -> address >= r[0] && address < r[1]);
    }

    /** The named range that holds the address, or {@code null}. */
    AddressDescription.InNamedBlock named(long address) {
        for (NamedBlock b : named) {
            if (b != null && address >= b.address && address < b.address + b.size) {
                return new AddressDescription.InNamedBlock(b.name, address - b.address, b.size, b.stack);
            }
        }
        return null;
    }

    /**
     * Serves a request.
     *
     * @param at address of number and arguments
     * @param stack of the thread
     * @param otherwise the answer of a request that is not served
     */
    long serve(ClientThread t, int number, long at, long[] stack, long otherwise) {
        long[] a = new long[6];
        for (int i = 1; i < a.length; i++) {
            a[i] = memory.getLong(at + 8L * i);
        }
        switch (number) {
            case REPLACES_MALLOC -> {
                return 1;
            }
            case GET_TOOLNAME -> {
                byte[] name = (TOOL + "\0").getBytes(StandardCharsets.UTF_8);
                memory.write(a[1], name, 0, (int) Math.min(name.length, Math.max(0, a[2])));
                return 0;
            }
            case COUNT_ERRORS -> {
                return report.errorsFound();
            }
            case PRINTF, PRINTF_BACKTRACE -> {
                String text = ClientFormat.text(memory, a[1], a[2]);
                report.message(t.number(), text, number == PRINTF ? null : stack);
                return text.length();
            }
            case MAP_IP_TO_SRCLOC -> {
                sourceLine(a[1], a[2]);
                return 0;
            }
            case CHANGE_ERR_DISABLEMENT -> {
                disabled.merge(t.number(), a[1], (before, by) -> Math.max(0, before + by));
                return 0;
            }
            case DISCARD -> {
                boolean known = a[2] >= 0 && a[2] < named.size() && named.get((int) a[2]) != null;
                if (known) {
                    named.set((int) a[2], null);
                }
                return known ? 0 : 1;
            }
            case DO_LEAK_CHECK -> {
                report.leakCheck(leaks.search(null, null), contexts, a[1] == 0, LeakDelta.of(a[2]));
                return 0;
            }
            case COUNT_LEAKS, COUNT_LEAK_BLOCKS -> {
                long[] counts = report.leakCounts(number == COUNT_LEAK_BLOCKS);
                for (int i = 0; i < counts.length; i++) {
                    memory.putLong(a[1 + i], counts[i]);
                }
                return 0;
            }
            case CREATE_BLOCK -> {
                return create(a[1], a[2], text(a[3]), stack);
            }
            case ENABLE_ADDRESS_ERRORS -> {
                loud(a[1], a[1] + a[2]);
                return 0;
            }
            case DISABLE_ADDRESS_ERRORS -> {
                quiet.add(new long[] {a[1], a[1] + a[2]});
                return 0;
            }
            default -> {
                report.unknownRequest(number & 0xffff_ffffL);
                return otherwise;
            }
        }
    }

    private long create(long address, long size, String name, long[] stack) {
        if (address == 0 || size == 0) {
            return -1;
        }
        NamedBlock block = new NamedBlock(address, size, name, stack);
        int free = named.indexOf(null);
        if (free >= 0) {
            named.set(free, block);
            return free;
        }
        named.add(block);
        return named.size() - 1;
    }

    /** Takes a range out of those without errors. */
    private void loud(long start, long end) {
        List<long[]> before = List.copyOf(quiet);
        quiet.clear();
        for (long[] r : before) {
            if (r[0] < Math.min(r[1], start)) {
                quiet.add(new long[] {r[0], Math.min(r[1], start)});
            }
            if (Math.max(r[0], end) < r[1]) {
                quiet.add(new long[] {Math.max(r[0], end), r[1]});
            }
        }
    }

    private String text(long address) {
        byte[] bytes = new byte[LONGEST_NAME];
        int n = address == 0 ? 0 : Math.max(0, memory.read(address, bytes, 0, bytes.length));
        int end = 0;
        while (end < n && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** Writes {@code file:line} of a pc, or an empty string. */
    private void sourceLine(long pc, long buffer) {
        FrameText frame = namer.name(new long[] {pc}).getFirst();
        ByteBuffer out = ByteBuffer.allocate(SOURCE_BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        if (frame.file() != null) {
            byte[] name = frame.file().getBytes(StandardCharsets.UTF_8);
            out.put(name, 0, Math.min(name.length, SOURCE_NAME));
            out.put((":" + frame.line()).getBytes(StandardCharsets.UTF_8));
        }
        memory.write(buffer, out.array(), 0, SOURCE_BUFFER);
    }
}
