// SPDX-License-Identifier: MIT
package muninn.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import muninn.sysjavac.BaselineCompiler;
import muninn.sysjavac.SystemImage;

/** The same allocator compiled by the system-Java compiler, as it runs in a client. Works on the tables of {@link HostedRegions}. */
@SuppressWarnings("restricted")
final class NativeHeap implements HeapModel.Allocator {
    private static final String[] CLASSES = {"Heap", "HeapTables", "Shadow", "AddressMap"};
    private static final String ALLOCATE = "muninn/runtime/Heap.allocate:(JJII)J";
    private static final String RELEASE = "muninn/runtime/Heap.release:(JI)Z";
    private static final String SIZE = "muninn/runtime/Heap.size:(J)J";

    private final SystemImage image;
    private final long base;
    private final MethodHandle allocate;
    private final MethodHandle release;
    private final MethodHandle size;

    NativeHeap() {
        List<byte[]> files = new ArrayList<>();
        for (String name : CLASSES) {
            try (InputStream in = Heap.class.getResourceAsStream(name + ".class")) {
                files.add(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        image = BaselineCompiler.compile(files, List.of(ALLOCATE, RELEASE, SIZE));
        int bytes = image.bytes().length;
        base = Kernel.call(9, 0, bytes, 7, 0x22, -1, 0);
        MemorySegment.copy(MemorySegment.ofArray(image.bytes()), 0, MemorySegment.ofAddress(base).reinterpret(bytes), 0, bytes);
        ValueLayout j = ValueLayout.JAVA_LONG;
        ValueLayout i = ValueLayout.JAVA_INT;
        allocate = handle(ALLOCATE, FunctionDescriptor.of(j, j, j, i, i));
        release = handle(RELEASE, FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN, j, i));
        size = handle(SIZE, FunctionDescriptor.of(j, j));
        setField("Shadow.base", Shadow.base);
    }

    private MethodHandle handle(String symbol, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(base + image.offset(symbol)), type);
    }

    void setField(String name, long value) {
        Ptr.putLong(base + image.offset("muninn/runtime/" + name), value);
    }

    long field(String name) {
        return Ptr.getLong(base + image.offset("muninn/runtime/" + name));
    }

    @Override
    public long allocate(long bytes, long alignment) {
        try {
            return (long) allocate.invokeExact(bytes, alignment, HeapTables.KIND_MALLOC, 7);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public boolean release(long address) {
        try {
            return (boolean) release.invokeExact(address, 8);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public long size(long address) {
        try {
            return (long) size.invokeExact(address);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
