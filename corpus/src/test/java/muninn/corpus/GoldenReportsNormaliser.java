// SPDX-License-Identifier: MIT
package muninn.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Removes from a report what may differ between two correct runs, line by line and by the kind of the line:
 *
 * <ul>
 * <li>pids; debugging lines ({@code --PID-- }); the three lines of the preamble before {@code Command:}, which become one;
 * <li>pcs of frames, and addresses above the first 64 KiB;
 * <li>frames of replaced heap functions, which are inside Valgrind's preloaded library there and in no file here: they become one
 *     frame with the name of the family, since Valgrind shows {@code memalign} for {@code aligned_alloc} and both
 *     {@code memalign} and {@code posix_memalign} for the latter;
 * <li>the first frame of a thread, which is in {@code clone3}, or in {@code clone} under Valgrind, which refuses the former;
 * <li>the directory of the test.
 * </ul>
 *
 * The portable form, which is the one recorded, also forgets the names of frames in other libraries (they depend on the machine's
 * glibc and its debug information), the size of the main stack, and, for programs whose libraries allocate, the heap totals.
 */
final class GoldenReportsNormaliser {
    /** Around the pid: words about the program, about the tool, and the program's own. */
    private static final List<String> MARKS = List.of("==", "--", "**");
    private static final String PREFIX = "==PID== ";
    private static final Set<String> STRINGS = Set.of("strlen", "strnlen", "strcmp", "strncmp", "strchr", "strrchr", "memchr", "memcmp",
            "bcmp", "strcpy", "stpcpy", "strncpy", "strcat", "strncat", "memcpy", "mempcpy", "memmove", "memset", "strstr");
    private static final Set<String> ALIGNED = Set.of("memalign", "aligned_alloc", "posix_memalign", "valloc", "pvalloc");

    private final String directory;
    private final String sourceFile;
    private final boolean libraryHeap;
    private final boolean portable;

    private GoldenReportsNormaliser(String directory, GoldenReportsProgram program, boolean portable) {
        this.directory = directory;
        this.sourceFile = program.fileName();
        this.libraryHeap = program.libraryHeap();
        this.portable = portable;
    }

    static List<String> strict(String report, String directory, GoldenReportsProgram program) {
        return new GoldenReportsNormaliser(directory, program, false).all(report);
    }

    static List<String> portable(String report, String directory, GoldenReportsProgram program) {
        return new GoldenReportsNormaliser(directory, program, true).all(report);
    }

    private List<String> all(String report) {
        List<String> lines = new ArrayList<>();
        String lastFrame = "";
        for (String raw : report.split("\n")) {
            String line = withoutPid(raw.replace(directory, "DIR"));
            if (line.startsWith("--") && isNumberUpTo(line, 2, "--")) {
                continue;
            }
            if (!line.startsWith(PREFIX)) {
                lines.add(line);
                continue;
            }
            String text = line.substring(PREFIX.length());
            if (text.startsWith("Command: ")) {
                keepOnlyPreamble(lines);
            }
            String frame = text.startsWith("   at 0x") || text.startsWith("   by 0x") ? frame(text) : "";
            boolean repeated = !frame.isEmpty() && text.startsWith("   by") && frame.equals(lastFrame) && isMerged(frame);
            lastFrame = frame;
            if (!repeated) {
                lines.add((PREFIX + (frame.isEmpty() ? words(text) : text.substring(0, 6) + frame)).stripTrailing());
            }
        }
        return lines;
    }

    /** {@code ==123== text} with PID for the number. */
    private static String withoutPid(String line) {
        for (String mark : MARKS) {
            if (line.startsWith(mark) && isNumberUpTo(line, 2, mark)) {
                return mark + "PID" + mark + line.substring(line.indexOf(mark, 2) + 2);
            }
        }
        return line;
    }

    private static boolean isNumberUpTo(String line, int from, String end) {
        int to = line.indexOf(end, from);
        return to > from && line.substring(from, to).chars().allMatch(Character::isDigit);
    }

    private static void keepOnlyPreamble(List<String> lines) {
        for (int i = 0; i < 3 && !lines.isEmpty() && lines.getLast().startsWith(PREFIX); i++) {
            lines.removeLast();
        }
        lines.add(PREFIX + "(three lines of preamble)");
    }

    /** A frame without its pc: {@code PC: main (a.c:3)}. */
    private String frame(String text) {
        String place = text.substring(text.indexOf(": ") + 2);
        int open = place.lastIndexOf(" (");
        String function = open < 0 ? place : place.substring(0, open);
        String where = open < 0 ? "" : place.substring(open + 2, place.length() - 1);
        boolean replaced = where.endsWith("vgpreload_memcheck-amd64-linux.so") || where.startsWith("vg_replace_malloc.c:")
                || where.startsWith("vg_replace_strmem.c:") || where.equals("in muninn-heap");
        if (replaced && STRINGS.contains(plain(function))) {
            return "PC: " + plain(function) + " (string function)";
        }
        if (replaced) {
            return "PC: " + (ALIGNED.contains(function) ? "memalign" : function) + " (heap function)";
        }
        if (where.startsWith("clone.S:") || where.startsWith("clone3.S:")) {
            // Valgrind refuses clone3, so that glibc takes the older call there.
            return portable ? "PC: (library)" : "PC: clone (first frame of a thread)";
        }
        boolean own = where.startsWith(sourceFile + ":") || place.equals("???");
        return "PC: " + (portable && !own ? "(library)" : place);
    }

    /** Valgrind's name of a replaced string function without version and prefix. */
    private static String plain(String function) {
        int version = function.indexOf('@');
        String name = version < 0 ? function : function.substring(0, version);
        return name.startsWith("__GI_") ? name.substring(5) : name;
    }

    /** Frames of which a run is shown as one. */
    private static boolean isMerged(String frame) {
        return frame.endsWith(" (heap function)") || frame.equals("PC: (library)");
    }

    private String words(String text) {
        String stackSize = " The main thread stack size used in this run was ";
        if (portable && text.startsWith(stackSize)) {
            return stackSize + "N.";
        }
        if (portable && libraryHeap && text.startsWith("  total heap usage: ")) {
            return "  total heap usage: (with libraries)";
        }
        if (text.startsWith("Source and destination overlap in ")) {
            return text.replaceAll("0x[0-9a-f]+", "ADDRESS");
        }
        int hex = text.startsWith(" Address 0x") ? 9 : text.indexOf(" at address 0x") + 12;
        if (hex < 12 && !text.startsWith(" Address 0x")) {
            return text;
        }
        int end = hex + 2;
        while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
            end++;
        }
        boolean small = end - hex - 2 <= 4;
        return small ? text : text.substring(0, hex) + "ADDRESS" + text.substring(end);
    }
}
