// SPDX-License-Identifier: MIT
package muninn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageSinkTest {
    @TempDir
    Path directory;

    @Test
    void fileNameIsFilledInWhenTheClientExists() throws Exception {
        String template = directory + "/log-%p-%q{X}-%%";
        Options o = OptionParser.parse(List.of(), List.of("--log-file=" + template, "p"));
        byte[] text = "before\n".getBytes(StandardCharsets.UTF_8);
        try (MessageSink sink = MessageSink.log(o, Map.of("X", "a%b"))) {
            sink.write(text, 0, text.length);
            sink.open(42);
            sink.write(text, 0, text.length);
        }
        assertThat(Files.readString(directory.resolve("log-42-a%b-%"))).isEqualTo("before\nbefore\n");
    }

    @Test
    void wrongTemplates() {
        for (String bad : List.of("~/x", "", "a%z", "a%", "%q{UNSET}", "%q{open")) {
            assertThatThrownBy(() -> MessageSink.expand("--log-file=", bad, Map.of())).as(bad).isInstanceOf(UsageError.class);
        }
    }
}
