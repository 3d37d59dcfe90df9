// SPDX-License-Identifier: MIT
package muninn.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code /proc/pid/maps}. */
public final class ProcMaps {
    private ProcMaps() {}

    /** All mappings in ascending order; empty if the process is gone. */
    public static List<Mapping> of(int pid) {
        byte[] text = Syscall.readFile("/proc/".concat(Integer.toString(pid)).concat("/maps"));
        return text == null ? List.of() : parse(text);
    }

    /** Path of the program that a process executes; {@code null} if the process is gone. */
    public static String executable(int pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
        } catch (IOException e) {
            return null;
        }
    }

    /** Parses the text of such a file; a line that is cut off ends the list. */
    static List<Mapping> parse(byte[] text) {
        List<Mapping> out = new ArrayList<>(64);
        int[] at = {0};
        while (at[0] < text.length) {
            long start = hex(text, at);
            long end = hex(text, at);
            int p = at[0];
            if (p + 5 > text.length) {
                break;
            }
            boolean r = text[p] == 'r';
            boolean w = text[p + 1] == 'w';
            boolean x = text[p + 2] == 'x';
            boolean s = text[p + 3] == 's';
            at[0] = p + 5;
            long offset = hex(text, at);
            hex(text, at);
            hex(text, at);
            long inode = 0;
            int i = Math.min(at[0], text.length);
            while (i < text.length && text[i] >= '0' && text[i] <= '9') {
                inode = inode * 10 + text[i++] - '0';
            }
            while (i < text.length && text[i] == ' ') {
                i++;
            }
            int from = i;
            while (i < text.length && text[i] != '\n') {
                i++;
            }
            out.add(new Mapping(start, end, r, w, x, s, offset, inode, new String(text, from, i - from, StandardCharsets.UTF_8)));
            at[0] = i + 1;
        }
        return out;
    }

    /** Reads hexadecimal digits and passes the one separator behind them. */
    private static long hex(byte[] text, int[] at) {
        long v = 0;
        int i = at[0];
        for (; i < text.length; i++) {
            int d = Character.digit(text[i], 16);
            if (d < 0) {
                break;
            }
            v = v << 4 | d;
        }
        at[0] = i + 1;
        return v;
    }
}
