// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

/** Prints stacks; unless asked otherwise a stack ends at {@code main} or at the first function below it. */
final class StackPrinter {
    private final StackNamer namer;
    private final int callers;
    private final boolean showBelowMain;

    StackPrinter(StackNamer namer, MemcheckOptions options) {
        this.namer = namer;
        this.callers = options.numCallers();
        this.showBelowMain = options.showBelowMain();
    }

    void print(TextOutput out, long[] pcs) {
        long[] shown = pcs.length > callers ? java.util.Arrays.copyOf(pcs, callers) : pcs;
        List<FrameText> frames = namer.name(shown);
        String lead = "   at ";
        for (FrameText frame : frames) {
            boolean below = !showBelowMain && isBelowMain(frame.function());
            String name = below ? "(below main)" : frame.function();
            out.line(lead + Decimal.pc(frame.pc()) + ": " + frame.place(name));
            if (below || (!showBelowMain && "main".equals(frame.function()))) {
                return;
            }
            lead = "   by ";
        }
    }

    /** Start-up functions of glibc between {@code _start} and {@code main}. */
    private static boolean isBelowMain(String function) {
        return function != null && switch (function) {
            case "_start", "__libc_start_main", "__libc_start_main_impl", "__libc_start_call_main", "generic_start_main" -> true;
            default -> false;
        };
    }
}
