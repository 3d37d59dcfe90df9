// SPDX-License-Identifier: MIT
/** Valgrind's command line; the main class. */
module muninn.cli {
    requires muninn.memcheck;
    requires muninn.engine;
    requires muninn.tool;
    requires muninn.linux;
    uses muninn.tool.AnalysisTool;
}
