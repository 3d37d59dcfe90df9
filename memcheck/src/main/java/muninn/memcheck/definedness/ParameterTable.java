// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import muninn.linux.SyscallParameters;
import muninn.runtime.definedness.SyscallChecks;
import muninn.runtime.definedness.SyscallMemory;

/** {@link SyscallParameters} in the form that {@link SyscallChecks} reads inside the client, and the names of what it finds. */
public final class ParameterTable {
    private static final int ENTRY_BYTES = 8 * SyscallChecks.ENTRY_LONGS;
    private static final String[] FIELDS = {".sa_family", ".sun_path", ".sin_port", ".sin_addr", ".sin6_port", ".sin6_flowinfo", ".sin6_addr",
        ".sin6_scope_id", "."};

    /** A form of a call: its name, its arguments' names, what reports call its places. */
    private record Form(String call, List<String> arguments, List<String> places) {}

    private final ByteBuffer table = ByteBuffer.allocate((int) SyscallChecks.TABLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Form[] forms = new Form[SyscallChecks.NUMBERS + SyscallChecks.FORMS];
    private int next = SyscallChecks.NUMBERS;

    /** The table of the kernel's calls. */
    public ParameterTable() {
        this(SyscallParameters.TABLE);
    }

    /**
     * The table of a description in the form of {@link SyscallParameters}.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    ParameterTable(String text) {
        for (String line : text.lines().toList()) {
            try {
                add(line);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("system call \"" + line + "\": " + e.getMessage(), e);
            }
        }
    }

    /** {@link SyscallChecks#TABLE_BYTES} bytes for {@link SyscallChecks#TABLE}. */
    public byte[] bytes() {
        return table.array();
    }

    /** The name in a report of what a request says. */
    public String name(long what) {
        int form = (int) what & 0xffff;
        int place = (int) (what >>> SyscallChecks.PLACE_SHIFT) & 0xff;
        int part = (int) (what >>> SyscallChecks.PART_SHIFT);
        if (place == SyscallChecks.REGISTER + 6) {
            return "(syscallno)";
        }
        Form f = forms[form];
        if (place == SyscallChecks.REGISTER + 7) {
            return f.call + "(generic)";
        }
        if (place >= SyscallChecks.REGISTER) {
            return f.call + "(" + f.arguments.get(place - SyscallChecks.REGISTER) + ")";
        }
        String name = f.places.get(place);
        return name.substring(0, name.length() - 1) + suffix(part) + ")";
    }

    private static String suffix(int part) {
        return switch (part) {
            case 0 -> "";
            case SyscallChecks.PART_ELEMENT -> "[...]";
            case SyscallChecks.PART_STRING -> "[i]";
            case SyscallChecks.PART_NAME -> ".msg_name";
            case SyscallChecks.PART_VECTORS -> ".msg_iov";
            case SyscallChecks.PART_CONTROL -> ".msg_control";
            default -> part >= SyscallChecks.PART_VECTOR ? ".msg_iov[" + (part - SyscallChecks.PART_VECTOR) + "]"
                    : FIELDS[part - SyscallChecks.PART_FAMILY];
        };
    }

    private void add(String line) {
        List<String> words = List.of(line.split(" "));
        int bar = words.indexOf("|");
        List<String> arguments = words.subList(2, bar < 0 ? words.size() : bar);
        List<String> places = bar < 0 ? List.of() : words.subList(bar + 1, words.size());
        if (arguments.isEmpty() || arguments.size() > 6 || places.size() > SyscallChecks.PLACES) {
            throw new IllegalArgumentException("1 to 6 arguments and at most " + SyscallChecks.PLACES + " places are wanted");
        }
        String[] number = words.getFirst().split("\\?");
        int form = formOf(Integer.parseInt(number[0]));
        List<String> names = arguments.stream().map(a -> a.startsWith(".") ? a.substring(1) : a).toList();
        List<String> labels = new ArrayList<>();
        forms[form] = new Form(words.get(1), names, labels);
        int at = form * ENTRY_BYTES;
        table.putLong(at, table.getLong(at) | widths(arguments));
        if (number.length > 1) {
            condition(at, number[1]);
        }
        for (int i = 0; i < places.size(); i++) {
            String text = places.get(i);
            int equals = text.lastIndexOf('=');
            boolean optional = text.startsWith("?");
            String[] name = text.substring(optional ? 1 : 0, equals).split(",");
            int argument = names.indexOf(name[0]);
            if (argument < 0) {
                throw new IllegalArgumentException("no argument " + name[0]);
            }
            String label = name[name.length - 1];
            labels.add(label.contains("(") ? label : words.get(1) + "(" + label + ")");
            long place = argument | (optional ? SyscallChecks.OPTIONAL : 0) | place(text.substring(equals + 1));
            boolean counts = (place & SyscallChecks.INT_LENGTH) != 0;
            if (counts && !arguments.get((int) (place >>> 8) & 7).startsWith(".")) {
                place &= ~SyscallChecks.INT_LENGTH;
            }
            table.putLong(at + 16 + 8 * i, place);
        }
    }

    /** The entry of the next form of a call: where its number says, or behind the forms that there are. */
    private int formOf(int number) {
        if (number < 0 || number >= SyscallMemory.NUMBERS) {
            throw new IllegalArgumentException("numbers are below " + SyscallMemory.NUMBERS);
        }
        if (forms[number] == null) {
            return number;
        }
        int form = number;
        while (next(form) != 0) {
            form = next(form);
        }
        int at = form * ENTRY_BYTES;
        if ((table.getLong(at) >>> 40 & 3) == 0) {
            throw new IllegalArgumentException("a form without condition is in front of it");
        }
        table.putLong(at, table.getLong(at) | (long) this.next << 24);
        return this.next++;
    }

    private int next(int form) {
        return (int) (table.getLong(form * ENTRY_BYTES) >>> 24) & 0xffff;
    }

    private static long widths(List<String> arguments) {
        int[] registers = {7, 6, 2, 10, 8, 9};
        long widths = 0;
        for (int i = 0; i < arguments.size(); i++) {
            if (!arguments.get(i).equals("-")) {
                widths |= (arguments.get(i).startsWith(".") ? 4L : 8L) << 4 * i | 1L << 48 + registers[i];
            }
        }
        return widths;
    }

    private void condition(int at, String text) {
        int equals = text.indexOf('=');
        int and = text.indexOf('&');
        long argument = Long.parseLong(text.substring(0, and < 0 ? equals : and));
        long kind;
        long values;
        if (and < 0) {
            kind = SyscallChecks.CONDITION_SET;
            values = Arrays.stream(text.substring(equals + 1).split(",")).mapToLong(v -> 1L << Integer.parseInt(v)).reduce(0, (a, b) -> a | b);
        } else {
            kind = SyscallChecks.CONDITION_MASKED;
            values = Long.parseLong(text.substring(and + 1, equals)) << 32 | Long.parseLong(text.substring(equals + 1));
        }
        table.putLong(at, table.getLong(at) | kind << 40 | argument << 44);
        table.putLong(at + 8, values);
    }

    private static long place(String what) {
        if (what.equals("s")) {
            return kind(SyscallChecks.STRING);
        }
        if (what.equals("a")) {
            return kind(SyscallChecks.STRINGS);
        }
        if (what.charAt(0) != 'r' && what.charAt(0) != 'w') {
            throw new IllegalArgumentException("r or w is wanted in " + what);
        }
        long written = what.charAt(0) == 'w' ? SyscallChecks.WRITTEN : 0;
        String rest = what.substring(1);
        return written | switch (rest.charAt(0)) {
            case 'v' -> kind(SyscallChecks.VECTORS) | other(rest.substring(1));
            case 'm' -> kind(SyscallChecks.MESSAGE);
            case 'b' -> kind(SyscallChecks.BITS);
            case 'a' -> kind(SyscallChecks.ADDRESS) | other(rest.substring(1));
            case '*' -> kind(SyscallChecks.LENGTH_AT) | Long.parseLong(rest.substring(1)) << 8;
            case '#' -> counted(rest.substring(1));
            default -> fixed(rest);
        };
    }

    /** {@code 2}, {@code 2*12}, {@code 2+8} */
    private static long counted(String text) {
        String[] parts = text.split("[*+]");
        long number = parts.length > 1 ? Long.parseLong(parts[1]) : 1;
        return kind(SyscallChecks.LENGTH) | other(parts[0]) | (text.contains("+") ? 1L << 16 | number << 32 : number << 16);
    }

    /** {@code 16}, {@code 4+8}, {@code 4+0/8#1} */
    private static long fixed(String text) {
        String[] parts = text.split("[+/#]");
        long place = Long.parseLong(parts[0]) << 16 | (parts.length > 1 ? Long.parseLong(parts[1]) << 32 : 0);
        return parts.length < 4 ? place | kind(SyscallChecks.FIXED)
                : place | Long.parseLong(parts[2]) << 48 | other(parts[3]) | kind(SyscallChecks.ARRAY);
    }

    private static long kind(int kind) {
        return (long) kind << 4;
    }

    /** Of an argument of 32 bits, unless it turns out to be a longer one. */
    private static long other(String digit) {
        return Long.parseLong(digit) << 8 | SyscallChecks.INT_LENGTH;
    }
}
