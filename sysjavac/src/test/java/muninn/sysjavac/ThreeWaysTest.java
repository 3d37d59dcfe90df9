// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import muninn.sysjava.HostedThread;
import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every routine of the two tables with corner values and random ones: HotSpot is the truth for the interpreted and the compiled code. */
class ThreeWaysTest {
    private static final long SEED = 7421;
    private static final int ROUNDS = 3000;
    private static final int MEMORY_ROUNDS = 300;
    private static final long[] CORNERS = {0, 1, -1, 2, 3, 7, 8, 31, 32, 63, 64, 127, 128, 255, -128, 32767, 65535, 65536, 1000,
        Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff_ffffL, 0x1_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE,
        0x8000_0000L, Long.MIN_VALUE + 1, 0x5555_5555_5555_5555L};

    /** A compiler under test. */
    interface Compiler {
        SystemImage compile(List<byte[]> classes, List<String> roots);
    }

    /** One of the executions of a routine. */
    interface Runner {
        Object run(Object... arguments) throws Throwable;
    }

    private final Random random = new Random(SEED);

    static byte[] classFile(Class<?> type) {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Method> routines(Class<?> type) {
        List<Method> out = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())) {
                method.setAccessible(true);
                out.add(method);
            }
        }
        out.sort(Comparator.comparing(Method::getName));
        return out;
    }

    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> CORNERS[random.nextInt(CORNERS.length)];
            case 1 -> random.nextLong();
            case 2 -> random.nextInt(200) - 100;
            default -> random.nextInt();
        };
    }

    private Object argument(Class<?> type) {
        long value = number();
        return switch (type.getName()) {
            case "boolean" -> (value & 1) != 0;
            case "byte" -> (byte) value;
            case "short" -> (short) value;
            case "char" -> (char) value;
            case "int" -> (int) value;
            default -> value;
        };
    }

    private void numbers(Class<?> type, Compiler compiler) throws Throwable {
        List<Method> routines = routines(type);
        NativeImage image = new NativeImage(compiler.compile(List.of(classFile(type)),
                routines.stream().map(NativeImage::symbol).toList()));
        for (Method routine : routines) {
            compare(image, routine);
        }
    }

    private void compare(NativeImage image, Method routine) throws Throwable {
        Routines.reset();
        MethodHandle compiled = image.handle(routine);
        for (int round = 0; round < ROUNDS; round++) {
            Object[] arguments = Arrays.stream(routine.getParameterTypes()).map(this::argument).toArray();
            Object wanted = routine.invoke(null, arguments);
            assertThat(compiled.invokeWithArguments(arguments)).as("%s%s", routine.getName(), Arrays.toString(arguments))
                    .isEqualTo(wanted);
        }
    }

    private void memory(Compiler compiler) throws Throwable {
        NativeImage image = new NativeImage(compiler.compile(List.of(classFile(MemoryRoutines.class)),
                routines(MemoryRoutines.class).stream().map(NativeImage::symbol).toList()));
        memory(method -> image.handle(method)::invokeWithArguments);
    }

    private void memory(Function<Method, Runner> execution) throws Throwable {
        List<Method> routines = routines(MemoryRoutines.class);
        long buffer = Kernel.call(9, 0, MemoryRoutines.BYTES, 3, 0x22, -1, 0);
        long area = Kernel.call(9, 0, 4096, 3, 0x22, -1, 0);
        Ptr.putLong(area, area);
        Ptr.putLong(area + 8, 0x1234_5678_9abcL);
        HostedThread.enter(area);
        // ARCH_SET_GS: the JVM does not use GS on Linux.
        Kernel.call(158, 0x1001, area);
        for (Method routine : routines) {
            Runner runner = execution.apply(routine);
            for (int round = 0; round < MEMORY_ROUNDS; round++) {
                Object[] arguments = {buffer, number(), (int) number()};
                Ptr.fill(buffer, 0, MemoryRoutines.BYTES);
                Object wanted = routine.invoke(null, arguments);
                int left = contents(buffer);
                Ptr.fill(buffer, 0, MemoryRoutines.BYTES);
                assertThat(runner.run(arguments)).as("%s%s", routine.getName(), Arrays.toString(arguments)).isEqualTo(wanted);
                assertThat(contents(buffer)).as("memory after %s%s", routine.getName(), Arrays.toString(arguments)).isEqualTo(left);
            }
        }
    }

    private static int contents(long buffer) {
        int hash = 0;
        for (int i = 0; i < MemoryRoutines.BYTES; i += 8) {
            hash = 31 * hash + Long.hashCode(Ptr.getLong(buffer + i));
        }
        return hash;
    }

    @Test
    void numbers() throws Throwable {
        numbers(Routines.class, SystemCompiler::compile);
    }

    @Test
    void tables() throws Throwable {
        numbers(TableRoutines.class, SystemCompiler::compile);
    }

    @Test
    void memory() throws Throwable {
        memory(SystemCompiler::compile);
    }

    /** Few registers or none: every operation meets its inputs and its result in the frame. */
    @ParameterizedTest
    @ValueSource(ints = {0, 0x0001, 0x0002, 0x0007, 0x00c2, 0x0008, 0x0281, 0x1028, 0x0187})
    void scarceRegisters(int usable) throws Throwable {
        numbers(Routines.class, (classes, roots) -> SystemCompiler.compile(classes, roots, usable));
        numbers(TableRoutines.class, (classes, roots) -> SystemCompiler.compile(classes, roots, usable));
        memory((classes, roots) -> SystemCompiler.compile(classes, roots, usable));
    }

    private static long bits(Object argument) {
        return switch (argument) {
            case Boolean b -> b ? 1 : 0;
            case Character c -> c;
            case Number n -> n.longValue();
            default -> throw new IllegalArgumentException();
        };
    }

    private static Object typed(Class<?> type, long bits) {
        return switch (type.getName()) {
            case "boolean" -> (bits & 0xff) != 0;
            case "byte" -> (byte) bits;
            case "short" -> (short) bits;
            case "char" -> (char) bits;
            case "int" -> (int) bits;
            default -> bits;
        };
    }

    private void interpreted(Class<?> type) throws Throwable {
        List<Method> routines = routines(type);
        Interpreter interpreter = new Interpreter(List.of(classFile(type)), routines.stream().map(NativeImage::symbol).toList());
        Routines.reset();
        for (Method routine : routines) {
            for (int round = 0; round < ROUNDS / 10; round++) {
                Object[] arguments = Arrays.stream(routine.getParameterTypes()).map(this::argument).toArray();
                Object wanted = routine.invoke(null, arguments);
                long result = interpreter.call(NativeImage.symbol(routine), Arrays.stream(arguments).mapToLong(ThreeWaysTest::bits).toArray());
                assertThat(typed(routine.getReturnType(), result)).as("%s%s", routine.getName(), Arrays.toString(arguments))
                        .isEqualTo(wanted);
            }
        }
    }

    @Test
    void interpretedNumbers() throws Throwable {
        interpreted(Routines.class);
    }

    @Test
    void interpretedTables() throws Throwable {
        interpreted(TableRoutines.class);
    }

    @Test
    void interpretedMemory() throws Throwable {
        List<Method> routines = routines(MemoryRoutines.class);
        Interpreter interpreter = new Interpreter(List.of(classFile(MemoryRoutines.class)),
                routines.stream().map(NativeImage::symbol).toList());
        memory(method -> arguments -> interpreter.call(NativeImage.symbol(method),
                Arrays.stream(arguments).mapToLong(ThreeWaysTest::bits).toArray()));
    }

    @Test
    void baselineNumbers() throws Throwable {
        int compiled = 0;
        for (Method routine : routines(Routines.class)) {
            SystemImage image;
            try {
                image = BaselineCompiler.compile(List.of(classFile(Routines.class)), List.of(NativeImage.symbol(routine)));
            } catch (IllegalArgumentException e) {
                // The baseline knows fewer intrinsics and no stack arguments.
                continue;
            }
            compiled++;
            compare(new NativeImage(image), routine);
        }
        assertThat(compiled).isGreaterThan(40);
    }

    @Test
    void baselineMemory() throws Throwable {
        memory(BaselineCompiler::compile);
    }
}
