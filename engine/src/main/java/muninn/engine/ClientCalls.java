// SPDX-License-Identifier: MIT
package muninn.engine;

/** Makes a waiting client thread do system calls for us. */
interface ClientCalls {
    /** The kernel's result, a negative errno on failure. */
    long call(ClientThread waiting, long nr, long a, long b, long c, long d, long e, long f);
}
