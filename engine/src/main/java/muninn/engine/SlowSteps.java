// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.Insn;

/** What a tool that follows definedness knows about instructions: the engine puts it into slow fragments. */
public interface SlowSteps {
    /**
     * The position-independent record that the step routine is given for this instruction, in the form of
     * {@link muninn.runtime.definedness.Descriptor}, with the template behind it if it has one.
     */
    byte[] descriptor(Insn insn);
}
