// SPDX-License-Identifier: MIT
package muninn.memcheck;

/**
 * One line of a printed stack. Inlined calls are frames of their own with the same pc.
 *
 * @param pc client pc as it is printed: for callers the return address minus one
 * @param function name, demangled, or {@code null}
 * @param file base name of the source file, or {@code null}
 * @param line line number, meaningful where {@code file} is not {@code null}
 * @param object path of the ELF file, or {@code null}
 */
public record FrameText(long pc, String function, String file, int line, String object) {
    /** Object named in the frames of replaced heap functions; Valgrind names its preloaded library there. */
    public static final String HEAP_OBJECT = "muninn-heap";

    /** The function and where it is: {@code main (a.c:2)}, {@code f (in /lib/libc.so.6)}, {@code ???}. */
    public String place(String shownFunction) {
        String name = shownFunction == null ? "???" : shownFunction;
        if (file != null) {
            return name + " (" + file + ":" + line + ")";
        }
        return object == null ? name : name + " (in " + object + ")";
    }

    /** Frame of a replaced heap function such as {@code malloc} or {@code operator new(unsigned long)}. */
    public static FrameText heapFunction(long pc, String function) {
        return new FrameText(pc, function, null, 0, HEAP_OBJECT);
    }
}
