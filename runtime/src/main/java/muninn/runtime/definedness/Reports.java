// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.Post;
import muninn.runtime.ThreadArea;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** What the controller is told about undefined values; the origin is in the thread area. Argument 0: size in bytes; 2: where, a cache pc. */
@SystemCode("runs inside the client")
public final class Reports {
    /** A jump or move depends on an undefined condition. */
    public static final int REQUEST_CONDITION = 40;
    /** An address, or another value that has an effect at once, is undefined. */
    public static final int REQUEST_VALUE = 41;

    private Reports() {}

    static void condition(long area) {
        Post.post(area, REQUEST_CONDITION, 0, 0, Ptr.getLong(area + ThreadArea.EXIT_PC), 0);
        Origins.told(area);
    }

    static void value(long area, int bytes) {
        Post.post(area, REQUEST_VALUE, bytes, 0, Ptr.getLong(area + ThreadArea.EXIT_PC), 0);
        Origins.told(area);
    }
}
