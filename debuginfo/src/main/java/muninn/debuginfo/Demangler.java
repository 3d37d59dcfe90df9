// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Readable names of C++ and legacy Rust symbols through {@code __cxa_demangle} of the machine's libstdc++. Where there is
 * none, or the name is nothing it knows, the name stays as it is.
 */
public final class Demangler {
    /** The demangler's time grows with the name; no real name is as long as this. */
    private static final int LONGEST = 1 << 15;
    private static final long LONGEST_RESULT = 1 << 20;

    /** Loaded at the first mangled name only: it costs milliseconds, and C programs never need it. */
    private static final class Native {
        static final MethodHandle DEMANGLE = find("libstdc++.so.6", "__cxa_demangle",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                ValueLayout.ADDRESS));
        static final MethodHandle FREE = find("libc.so.6", "free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

        @SuppressWarnings("restricted")
        private static MethodHandle find(String library, String name, FunctionDescriptor shape) {
            try {
                return Linker.nativeLinker().downcallHandle(
                    SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow(name), shape);
            } catch (RuntimeException e) {
                return null;
            }
        }
    }

    private Demangler() {}

    /** The readable name, or the given one. */
    public static String demangle(String name) {
        if (!name.startsWith("_Z") || name.length() > LONGEST || Native.DEMANGLE == null || Native.FREE == null) {
            return name;
        }
        String readable = call(name);
        return readable == null ? name : withoutRustHash(readable);
    }

    @SuppressWarnings("restricted")
    private static String call(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = (MemorySegment) Native.DEMANGLE.invokeExact(arena.allocateFrom(name), MemorySegment.NULL,
                MemorySegment.NULL, MemorySegment.NULL);
            if (result.address() == 0) {
                return null;
            }
            String readable = result.reinterpret(LONGEST_RESULT).getString(0);
            Native.FREE.invokeExact(result);
            return readable;
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            return null;
        }
    }

    /** Legacy Rust names end in "::h" and 16 hexadecimal digits, a hash that says nothing to the reader. */
    private static String withoutRustHash(String name) {
        int at = name.length() - 19;
        if (at <= 0 || !name.startsWith("::h", at)) {
            return name;
        }
        for (int i = at + 3; i < name.length(); i++) {
            if (Character.digit(name.charAt(i), 16) < 0) {
                return name;
            }
        }
        return name.substring(0, at).replace("$LT$", "<").replace("$GT$", ">").replace("$u20$", " ").replace("$RF$", "&")
            .replace("$C$", ",").replace("$u7b$", "{").replace("$u7d$", "}").replace("..", "::");
    }
}
