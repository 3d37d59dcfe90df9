// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;

/** An image mapped into this JVM, its methods callable. */
final class NativeImage {
    private final SystemImage image;
    private final long base;

    NativeImage(SystemImage image) {
        this.image = image;
        base = Kernel.call(9, 0, image.bytes().length, 7, 0x22, -1, 0);
        if (base < 0 && base > -4096) {
            throw new IllegalStateException("mmap: " + base);
        }
        MemorySegment.copy(MemorySegment.ofArray(image.bytes()), 0, MemorySegment.ofAddress(base).reinterpret(image.bytes().length),
                0, image.bytes().length);
    }

    static String symbol(Method method) {
        return method.getDeclaringClass().getName().replace('.', '/') + "." + method.getName() + ":"
                + MethodType.methodType(method.getReturnType(), method.getParameterTypes()).toMethodDescriptorString();
    }

    MethodHandle handle(Method method) {
        MemoryLayout[] parameters = new MemoryLayout[method.getParameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = layout(method.getParameterTypes()[i]);
        }
        MemorySegment code = MemorySegment.ofAddress(base + image.offset(symbol(method)));
        return Linker.nativeLinker().downcallHandle(code,
                method.getReturnType() == void.class ? FunctionDescriptor.ofVoid(parameters)
                        : FunctionDescriptor.of(layout(method.getReturnType()), parameters));
    }

    long field(String symbol) {
        return Ptr.getLong(base + image.offset(symbol));
    }

    private static ValueLayout layout(Class<?> type) {
        return switch (type.getName()) {
            case "boolean" -> ValueLayout.JAVA_BOOLEAN;
            case "byte" -> ValueLayout.JAVA_BYTE;
            case "short" -> ValueLayout.JAVA_SHORT;
            case "char" -> ValueLayout.JAVA_CHAR;
            case "int" -> ValueLayout.JAVA_INT;
            default -> ValueLayout.JAVA_LONG;
        };
    }
}
