// SPDX-License-Identifier: MIT
package muninn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionSourcesTest {
    @TempDir
    Path home;
    @TempDir
    Path here;

    @Test
    void homeThenVariableThenDirectory() throws Exception {
        Files.writeString(home.resolve(".valgrindrc"), "-v\n");
        Files.writeString(here.resolve(".valgrindrc"), "-q");
        assertThat(OptionSources.read(Map.of("HOME", home.toString(), "VALGRIND_OPTS", "'--log-file=a b'"), here))
                .containsExactly("-v", "--log-file=a b", "-q");
        assertThat(OptionSources.read(Map.of("HOME", home.toString()), home)).as("home is read once").containsExactly("-v");
        assertThat(OptionSources.read(Map.of(), home)).containsExactly("-v");
    }

    @Test
    void fileWritableByOthersIsNotRead() throws Exception {
        Path file = here.resolve(".valgrindrc");
        Files.writeString(file, "--foo");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(OptionSources.read(Map.of(), here)).isEmpty();
    }

    @Test
    void openQuote() {
        assertThatThrownBy(() -> OptionSources.read(Map.of("VALGRIND_OPTS", "\""), here)).isInstanceOf(UsageError.class);
    }
}
