// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import muninn.runtime.Heap;
import muninn.sysjavac.BaselineCompiler;
import muninn.sysjavac.SystemImage;

/** The system Java that memcheck places in its clients, compiled. */
public final class MemcheckImage {
    private static final String PACKAGE = "muninn/runtime/";
    private static final String[] CLASSES = {"Heap", "HeapCalls", "HeapTables", "Post", "Shadow", "StackContexts", "UnwindWalk",
        "AddressMap", "ThreadArea", "Mailbox"};
    private static final String CHECK = PACKAGE + "HeapCalls.check:(J)V";
    private static final String CALL = PACKAGE + "HeapCalls.call:(JJ)V";

    private MemcheckImage() {}

    /** Compiles the classes as they are in the module path. */
    public static SystemImage compile() {
        List<byte[]> files = new ArrayList<>();
        for (String name : CLASSES) {
            try (InputStream in = Heap.class.getResourceAsStream(name + ".class")) {
                files.add(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return BaselineCompiler.compile(files, List.of(CHECK, CALL));
    }

    static int check(SystemImage image) {
        return image.offset(CHECK);
    }

    static int call(SystemImage image) {
        return image.offset(CALL);
    }

    /** Offset of a static field of a runtime class, or -1 if nothing reachable uses it. */
    static int field(SystemImage image, String name) {
        return image.symbols().getOrDefault(PACKAGE + name, -1);
    }
}
