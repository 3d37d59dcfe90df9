// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import muninn.runtime.UnwindWalk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnwindTest {
    /** The compact rule at every place where it changes says what the full description says. */
    @ParameterizedTest
    @ValueSource(strings = {"gcc", "readelf", "sh", "gdb"})
    void compactRulesAgreeWithTheFullOnes(String tool) throws Exception {
        try (ElfFile file = ElfFile.open(Commands.tool(tool).toRealPath())) {
            CallFrames frames = CallFrames.ofLoaded(file);
            int[] table = UnwindTableBuilder.build(file);
            int stops = 0;
            for (int i = 0; i < table.length; i += 2) {
                long pc = file.lowestAddress() + (table[i] & 0xffff_ffffL);
                int at = frames.find(pc);
                int rule = table[i + 1];
                if (at < 0 || rule == 0) {
                    stops++;
                    continue;
                }
                FrameRow row = FrameRow.of(frames, at, pc);
                assertThat(row).isNotNull();
                int kind = rule & 3;
                if (kind == UnwindWalk.CFA_RSP || kind == UnwindWalk.CFA_RBP) {
                    assertThat(row.cfaRegister).isEqualTo(kind == UnwindWalk.CFA_RSP ? 7 : 6);
                    assertThat(row.cfaOffset).isEqualTo(UnwindWalk.offset(rule));
                    assertThat(row.kinds[FrameRow.RA]).isEqualTo(FrameRow.AT_CFA);
                    assertThat(row.values[FrameRow.RA]).isEqualTo(-8);
                    assertThat(row.kinds[6] == FrameRow.AT_CFA).isEqualTo(UnwindWalk.savedRbp(rule) != 0);
                    if (UnwindWalk.savedRbp(rule) != 0) {
                        assertThat(row.values[6]).isEqualTo(-UnwindWalk.savedRbp(rule));
                    }
                } else {
                    assertThat(row.cfaRegister).isEqualTo(-1);
                }
            }
            assertThat(stops).isLessThan(table.length / 8 + 64);
        }
    }

    /** A real stack, with a signal handler on it, as gdb sees it and as the unwinder does. */
    @Test
    void theUnwinderSeesWhatGdbSees(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("s.c"), """
            #include <signal.h>
            #include <stdlib.h>
            #include <alloca.h>
            volatile int sink;
            __attribute__((noinline)) void stop_here(void) { sink++; }
            __attribute__((noinline)) void handler(int s) { sink = s; stop_here(); sink = 1; }
            __attribute__((noinline)) int leaf(int n) { char *p = alloca(n); p[0] = 1; raise(SIGUSR1); return p[0]; }
            int compare(const void *a, const void *b) { return leaf(100) + *(char *) a - *(char *) b; }
            int main(void) { char t[2] = {2, 1}; signal(SIGUSR1, handler); qsort(t, 2, 1, compare); return 0; }
            """);
        Commands.run(home, "gcc", "-O2", "-g", "-fno-optimize-sibling-calls", "-no-pie", "-static", "-o", "s", "s.c");
        String text = Commands.run(home, "gdb", "-batch", "-nx", "-ex", "set debuginfod enabled off", "-ex",
            "set backtrace past-main on", "-ex", "handle SIGUSR1 nostop noprint pass", "-ex", "break stop_here", "-ex", "run",
            "-ex", "info registers", "-ex", "dump binary memory stack.bin $rsp $rsp+3000", "-ex",
            "dump binary memory stack.bin $rsp $rsp+4500", "-ex", "dump binary memory stack.bin $rsp $rsp+6000", "-ex", "bt", "./s");
        Path stack = home.resolve("stack.bin");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(stack), "gdb could not run the program");
        String[] names = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
            "r14", "r15", "rip"};
        long[] registers = new long[17];
        for (int i = 0; i < 17; i++) {
            Matcher m = Pattern.compile("(?m)^" + names[i] + "\\s+0x([0-9a-f]+)").matcher(text);
            assertThat(m.find()).isTrue();
            registers[i] = Long.parseUnsignedLong(m.group(1), 16);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(stack)).order(ByteOrder.LITTLE_ENDIAN);
        long low = registers[4];
        StackMemory memory = address -> {
            if (address < low || address + 8 > low + bytes.capacity()) {
                throw new StackMemory.Unreadable();
            }
            return bytes.getLong((int) (address - low));
        };
        try (DebugObject object = new DebugObject(ElfFile.open(home.resolve("s")))) {
            Symbolizer modules = new Symbolizer();
            modules.add(new Symbolizer.Module(0x400000, 0x800000, 0, object));
            List<String> ours = new ArrayList<>();
            for (long pc : new ControllerUnwinder(modules, memory).unwind(registers[16], java.util.Arrays.copyOf(registers, 16), 40)) {
                for (Frame frame : modules.frames(pc)) {
                    ours.add(frame.function());
                }
            }
            List<String> theirs = new ArrayList<>();
            Matcher m = Pattern.compile("(?m)^#\\d+\\s+(?:0x[0-9a-f]+ in )?(<signal handler called>|\\S+)").matcher(text);
            while (m.find()) {
                theirs.add(m.group(1));
            }
            // The restorer is never called: its return address minus one belongs to nobody.
            ours.replaceAll(name -> name == null ? "<signal handler called>" : name.replaceAll("\\.part\\..*", ""));
            theirs.replaceAll(name -> name.replaceAll("\\.part$", ""));
            assertThat(theirs).contains("<signal handler called>", "leaf", "compare", "main");
            assertThat(ours).startsWith(theirs.subList(0, theirs.indexOf("main") + 1).toArray(new String[0]));
        }
    }
}
