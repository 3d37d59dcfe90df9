// SPDX-License-Identifier: MIT
package muninn.engine;

import muninn.linux.Mapping;

/** How the code in a mapping can become other code. */
enum Change {
    /** By system calls only, which the controller sees: the pages of a file, which cannot be written. They are read once. */
    BY_SYSTEM_CALL,
    /** At any moment, by a store or through another mapping: every block checks its own bytes when it is entered. */
    ANY_TIME;

    static Change of(Mapping module) {
        boolean kernel = module.path().startsWith("[v");
        return !kernel && (module.writable() || module.shared() || module.inode() == 0) ? ANY_TIME : BY_SYSTEM_CALL;
    }
}
