// SPDX-License-Identifier: MIT
/** ELF, DWARF, symbols and unwinding. */
module muninn.debuginfo {
    requires transitive muninn.runtime;
    exports muninn.debuginfo;
}
