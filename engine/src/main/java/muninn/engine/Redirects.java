// SPDX-License-Identifier: MIT
package muninn.engine;

/** Which client addresses are functions that the runtime replaces. */
public interface Redirects {
    Redirects NONE = client -> 0;

    /** The number of the replacement for the function that starts at {@code client}, or 0. */
    int functionAt(long client);
}
