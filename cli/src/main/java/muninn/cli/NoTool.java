// SPDX-License-Identifier: MIT
package muninn.cli;

import muninn.engine.AddressSpace;
import muninn.engine.Tool;

/** {@code --tool=none}: the program runs in the cache and nothing is looked at. */
final class NoTool implements Tool {
    private final Messages messages;

    NoTool(Messages messages) {
        this.messages = messages;
    }

    @Override
    public boolean usesShadow() {
        return false;
    }

    @Override
    public String codeKey() {
        return "none";
    }

    @Override
    public void started(AddressSpace space, AddressSpace parent) {
        if (parent == null) {
            messages.begin(space.pid(), "Nothing, the tool that only runs the program");
        }
    }

    @Override
    public void ended(AddressSpace space, int status) {
        messages.line(space.pid(), "");
    }
}
