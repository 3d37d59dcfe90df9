// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/** To be written. */
public final class DebugFiles {
    private DebugFiles() {}
}
