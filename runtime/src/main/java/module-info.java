// SPDX-License-Identifier: MIT
/** System-Java source that runs inside the client, and the layouts it shares with the controller. */
module muninn.runtime {
    requires transitive muninn.sysjava;
    exports muninn.runtime;
    exports muninn.runtime.definedness;
}
