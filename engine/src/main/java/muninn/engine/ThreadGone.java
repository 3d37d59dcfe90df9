// SPDX-License-Identifier: MIT
package muninn.engine;

/** A client thread has ended, with its process, while it worked for us: nobody waits for the answer any more. */
final class ThreadGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    ThreadGone(ClientThread t) {
        super("thread " + t.tid + " ended while it worked for us", null, false, false);
    }
}
