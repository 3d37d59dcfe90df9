// SPDX-License-Identifier: MIT
/** The memory checker: heap errors, leaks, and their reports. */
module muninn.memcheck {
    requires transitive muninn.engine;
    requires transitive muninn.sysjavac;
    exports muninn.memcheck;
    exports muninn.memcheck.findings;
}
