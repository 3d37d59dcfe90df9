// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.isa.Insn;

/** What a tool that follows definedness knows about instructions: the engine puts it into slow fragments. */
public interface SlowSteps {
    /**
     * What stands in a slow fragment for one instruction.
     *
     * @param saves code in front of the step, on the client's registers and without an effect on them: stores what the step wants to know
     * @param descriptor the position-independent record that the step routine is given, in the form of
     *     {@link muninn.runtime.definedness.Descriptor}, with the template behind it if it has one
     */
    record Step(byte[] saves, byte[] descriptor) {}

    Step step(Insn insn);
}
