// SPDX-License-Identifier: MIT
package muninn.engine;

/** To be written. */
public final class Engine {
    private Engine() {}
}
