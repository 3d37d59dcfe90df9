// SPDX-License-Identifier: MIT
/** The compiler of system Java: class files in, x86-64 image out. */
module muninn.sysjavac {
    requires muninn.isa;
    requires transitive muninn.sysjava;
    exports muninn.sysjavac;
}
