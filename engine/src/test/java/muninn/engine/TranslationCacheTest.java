// SPDX-License-Identifier: MIT
package muninn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Translations moved to another distance, saved, read back, and damaged. */
class TranslationCacheTest {
    private static final long NEAR = -0x100_0000L;
    private static final long FAR = 0x4000_0000L;
    private static final int FRAGMENTS = 500;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void movedCodeIsTheCodeOfTheOtherPlace(boolean checks) {
        TranslatedText near = new TranslatedText(NEAR, checks, FRAGMENTS);
        TranslatedText far = new TranslatedText(FAR, checks, FRAGMENTS);
        assertThat(near.bytes().mismatch(far.bytes())).isNotEqualTo(-1);

        ModuleCode moved = at(FAR, TranslationCache.copyOf(near.arena.code));

        assertThat(moved.used()).isEqualTo(far.arena.used());
        assertThat(moved.bytes.asSlice(0, moved.used()).mismatch(far.bytes())).isEqualTo(-1);
        assertThat(moved.tables()).isDeepEqualTo(far.arena.code.tables());
    }

    private static ModuleCode at(long distance, TranslationCache.Saved saved) {
        MemorySegment bytes = java.lang.foreign.Arena.ofAuto().allocate(saved.code().byteSize() + (1 << 20), 4096);
        ModuleCode out = new ModuleCode("key", distance, 1 << 20, bytes, Change.BY_SYSTEM_CALL, saved.tables());
        MemorySegment.copy(saved.code(), 0, bytes, 0, saved.code().byteSize());
        out.loaded((int) saved.code().byteSize());
        out.relocate(saved.distance());
        return out;
    }

    @Test
    void savedCodeComesBackWithItsTables() {
        ModuleCode code = new TranslatedText(NEAR, true, FRAGMENTS).arena.code;
        save(code);

        TranslationCache.Saved saved = cache().load("key");

        assertThat(saved.distance()).isEqualTo(NEAR);
        ModuleCode back = at(NEAR, saved);
        assertThat(back.tables()).isDeepEqualTo(code.tables());
        assertThat(back.bytes.asSlice(0, back.used()).mismatch(code.bytes.asSlice(0, code.used()))).isEqualTo(-1);
        assertThat(back.grown()).isZero();
        // and can be added to
        back.addFragment(3, 8);
        assertThat(back.fragment(3)).isEqualTo(8);
    }

    private TranslationCache cache() {
        return new TranslationCache(folder.resolve("cache").toString(), "prefix");
    }

    private Path save(ModuleCode code) {
        TranslationCache cache = cache();
        cache.add(code);
        cache.save();
        try (var files = Files.list(folder.resolve("cache"))) {
            return files.findFirst().orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anotherKeyFindsNothing() {
        save(new TranslatedText(NEAR, false, FRAGMENTS).arena.code);
        assertThat(cache().load("other")).isNull();
    }

    @Test
    void damagedFilesAreAsGoodAsAbsent() throws IOException {
        Path file = save(new TranslatedText(NEAR, false, 20).arena.code);
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(7421);
        for (int i = 0; i < 200; i++) {
            byte[] bad = good.clone();
            // The first tries hit the head, which is the likeliest to mislead.
            int at = i < 100 ? random.nextInt(80) : random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            assertThat(cache().load("key")).as("byte %d", at).isNull();
        }
        Files.write(file, java.util.Arrays.copyOf(good, good.length - 8));
        assertThat(cache().load("key")).isNull();
        Files.write(file, good);
        assertThat(cache().load("key")).isNotNull();
    }

    @Test
    void filesThatOthersCanWriteAreNotUsed() throws IOException {
        Path file = save(new TranslatedText(NEAR, false, 20).arena.code);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(cache().load("key")).isNull();
    }

    @Test
    void nothingIsSavedWhereOthersCanWrite() throws IOException {
        Files.createDirectory(folder.resolve("cache"));
        Files.setPosixFilePermissions(folder.resolve("cache"), PosixFilePermissions.fromString("rwxrwxrwx"));
        TranslationCache cache = cache();
        cache.add(new TranslatedText(NEAR, false, FRAGMENTS).arena.code);
        cache.save();
        try (var files = Files.list(folder.resolve("cache"))) {
            assertThat(files).isEmpty();
        }
    }
}
