// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.List;

/** Gives the frames of a recorded stack their names. */
@FunctionalInterface
public interface StackNamer {
    /** Frames of {@code pcs}, innermost first; a pc inside inlined calls gives several frames. */
    List<FrameText> name(long[] pcs);
}
