// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import muninn.engine.RuntimeImage;
import muninn.runtime.Heap;
import muninn.sysjavac.SystemCompiler;
import muninn.sysjavac.SystemImage;

/** The system Java that memcheck places in its clients, compiled. */
public final class MemcheckImage {
    private static final String PACKAGE = "muninn/runtime/";
    private static final String[] CLASSES = {
        "ClientRequests", "Heap", "HeapCalls", "HeapTables", "Pools", "Post", "Shadow", "StackContexts", "Stacks", "StringCalls", "UnwindWalk",
        "AddressMap", "ThreadArea", "Mailbox", "ShadowRegisters", "definedness/Definedness", "definedness/Descriptor",
        "definedness/ElementSteps", "definedness/FlagBits", "definedness/IntegerBits", "definedness/MemoryBits",
        "definedness/Operands", "definedness/Operation", "definedness/Origins", "definedness/PartialBytes", "definedness/Reports",
        "definedness/ShortMemory", "definedness/StringSteps", "definedness/SyscallChecks", "definedness/SyscallMemory", "definedness/VectorBits", "definedness/X87Bits"};
    private static final String CHECK = PACKAGE + "HeapCalls.check:(J)I";
    private static final String CALL = PACKAGE + "HeapCalls.call:(JJ)V";
    private static final String STEP = PACKAGE + "definedness/Definedness.step:(JJ)I";
    private static final String FINISH = PACKAGE + "definedness/Definedness.finish:(JJ)V";
    private static final String BEFORE_SYSCALL = PACKAGE + "definedness/SyscallChecks.before:(J)V";
    private static final String SYSCALL = PACKAGE + "definedness/SyscallMemory.after:(J)V";

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
        return SystemCompiler.compile(files, List.of(CHECK, CALL, STEP, FINISH, BEFORE_SYSCALL, SYSCALL));
    }

    /** Writes the compiled image, so that a start need not compile. */
    public static void save(SystemImage image, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(image.dataOffset());
            out.writeInt(image.bytes().length);
            out.write(image.bytes());
            out.writeInt(image.symbols().size());
            for (Map.Entry<String, Integer> symbol : image.symbols().entrySet()) {
                out.writeUTF(symbol.getKey());
                out.writeInt(symbol.getValue());
            }
        }
    }

    /** Reads what {@link #save} wrote; compiles if there is no usable file. */
    public static SystemImage load(Path file) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int dataOffset = in.readInt();
            byte[] bytes = in.readNBytes(in.readInt());
            Map<String, Integer> symbols = new LinkedHashMap<>();
            for (int n = in.readInt(); n > 0; n--) {
                symbols.put(in.readUTF(), in.readInt());
            }
            return new SystemImage(bytes, dataOffset, symbols);
        } catch (IOException e) {
            return compile();
        }
    }

    /** The image as the engine wants it; without definedness it has no steps. */
    static RuntimeImage runtime(SystemImage image, boolean definedness) {
        return new RuntimeImage(image.bytes(), image.dataOffset(), image.offset(CHECK), image.offset(CALL),
                definedness ? image.offset(STEP) : 0, image.offset(FINISH), image.offset(BEFORE_SYSCALL), image.offset(SYSCALL));
    }

    /** Offset of a static field of a runtime class, or -1 if nothing reachable uses it. */
    static int field(SystemImage image, String name) {
        return image.symbols().getOrDefault(PACKAGE + name, -1);
    }
}
