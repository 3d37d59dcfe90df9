// SPDX-License-Identifier: MIT
/** The engine: client bytes to fragments, processes, threads, signals. */
module muninn.engine {
    requires transitive muninn.isa;
    requires transitive muninn.linux;
    requires transitive muninn.runtime;
    requires muninn.sysjavac;
    requires transitive muninn.debuginfo;
    exports muninn.engine;
}
