// SPDX-License-Identifier: MIT
package muninn.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class InsnTableTest {
    /** If this fails, run TableCompiler.main in the directory of the module. */
    @Test
    void compiledTableIsThatOfTheText() throws IOException {
        assertThat(Files.readAllBytes(TableCompiler.TARGET)).isEqualTo(TableCompiler.compile(TableCompiler.SOURCE));
    }
}
