// SPDX-License-Identifier: MIT
package muninn.tool.host;

/** A tool has thrown an exception: says which tool, and in which of its methods. */
public final class ToolFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    ToolFailure(String tool, String method, RuntimeException cause) {
        super("the tool " + tool + " failed in Analysis." + method + ": " + cause.getMessage(), cause);
    }
}
