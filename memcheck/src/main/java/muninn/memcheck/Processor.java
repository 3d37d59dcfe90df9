// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine's processor has, as the kernel lets programs use it. */
public final class Processor {
    private static final int AT_HWCAP2 = 26;
    private static final int HWCAP2_FSGSBASE = 2;

    private static final String FLAGS = readFlags();

    private Processor() {}

    /** 512-bit vectors with byte masks. */
    public static boolean hasVectors512() {
        return FLAGS.contains(" avx512bw ");
    }

    /** {@code shrx} and {@code rorx}, which leave flags alone (Haswell, Excavator and later). */
    public static boolean hasBmi2() {
        return FLAGS.contains(" bmi2 ");
    }

    /** Programs may read the FS base (HWCAP2_FSGSBASE in arch/x86/include/uapi/asm/hwcap2.h; Linux 5.9). */
    public static boolean hasFsBase() {
        try {
            ByteBuffer words = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv"))).order(ByteOrder.LITTLE_ENDIAN);
            while (words.remaining() >= 16) {
                long type = words.getLong();
                long value = words.getLong();
                if (type == AT_HWCAP2) {
                    return (value & HWCAP2_FSGSBASE) != 0;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Flags of the first processor, with a space in front of and behind each. */
    private static String readFlags() {
        try {
            String text = Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1);
            int at = text.indexOf("\nflags");
            int colon = text.indexOf(':', at);
            int end = text.indexOf('\n', colon);
            return at < 0 || colon < 0 || end < 0 ? "" : text.substring(colon + 1, end) + " ";
        } catch (IOException e) {
            return "";
        }
    }
}
