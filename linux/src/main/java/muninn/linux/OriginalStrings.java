// SPDX-License-Identifier: MIT
package muninn.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * The arguments and the environment of this process as the bytes that the kernel was given. Java's own strings lose what is no
 * text in the locale's encoding, and its environment loses entries without "=" and repeated names.
 */
public final class OriginalStrings {
    private OriginalStrings() {}

    /** All environment strings in order; {@code null} if /proc cannot be read. */
    public static List<byte[]> environment() {
        byte[] all = Syscall.readFile("/proc/self/environ");
        return all == null ? null : split(all);
    }

    /**
     * The last {@code count} arguments of this process.
     *
     * @param count length of the array that {@code main} received
     * @return {@code null} if /proc cannot be read or holds fewer
     */
    public static List<byte[]> arguments(int count) {
        byte[] all = Syscall.readFile("/proc/self/cmdline");
        if (all == null) {
            return null;
        }
        List<byte[]> list = split(all);
        return list.size() < count ? null : list.subList(list.size() - count, list.size());
    }

    /** Strings that each end with a zero byte; what lies behind the last zero is one more. */
    static List<byte[]> split(byte[] all) {
        List<byte[]> out = new ArrayList<>(64);
        int from = 0;
        for (int i = 0; i <= all.length; i++) {
            if (i == all.length ? from < i : all[i] == 0) {
                byte[] one = new byte[i - from];
                System.arraycopy(all, from, one, 0, one.length);
                out.add(one);
                from = i + 1;
            }
        }
        return out;
    }
}
