// SPDX-License-Identifier: MIT
/** What people write analysis tools with, and what joins such tools to the engine. */
@SuppressWarnings("module")
module muninn.tool {
    requires muninn.engine;
    exports muninn.tool;
    exports muninn.tool.host to muninn.cli;
}
