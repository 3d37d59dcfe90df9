// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.nio.charset.StandardCharsets;

import muninn.linux.RemoteMemory;

/**
 * What {@code printf} would print of a format and a {@code va_list} in the client's memory (System V ABI, x86-64, 3.5.7). Integers, texts,
 * characters and pointers; floating point is printed as {@code ?}, as it is passed elsewhere.
 */
final class ClientFormat {
    private static final int LONGEST = 1 << 16;
    private static final int REGISTERS_END = 48;

    private final RemoteMemory memory;
    private long registers;
    private long overflow;
    private int offset;

    private ClientFormat(RemoteMemory memory, long list) {
        this.memory = memory;
        offset = (int) memory.getLong(list);
        overflow = memory.getLong(list + 8);
        registers = memory.getLong(list + 16);
    }

    /** @param list address of the {@code va_list}, which is left as it is */
    static String text(RemoteMemory memory, long format, long list) {
        return new ClientFormat(memory, list).format(string(memory, format));
    }

    private static String string(RemoteMemory memory, long address) {
        byte[] bytes = address == 0 ? null : memory.readString(address, LONGEST);
        return bytes == null ? "(null)" : new String(bytes, StandardCharsets.UTF_8);
    }

    private long next() {
        long at;
        if (offset >= 0 && offset < REGISTERS_END) {
            at = registers + offset;
            offset += 8;
        } else {
            at = overflow;
            overflow += 8;
        }
        return memory.getLong(at);
    }

    private String format(String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = ++i;
            while (i < format.length() && "-+ #0123456789.*hlzjtqL".indexOf(format.charAt(i)) >= 0) {
                i++;
            }
            if (i == format.length()) {
                return out.append('%').append(format, start, i).toString();
            }
            convert(out, format.substring(start, i), format.charAt(i));
        }
        return out.toString();
    }

    private void convert(StringBuilder out, String modifiers, char conversion) {
        String text = switch (conversion) {
            case '%' -> "%";
            case 'd', 'i' -> Long.toString(isLong(modifiers) ? next() : (int) next());
            case 'u' -> Long.toUnsignedString(isLong(modifiers) ? next() : next() & 0xffff_ffffL);
            case 'x' -> Long.toHexString(isLong(modifiers) ? next() : next() & 0xffff_ffffL);
            case 'X' -> Long.toHexString(isLong(modifiers) ? next() : next() & 0xffff_ffffL).toUpperCase(java.util.Locale.ROOT);
            case 'p' -> "0x" + Long.toHexString(next());
            case 'c' -> Character.toString((char) (next() & 0xff));
            case 's' -> string(memory, next());
            default -> "?";
        };
        String digits = modifiers.replaceAll("[^0-9.]", "");
        int point = digits.indexOf('.');
        String widthText = point < 0 ? digits : digits.substring(0, point);
        int width = widthText.isEmpty() || widthText.length() > 4 ? 0 : Integer.parseInt(widthText);
        boolean zero = widthText.startsWith("0") && conversion != 's' && conversion != 'c';
        String fill = (zero ? "0" : " ").repeat(Math.max(0, width - text.length()));
        out.append(modifiers.startsWith("-") ? text + fill : fill + text);
    }

    private static boolean isLong(String modifiers) {
        return modifiers.indexOf('l') >= 0 || modifiers.indexOf('z') >= 0 || modifiers.indexOf('j') >= 0 || modifiers.indexOf('t') >= 0;
    }
}
