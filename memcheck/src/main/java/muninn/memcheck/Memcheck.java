// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** To be written. */
public final class Memcheck {
    private Memcheck() {}
}
