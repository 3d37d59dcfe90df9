// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.List;

/** Decides what of a stack is shown and how: unless asked otherwise it ends at {@code main} or at the first function below it. */
final class ShownStack {
    /** A frame, the name that is shown for its function ({@code null}: none is known) and for its file. */
    record Line(FrameText frame, String function, String file) {
        /** As it reads in a text report. */
        String place() {
            return frame.place(function, file);
        }
    }

    static final String BELOW_MAIN = "(below main)";

    private final StackNamer namer;
    private final MemcheckOptions options;

    ShownStack(StackNamer namer, MemcheckOptions options) {
        this.namer = namer;
        this.options = options;
    }

    List<Line> lines(long[] pcs) {
        long[] shown = pcs.length > options.numCallers() ? java.util.Arrays.copyOf(pcs, options.numCallers()) : pcs;
        List<Line> out = new ArrayList<>();
        for (FrameText frame : namer.name(shown)) {
            boolean below = !options.showBelowMain() && isBelowMain(frame.function());
            String name = options.demangle() ? frame.function() : frame.symbol();
            out.add(new Line(frame, below ? BELOW_MAIN : name, file(frame)));
            if (below || !options.showBelowMain() && "main".equals(frame.function())) {
                break;
            }
        }
        return out;
    }

    /** All recorded frames with the names that suppressions match. */
    List<FrameText> named(long[] pcs) {
        List<FrameText> out = new ArrayList<>();
        for (FrameText frame : namer.name(pcs)) {
            boolean below = !options.showBelowMain() && isBelowMain(frame.function());
            out.add(below ? new FrameText(frame.pc(), BELOW_MAIN, BELOW_MAIN, frame.file(), frame.directory(), frame.line(),
                    frame.object()) : frame);
        }
        return out;
    }

    String file(FrameText frame) {
        if (frame.file() == null || options.fullPathAfter().isEmpty()) {
            return frame.file();
        }
        String path = frame.directory() == null ? frame.file() : frame.directory() + "/" + frame.file();
        for (String after : options.fullPathAfter()) {
            int at = path.indexOf(after);
            if (at >= 0) {
                return path.substring(at + after.length());
            }
        }
        return path;
    }

    /** Start-up functions of glibc between {@code _start} and {@code main}. */
    private static boolean isBelowMain(String function) {
        return function != null && switch (function.indexOf('@') < 0 ? function : function.substring(0, function.indexOf('@'))) {
            case "_start", "__libc_start_main", "__libc_start_main_impl", "__libc_start_call_main", "generic_start_main" -> true;
            default -> false;
        };
    }
}
