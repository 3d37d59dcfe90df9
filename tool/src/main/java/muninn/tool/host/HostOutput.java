// SPDX-License-Identifier: MIT
package muninn.tool.host;

/** Where the output of a tool goes. */
public interface HostOutput {
    /** The first process exists: says who is speaking, once. */
    void begin(int pid, String title);

    void line(int pid, String text);

    /**
     * A file name with its percent signs replaced.
     *
     * @throws IllegalArgumentException if it cannot be; the message is for the user
     */
    String fileName(String pattern, int pid);
}
