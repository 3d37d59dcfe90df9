// SPDX-License-Identifier: MIT
package muninn.cli;

/**
 * One option of the command line: its name, the values it takes, its default and its help text, said once. The parser, the help
 * text and the tests all read this declaration.
 *
 * @param <T> type of the value: Boolean, Long, String, Integer (a set: bit i stands for word i), or String[] (repeatable)
 */
public final class Option<T> {
    /** The form of the value. */
    enum Kind {
        /** {@code yes} or {@code no}. */
        FLAG,
        /** A decimal number within bounds. */
        NUMBER,
        /** A byte in hexadecimal, 00 to ff; minus one stands for "not given". */
        BYTE,
        /** One word of a list. */
        WORD,
        /** Words of a list separated by commas, or {@code all}, or {@code none}. */
        SET,
        /** Any text, the last one counts. */
        TEXT,
        /** Any text, may be given again, all count. */
        LIST
    }

    /** Where the help text shows the option, and for which tool it is read. */
    enum Section {
        BASIC("options of every tool"),
        ERRORS("options of tools that report errors"),
        HEAP("options of tools that replace malloc"),
        MEMCHECK("options of memcheck"),
        INSIDE("options for looking inside Muninn");

        final String title;

        Section(String title) {
            this.title = title;
        }
    }

    final String name;
    final Section section;
    final Kind kind;
    final T initial;
    final long low;
    final long high;
    final String[] words;
    final String help;
    /** Position in the table of options and in the values of a parsed command line. */
    final int index;

    private Option(Section section, String name, Kind kind, T initial, long low, long high, String[] words, String help) {
        this.section = section;
        this.name = name;
        this.kind = kind;
        this.initial = initial;
        this.low = low;
        this.high = high;
        this.words = words;
        this.help = help;
        this.index = OptionTable.add(this);
    }

    static Option<Boolean> flag(Section section, String name, boolean initial, String help) {
        return new Option<>(section, name, Kind.FLAG, initial, 0, 0, null, help);
    }

    static Option<Long> number(Section section, String name, long initial, long low, long high, String help) {
        return new Option<>(section, name, Kind.NUMBER, initial, low, high, null, help);
    }

    static Option<Long> hexByte(Section section, String name, String help) {
        return new Option<>(section, name, Kind.BYTE, -1L, 0, 0xff, null, help);
    }

    static Option<String> word(Section section, String name, String initial, String words, String help) {
        return new Option<>(section, name, Kind.WORD, initial, 0, 0, Words.split(words, ' '), help);
    }

    static Option<Integer> set(Section section, String name, int initial, String words, String help) {
        return new Option<>(section, name, Kind.SET, initial, 0, 0, Words.split(words, ' '), help);
    }

    static Option<String> text(Section section, String name, String initial, String help) {
        return new Option<>(section, name, Kind.TEXT, initial, 0, 0, null, help);
    }

    static Option<String[]> list(Section section, String name, String help) {
        return new Option<>(section, name, Kind.LIST, new String[0], 0, 0, null, help);
    }

    /** The option's name without the leading dashes. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "--" + name;
    }
}
