// SPDX-License-Identifier: MIT
package muninn.engine;

/** The tool itself cannot go on; the message says what happened and is shown as ours, not the client's. */
public final class EngineFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public EngineFailure(String message) {
        super(message);
    }

    EngineFailure(Throwable cause) {
        super(String.valueOf(cause), cause);
    }
}
