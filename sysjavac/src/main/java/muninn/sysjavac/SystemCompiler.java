// SPDX-License-Identifier: MIT
package muninn.sysjavac;

/** To be written. */
public final class SystemCompiler {
    private SystemCompiler() {}
}
