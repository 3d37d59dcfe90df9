// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** C++ names through the platform's own {@code __cxa_demangle}; a name stays as it is where libstdc++ is not there. */
final class Demangler {
    private static MethodHandle demangle;
    private static boolean looked;

    private Demangler() {}

    static synchronized String demangle(String name) {
        if (!name.startsWith("_Z")) {
            return name;
        }
        MethodHandle h = handle();
        if (h == null) {
            return name;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment out = (MemorySegment) h.invokeExact(arena.allocateFrom(name), MemorySegment.NULL, MemorySegment.NULL, status);
            return out.address() == 0 ? name : read(out);
        } catch (Throwable t) {
            return name;
        }
    }

    /** The result is malloc'ed by the library and small; it is left to the end of the process. */
    @SuppressWarnings("restricted")
    private static String read(MemorySegment out) {
        return out.reinterpret(1 << 16).getString(0);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle() {
        if (!looked) {
            looked = true;
            try {
                SymbolLookup library = SymbolLookup.libraryLookup("libstdc++.so.6", Arena.global());
                demangle = Linker.nativeLinker().downcallHandle(library.find("__cxa_demangle").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS));
            } catch (RuntimeException e) {
                demangle = null;
            }
        }
        return demangle;
    }
}
