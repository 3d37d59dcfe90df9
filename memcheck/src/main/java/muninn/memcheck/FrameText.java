// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * One line of a printed stack. Inlined calls are frames of their own with the same pc.
 *
 * @param pc client pc as it is printed: for callers the return address minus one
 * @param function name, demangled, or {@code null}
 * @param symbol the name as the linker knows it, which suppressions match, or {@code null}
 * @param file base name of the source file, or {@code null}
 * @param directory of the source file, or {@code null}
 * @param line line number, meaningful where {@code file} is not {@code null}
 * @param object path of the ELF file, or {@code null}
 */
public record FrameText(long pc, String function, String symbol, String file, String directory, int line, String object) {
    /** Object named in the frames of replaced heap functions; Valgrind names its preloaded library there. */
    public static final String HEAP_OBJECT = "muninn-heap";

    /** A frame whose symbol is its name and whose directory is not known. */
    public FrameText(long pc, String function, String file, int line, String object) {
        this(pc, function, function, file, null, line, object);
    }

    /** The function and where it is: {@code main (a.c:2)}, {@code f (in /lib/libc.so.6)}, {@code ???}. */
    public String place(String shownFunction) {
        return place(shownFunction, file);
    }

    /** As {@link #place(String)}, with another name for the file. */
    String place(String shownFunction, String shownFile) {
        String name = shownFunction == null ? "???" : shownFunction;
        if (file != null) {
            return name + " (" + shownFile + ":" + line + ")";
        }
        return object == null ? name : name + " (in " + object + ")";
    }

    /** Frame of a replaced function such as {@code malloc} or {@code operator new(unsigned long)}. */
    public static FrameText replaced(long pc, String function, String symbol) {
        return new FrameText(pc, function, symbol, null, null, 0, HEAP_OBJECT);
    }
}
