// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolizerTest {
    private static final String SOURCE = """
        #include <stdlib.h>
        namespace ns { struct Box { int v; __attribute__((noinline)) int get(int *p); }; }
        int ns::Box::get(int *p) { return v + *p; }
        static inline __attribute__((always_inline)) int inner(int *p) {
            return *(volatile int *) p * 3;
        }
        static inline __attribute__((always_inline)) int outer(int *p) {
            return inner(p) + 1;
        }
        int main(int c, char **) {
            ns::Box b{c};
            int *p = (int *) calloc(1, 4);
            int r = b.get(p);
            r += outer(p);
            free(p);
            return r - c - 1;
        }
        """;

    private static Path compile(Path home, String... options) throws Exception {
        Files.writeString(home.resolve("a.cpp"), SOURCE);
        List<String> command = new ArrayList<>(List.of("g++", "-o", "a", "a.cpp"));
        command.addAll(List.of(options));
        Commands.run(home, command.toArray(new String[0]));
        return home.resolve("a");
    }

    private static List<Long> codeOf(DebugObject object, String symbol) {
        List<Long> pcs = new ArrayList<>();
        for (Symbol s : object.file().symbols(false)) {
            if (s.name().equals(symbol)) {
                for (long pc = s.value(); pc < s.value() + s.size(); pc++) {
                    pcs.add(pc);
                }
            }
        }
        return pcs;
    }

    @ParameterizedTest
    @CsvSource({"-gdwarf-2,-O0", "-gdwarf-3,-O0", "-gdwarf-4,-O0", "-gdwarf-5,-O0", "-gdwarf-4,-O2", "-gdwarf-5,-O2",
        "-gz=zlib,-O2", "-gz=zlib-gnu,-O2"})
    void linesAndInlinedCallsOfEveryVersion(String dwarf, String level, @TempDir Path home) throws Exception {
        try (DebugObject object = new DebugObject(ElfFile.open(compile(home, "-g", dwarf, level)))) {
            Frame get = object.frames(codeOf(object, "_ZN2ns3Box3getEPi").get(0), 0).getFirst();
            assertThat(get.line()).isEqualTo(3);
            assertThat(get.file()).isEqualTo("a.cpp");
            assertThat(get.directory()).isEqualTo(home.toString());
            assertThat(get.function()).isIn("ns::Box::get(int*)", "_ZN2ns3Box3getEPi");
            List<String> chains = new ArrayList<>();
            for (long pc : codeOf(object, "main")) {
                StringBuilder chain = new StringBuilder();
                for (Frame frame : object.frames(pc, pc)) {
                    chain.append(frame.function()).append(':').append(frame.line()).append(' ');
                }
                chains.add(chain.toString());
            }
            assertThat(chains).contains("inner:5 outer:8 main:14 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"-gdwarf-4,-O0", "-gdwarf-5,-O0", "-gdwarf-4,-O2"})
    void linesAreThoseOfAddr2line(String dwarf, String level, @TempDir Path home) throws Exception {
        Path program = compile(home, "-g", dwarf, level);
        try (DebugObject object = new DebugObject(ElfFile.open(program))) {
            List<Long> pcs = codeOf(object, "main");
            List<String> command = new ArrayList<>(List.of("addr2line", "-i", "-a", "-e", program.toString()));
            StringBuilder ours = new StringBuilder();
            for (long pc : pcs) {
                command.add(Long.toHexString(pc));
                ours.append(String.format("0x%016x\n", pc));
                for (Frame frame : object.frames(pc, pc)) {
                    ours.append(frame.file()).append(':').append(frame.line()).append('\n');
                }
            }
            String theirs = Commands.run(home, command.toArray(new String[0])).replaceAll(" \\(discriminator \\d+\\)", "")
                .replaceAll("(?m)^/.*/", "");
            assertThat(ours.toString()).isEqualTo(theirs);
        }
    }

    @Test
    void namesAndLinesOfASeparateFileByLinkAndChecksum(@TempDir Path home) throws Exception {
        Path program = compile(home, "-g", "-Wl,--build-id=none");
        Commands.run(home, "objcopy", "--only-keep-debug", "a", "a.debug");
        Commands.run(home, "strip", "a");
        Commands.run(home, "objcopy", "--add-gnu-debuglink=a.debug", "a");
        long get;
        try (ElfFile debug = ElfFile.open(home.resolve("a.debug")); DebugObject names = new DebugObject(debug)) {
            get = codeOf(names, "_ZN2ns3Box3getEPi").get(0);
        }
        try (DebugObject object = new DebugObject(ElfFile.open(program))) {
            assertThat(object.frames(get, get).getFirst().line()).isEqualTo(3);
        }
        byte[] changed = Files.readAllBytes(home.resolve("a.debug"));
        changed[changed.length - 1]++;
        Files.write(home.resolve("a.debug"), changed);
        try (DebugObject object = new DebugObject(ElfFile.open(program))) {
            assertThat(object.frames(get, get).getFirst().line()).isZero();
        }
    }

    @Test
    void modulesComeAndGo(@TempDir Path home) throws Exception {
        DebugObject object = new DebugObject(ElfFile.open(compile(home, "-g")));
        long get = codeOf(object, "_ZN2ns3Box3getEPi").get(0);
        Symbolizer symbolizer = new Symbolizer();
        symbolizer.add(new Symbolizer.Module(0x5000_0000L, 0x5001_0000L, 0x5000_0000L, object));
        assertThat(symbolizer.frames(0x5000_0000L + get).getFirst().line()).isEqualTo(3);
        symbolizer.remove(0x5000_8000L, 0x5000_9000L);
        assertThat(symbolizer.frames(0x5000_0000L + get).getFirst().function()).isNull();
        object.close();
    }
}
