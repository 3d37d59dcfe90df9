// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfFileTest {
    @ParameterizedTest
    @ValueSource(strings = {"readelf", "gcc", "sh"})
    void dynamicSymbolsAreThoseOfReadelf(String tool) throws Exception {
        Path path = Commands.tool(tool).toRealPath();
        try (ElfFile file = ElfFile.open(path)) {
            Set<String> ours = new TreeSet<>();
            for (Symbol symbol : file.symbols(true)) {
                if (symbol.isDefined()) {
                    ours.add(String.format("%016x %s", symbol.value(), symbol.versionedName()));
                }
            }
            Set<String> theirs = new TreeSet<>();
            for (String line : Commands.run(Path.of("."), "readelf", "-W", "--dyn-syms", path.toString()).split("\n")) {
                String[] words = line.trim().split("\\s+");
                if (words.length >= 8 && words[0].endsWith(":") && !words[6].equals("UND") && !words[6].equals("Ndx")) {
                    // A number behind the version marks one that is needed (of a copied variable), not defined.
                    theirs.add(words[1] + " " + (words.length == 8 ? words[7] : words[7].substring(0, words[7].indexOf('@'))));
                }
            }
            assertThat(ours).isEqualTo(theirs);
        }
    }

    @Test
    void lookupsByNameFindWhatTheTableHolds() throws Exception {
        Path shell = Commands.tool("sh").toRealPath();
        String list = Commands.run(Path.of("."), "ldd", shell.toString());
        int at = list.indexOf("=> /");
        Path library = Path.of(list.substring(at + 3, list.indexOf(' ', at + 4)));
        try (ElfFile file = ElfFile.open(library)) {
            for (Symbol symbol : file.symbols(true)) {
                if (symbol.isDefined() && symbol.version() != null && symbol.type() != Symbol.STT_TLS) {
                    Symbol found = file.findDynamicSymbol(symbol.name() + "@" + symbol.version());
                    assertThat(found).as(symbol.versionedName()).isNotNull();
                    assertThat(found.value()).isEqualTo(symbol.value());
                }
            }
            assertThat(file.findDynamicSymbol("no_such_function_here")).isNull();
            assertThat(file.soname()).isEqualTo(library.getFileName().toString());
        }
    }

    @Test
    void whatIsNoElfFileIsRefusedWithTheReason(@TempDir Path home) throws Exception {
        Path text = Files.writeString(home.resolve("text"), "#!/bin/sh\nexit 0\n# long enough for a header, which is 64 bytes");
        assertThatThrownBy(() -> ElfFile.open(text)).isInstanceOf(ElfException.class).hasMessage("not an ELF file");
        assertThatThrownBy(() -> ElfFile.open(home)).isInstanceOf(ElfException.class).hasMessage("not a regular file");
        assertThatThrownBy(() -> ElfFile.open(home.resolve("none"))).isInstanceOf(ElfException.class)
            .hasMessage("no such file");
        assertThatThrownBy(() -> ElfFile.ofImage("empty", new byte[0])).isInstanceOf(ElfException.class);
    }

    /** Everything that is read of a file is asked of damaged copies: names may be lost, nothing else may happen. */
    @Test
    void damageNeverThrows(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("p.c"), "static inline int f(int x) { return x * 3; }\n"
            + "int main(int c, char **v) { return f(c) + v[0][0]; }\n");
        Commands.run(home, "gcc", "-g", "-O2", "-gdwarf-5", "-o", "p", "p.c");
        byte[] good = Files.readAllBytes(home.resolve("p"));
        Random random = new Random(7421);
        for (int round = 0; round < 1500; round++) {
            byte[] bad = round % 3 == 0 ? java.util.Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int i = 0; i < 1 + round % 40 && bad.length > 0; i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            useAll(bad);
        }
    }

    private static void useAll(byte[] image) {
        ElfFile file;
        try {
            file = ElfFile.ofImage("image", image);
        } catch (ElfException e) {
            return;
        }
        try (DebugObject object = new DebugObject(file)) {
            file.findDynamicSymbol("main");
            file.symbols(true);
            file.interpreter();
            file.soname();
            UnwindTableBuilder.build(file);
            for (long pc = 0x1000; pc < 0x1200; pc += 16) {
                assertThat(object.frames(pc, pc)).isNotEmpty();
                object.row(pc);
            }
        }
    }
}
