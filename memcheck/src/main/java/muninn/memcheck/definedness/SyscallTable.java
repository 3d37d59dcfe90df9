// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import muninn.linux.SyscallWrites;
import muninn.runtime.definedness.SyscallMemory;

/** {@link SyscallWrites} in the form that {@link SyscallMemory} reads inside the client. */
public final class SyscallTable {
    private SyscallTable() {}

    /** {@link SyscallMemory#TABLE_BYTES} bytes. */
    public static byte[] bytes() {
        return bytes(SyscallWrites.TABLE);
    }

    /**
     * The table of a description in the form of {@link SyscallWrites}.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    static byte[] bytes(String text) {
        ByteBuffer out = ByteBuffer.allocate((int) SyscallMemory.TABLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (String line : text.lines().toList()) {
            try {
                String[] words = line.split(" ");
                int number = Integer.parseInt(words[0]);
                int first = 8 * SyscallMemory.PLACES * number;
                if (words.length < 3 || words.length - 2 > SyscallMemory.PLACES || out.getLong(first) != 0) {
                    throw new IllegalArgumentException("1 to " + SyscallMemory.PLACES + " places are wanted, and each number once");
                }
                for (int i = 2; i < words.length; i++) {
                    out.putLong(first + 8 * (i - 2), place(words[i]));
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("system call \"" + line + "\": " + e.getMessage(), e);
            }
        }
        return out.array();
    }

    private static long place(String text) {
        boolean always = text.startsWith("!");
        int equals = text.indexOf('=');
        long place = Integer.parseInt(text.substring(always ? 1 : 0, equals)) | (always ? SyscallMemory.ALWAYS : 0);
        String what = text.substring(equals + 1);
        if (what.startsWith("iov")) {
            return place | kind(SyscallMemory.VECTORS) | argument(what.substring(3));
        }
        return switch (what.charAt(0)) {
            case 'm' -> place | kind(SyscallMemory.MESSAGE);
            case 'b' -> place | kind(SyscallMemory.BITS);
            case '*' -> place | kind(SyscallMemory.LENGTH_AT) | argument(what.substring(1));
            case '@' -> place | kind(SyscallMemory.RESULT) | unit(what);
            case '#' -> place | kind(SyscallMemory.LENGTH) | argument(what.substring(1, 2)) | unit(what);
            default -> place | fixed(what);
        };
    }

    private static long fixed(String what) {
        int condition = what.indexOf('?');
        if (condition < 0) {
            return kind(SyscallMemory.FIXED) | Long.parseLong(what) << 16;
        }
        boolean second = what.charAt(condition + 1) == ':';
        long value = Long.parseLong(what.substring(condition + (second ? 2 : 1)));
        return kind(second ? SyscallMemory.FIXED_IF_1 : SyscallMemory.FIXED_IF) | Long.parseLong(what.substring(0, condition)) << 16
                | value << 32;
    }

    private static long kind(int kind) {
        return (long) kind << 4;
    }

    private static long argument(String digit) {
        return Long.parseLong(digit) << 8;
    }

    private static long unit(String what) {
        int times = what.indexOf('*');
        return (times < 0 ? 1 : Long.parseLong(what.substring(times + 1))) << 16;
    }
}
