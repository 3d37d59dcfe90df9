// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** Numbers as the reports show them. */
final class Decimal {
    private Decimal() {}

    /** Decimal digits of a non-negative number in groups of three: {@code 2,222,222}. */
    static String grouped(long value) {
        String digits = Long.toUnsignedString(value);
        int first = digits.length() % 3;
        if (digits.length() <= 3) {
            return digits;
        }
        StringBuilder text = new StringBuilder(digits.length() + digits.length() / 3);
        text.append(digits, 0, first);
        for (int i = first; i < digits.length(); i += 3) {
            if (i > 0) {
                text.append(',');
            }
            text.append(digits, i, i + 3);
        }
        return text.toString();
    }

    /** {@code 24 bytes in 1 blocks}, the same words for every number, as Valgrind has them. */
    static String bytesInBlocks(long bytes, long blocks) {
        return grouped(bytes) + " bytes in " + grouped(blocks) + " blocks";
    }

    /** Address in lower-case hexadecimal digits. */
    static String address(long address) {
        return "0x" + Long.toHexString(address);
    }

    /** Program counter in upper-case hexadecimal digits. */
    static String pc(long pc) {
        return "0x" + Long.toHexString(pc).toUpperCase(java.util.Locale.ROOT);
    }
}
