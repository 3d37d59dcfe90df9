// SPDX-License-Identifier: MIT
package muninn.tool;

import java.util.List;

/** Instructions that follow one another in memory; only the last one may lead elsewhere. They are executed as a whole, unless one faults. */
public interface Block {
    /** At least one. */
    List<Instruction> instructions();

    /** Address of the first instruction. */
    default long address() {
        return instructions().getFirst().address();
    }
}
