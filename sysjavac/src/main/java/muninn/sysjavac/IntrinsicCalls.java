// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.Arrays;

/** The calls that the language defines, as operations. */
final class IntrinsicCalls {
    private final Graph graph;

    IntrinsicCalls(Graph graph) {
        this.graph = graph;
    }

    static boolean knows(String owner, String name, String type) {
        Graph scratch = new Graph("");
        Value zero = scratch.constant(0);
        return new IntrinsicCalls(scratch).make(owner, name, type, new Value[] {zero, zero, zero, zero, zero, zero, zero}) != null;
    }

    /** The operation, not yet part of a block; null if the language does not define the call. */
    Value make(String owner, String name, String type, Value[] a) {
        return switch (owner) {
            case "muninn/sysjava/Ptr" -> pointer(name, a);
            case "muninn/sysjava/Kernel" -> name.equals("call") ? kernel(a, type) : null;
            case "java/lang/Long", "java/lang/Integer", "java/lang/Byte", "java/lang/Short", "java/lang/Math" ->
                number(owner.substring(10), name, type, a);
            default -> null;
        };
    }

    private Value kernel(Value[] a, String type) {
        int given = (int) type.chars().filter(c -> c == 'J').count() - 1;
        Value[] in = Arrays.copyOf(a, 7);
        for (int i = given; i < 7; i++) {
            in[i] = graph.constant(0);
        }
        return graph.newValue(Op.SYSCALL, 64, 0, in);
    }

    private Value at(Op op, int size, Value... in) {
        return graph.newValue(op, size, 0, in);
    }

    private Value pointer(String name, Value[] a) {
        return switch (name) {
            case "getByte", "getByteAcquire" -> at(Op.LOADS, 8, a[0], null);
            case "getShort" -> at(Op.LOADS, 16, a[0], null);
            case "getUnsignedByte" -> at(Op.LOAD, 8, a[0], null);
            case "getUnsignedShort" -> at(Op.LOAD, 16, a[0], null);
            case "getInt", "getIntAcquire", "getUnsignedInt" -> at(Op.LOAD, 32, a[0], null);
            case "getLong", "getLongAcquire" -> at(Op.LOAD, 64, a[0], null);
            case "putByte", "putByteRelease" -> at(Op.STORE, 8, a[0], null, a[1]);
            case "putShort" -> at(Op.STORE, 16, a[0], null, a[1]);
            case "putInt", "putIntRelease" -> at(Op.STORE, 32, a[0], null, a[1]);
            case "putLong", "putLongRelease" -> at(Op.STORE, 64, a[0], null, a[1]);
            case "compareAndSwapInt" -> at(Op.CAS, 32, a[0], null, a[1], a[2]);
            case "compareAndSwapLong" -> at(Op.CAS, 64, a[0], null, a[1], a[2]);
            case "getAndAddInt" -> at(Op.XADD, 32, a[0], null, a[1]);
            case "getAndAddLong" -> at(Op.XADD, 64, a[0], null, a[1]);
            case "getAndSetInt" -> at(Op.XCHG, 32, a[0], null, a[1]);
            case "getAndSetLong" -> at(Op.XCHG, 64, a[0], null, a[1]);
            case "lockOrByte" -> at(Op.LOCK_OR, 8, a[0], null, a[1]);
            case "lockAndByte" -> at(Op.LOCK_AND, 8, a[0], null, a[1]);
            case "lockOrInt" -> at(Op.LOCK_OR, 32, a[0], null, a[1]);
            case "lockAndInt" -> at(Op.LOCK_AND, 32, a[0], null, a[1]);
            case "lockOrLong" -> at(Op.LOCK_OR, 64, a[0], null, a[1]);
            case "lockAndLong" -> at(Op.LOCK_AND, 64, a[0], null, a[1]);
            case "fence" -> at(Op.FENCE, 64);
            case "pause" -> at(Op.PAUSE, 64);
            case "copy" -> at(Op.COPY, 64, a[0], a[1], a[2]);
            case "copyBackward" -> at(Op.COPY_BACKWARD, 64, a[0], a[1], a[2]);
            case "fill" -> at(Op.FILL, 64, a[0], a[1], a[2]);
            case "threadArea" -> at(Op.THREAD_AREA, 64);
            case "threadPointer" -> at(Op.THREAD_POINTER, 64);
            case "trap" -> at(Op.TRAP, 64);
            default -> null;
        };
    }

    private Value number(String owner, String name, String type, Value[] a) {
        int size = type.startsWith("(J") ? 64 : 32;
        return switch (name) {
            case "bitCount" -> at(Op.POPCNT, size, a[0]);
            case "numberOfLeadingZeros" -> at(Op.CLZ, size, a[0]);
            case "numberOfTrailingZeros" -> at(Op.CTZ, size, a[0]);
            case "reverseBytes" -> size == 32 && owner.equals("Short") ? null : at(Op.BSWAP, size, a[0]);
            case "rotateLeft" -> at(Op.ROTL, size, a[0], a[1]);
            case "rotateRight" -> at(Op.ROTR, size, a[0], a[1]);
            case "compare" -> owner.equals("Byte") || owner.equals("Short") ? null : at(Op.CMP3, size, a[0], a[1]);
            case "compareUnsigned" -> owner.equals("Byte") || owner.equals("Short") ? null : at(Op.UCMP3, size, a[0], a[1]);
            case "divideUnsigned" -> at(Op.UDIV, size, a[0], a[1]);
            case "remainderUnsigned" -> at(Op.UREM, size, a[0], a[1]);
            case "toUnsignedLong" -> extension(owner, a[0]);
            case "toUnsignedInt" -> extension(owner, a[0]);
            case "multiplyHigh" -> type.equals("(JJ)J") ? at(Op.MULHI, 64, a[0], a[1]) : null;
            case "unsignedMultiplyHigh" -> type.equals("(JJ)J") ? at(Op.UMULHI, 64, a[0], a[1]) : null;
            case "min", "max", "abs" -> selection(name, type, size, a);
            default -> null;
        };
    }

    private Value extension(String owner, Value a) {
        return switch (owner) {
            case "Byte" -> at(Op.ZEXT8, 64, a);
            case "Short" -> at(Op.ZEXT16, 64, a);
            case "Integer" -> at(Op.ZEXT32, 64, a);
            default -> null;
        };
    }

    private Value selection(String name, String type, int size, Value[] a) {
        if (type.contains("F") || type.contains("D")) {
            return null;
        }
        return switch (name) {
            case "min" -> at(Op.MIN, size, a[0], a[1]);
            case "max" -> at(Op.MAX, size, a[0], a[1]);
            default -> at(Op.ABS, size, a[0]);
        };
    }
}
