// SPDX-License-Identifier: MIT
package muninn.engine;

/** Makes a waiting client thread do things for us. */
interface ClientCalls {
    /** A system call: the kernel's result, a negative errno on failure. */
    long call(ClientThread waiting, long nr, long a, long b, long c, long d, long e, long f);

    /** Lets the tracer work for a moment, in which other threads may stop, be born and end. */
    void pause(ClientThread waiting);

    /** Stores two longs, the first before the second, each of them at once for all other threads. */
    void store(ClientThread waiting, long address, long value, long address2, long value2);
}
