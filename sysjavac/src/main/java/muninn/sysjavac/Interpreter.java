// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;

/**
 * Runs graphs on native memory: the second of the three executions that have to agree, and the one that tells a mistake in the
 * graph from one in the machine code. The upper half of 32-bit results is filled with rubbish on purpose, since nothing may
 * depend on it.
 */
public final class Interpreter {
    private static final long RUBBISH = 0x5a5a_5a5a_0000_0000L;

    private final Map<String, Graph> graphs;
    private final long data;
    private final long readOnly;

    /** Prepares everything reachable from the roots, as {@link SystemCompiler#compile} does; the static fields start afresh. */
    public Interpreter(List<byte[]> classFiles, List<String> roots) {
        Program program = new Program(classFiles);
        graphs = SystemCompiler.graphs(program, roots);
        // Addresses are held as numbers, which keep no arena alive: the memory stays.
        MemorySegment memory = Arena.global().allocate(program.dataBytes() + program.readOnly().length + 16L, 8);
        data = memory.address();
        readOnly = data + program.dataBytes();
        byte[] fields = new byte[program.dataBytes()];
        program.writeData(fields, 0);
        MemorySegment.copy(fields, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, fields.length);
        MemorySegment.copy(program.readOnly(), 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, fields.length,
                program.readOnly().length);
    }

    /** Calls a method; arguments and result as in a 64-bit register, of a narrower result only the low bits count. */
    public long call(String method, long... arguments) {
        Graph graph = graphs.get(method);
        long[] values = new long[graph.valueCount()];
        for (Value p : graph.parameters) {
            values[p.id] = arguments[(int) p.imm];
        }
        Block block = graph.entry;
        while (true) {
            for (Value v : block.body) {
                values[v.id] = value(v, values);
            }
            Value end = block.end;
            if (end.op == Op.RETURN) {
                return end.in.length == 0 ? 0 : input(end, 0, values);
            }
            block = enter(block, block.successors[taken(end, values)], values);
        }
    }

    /** Phis take their inputs all at once. */
    private static Block enter(Block from, Block to, long[] values) {
        if (!to.phis.isEmpty()) {
            int at = to.predecessors.indexOf(from);
            long[] chosen = new long[to.phis.size()];
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = input(to.phis.get(i), at, values);
            }
            for (int i = 0; i < chosen.length; i++) {
                values[to.phis.get(i).id] = chosen[i];
            }
        }
        return to;
    }

    private static int taken(Value end, long[] values) {
        return switch (end.op) {
            case BRANCH -> Evaluation.isTrue(end.cond, end.bitTest, end.size, input(end, 0, values), input(end, 1, values)) ? 0 : 1;
            case SWITCH -> {
                int key = (int) input(end, 0, values);
                int at = 0;
                while (at < end.keys.length && end.keys[at] != key) {
                    at++;
                }
                yield at;
            }
            default -> 0;
        };
    }

    private static long input(Value v, int i, long[] values) {
        Value input = v.in[i];
        return input.isConst() ? input.imm : values[input.id];
    }

    private static long address(Value v, long[] values) {
        return (v.in[0] == null ? 0 : input(v, 0, values)) + (v.in[1] == null ? 0 : input(v, 1, values) * v.scale) + v.imm;
    }

    private static long half(int value) {
        return value & 0xffff_ffffL | RUBBISH;
    }

    private long value(Value v, long[] values) {
        if (v.op.ordinal() >= Op.ADD.ordinal() && v.op.ordinal() <= Op.BSWAP.ordinal()) {
            long b = v.in.length > 1 ? input(v, 1, values) : 0;
            if (!Evaluation.isDefined(v.op, v.size, b)) {
                throw new ArithmeticException("trap: division by zero");
            }
            long result = Evaluation.apply(v.op, v.size, input(v, 0, values), b);
            return v.size == 32 ? half((int) result) : result;
        }
        return switch (v.op) {
            case LOAD, LOADS -> load(address(v, values), v.size, v.op == Op.LOADS);
            case LOAD_STATIC, LOADS_STATIC -> load(data + v.imm, v.size, v.op == Op.LOADS_STATIC);
            case LOAD_TABLE, LOADS_TABLE -> load(readOnly + v.imm + input(v, 0, values) * (v.size >> 3), v.size, v.op == Op.LOADS_TABLE);
            case CALL -> {
                long[] arguments = new long[v.in.length];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = input(v, i, values);
                }
                yield call(v.callee, arguments);
            }
            case SYSCALL -> Kernel.call(input(v, 0, values), input(v, 1, values), input(v, 2, values), input(v, 3, values),
                    input(v, 4, values), input(v, 5, values), input(v, 6, values));
            case THREAD_AREA -> Ptr.threadArea();
            case THREAD_POINTER -> Ptr.threadPointer();
            case CAS, XADD, XCHG -> atomic(v, values);
            default -> {
                effect(v, values);
                yield 0;
            }
        };
    }

    private static long load(long at, int size, boolean signed) {
        return switch (size) {
            case 8 -> signed ? half(Ptr.getByte(at)) : Ptr.getUnsignedByte(at);
            case 16 -> signed ? half(Ptr.getShort(at)) : Ptr.getUnsignedShort(at);
            case 32 -> Ptr.getUnsignedInt(at);
            default -> Ptr.getLong(at);
        };
    }

    private static void store(long at, int size, long value) {
        switch (size) {
            case 8 -> Ptr.putByte(at, (int) value);
            case 16 -> Ptr.putShort(at, (int) value);
            case 32 -> Ptr.putInt(at, (int) value);
            default -> Ptr.putLong(at, value);
        }
    }

    private static long atomic(Value v, long[] values) {
        long at = address(v, values);
        long a = input(v, 2, values);
        boolean isInt = v.size == 32;
        return switch (v.op) {
            case CAS -> {
                long b = input(v, 3, values);
                yield (isInt ? Ptr.compareAndSwapInt(at, (int) a, (int) b) : Ptr.compareAndSwapLong(at, a, b)) ? 1 : 0;
            }
            case XADD -> isInt ? half(Ptr.getAndAddInt(at, (int) a)) : Ptr.getAndAddLong(at, a);
            default -> isInt ? half(Ptr.getAndSetInt(at, (int) a)) : Ptr.getAndSetLong(at, a);
        };
    }

    private void effect(Value v, long[] values) {
        switch (v.op) {
            case STORE -> store(address(v, values), v.size, input(v, 2, values));
            case STORE_STATIC -> store(data + v.imm, v.size, input(v, 0, values));
            case LOCK_OR, LOCK_AND -> lock(address(v, values), v.size, v.op == Op.LOCK_OR, input(v, 2, values));
            case FENCE -> Ptr.fence();
            case PAUSE -> Ptr.pause();
            case COPY -> Ptr.copy(input(v, 0, values), input(v, 1, values), input(v, 2, values));
            case COPY_BACKWARD -> Ptr.copyBackward(input(v, 0, values), input(v, 1, values), input(v, 2, values));
            case FILL -> Ptr.fill(input(v, 0, values), (int) input(v, 1, values), input(v, 2, values));
            case TRAP -> Ptr.trap();
            default -> throw new IllegalStateException(v.describe());
        }
    }

    private static void lock(long at, int size, boolean or, long mask) {
        switch (size) {
            case 8 -> {
                if (or) {
                    Ptr.lockOrByte(at, (int) mask);
                } else {
                    Ptr.lockAndByte(at, (int) mask);
                }
            }
            case 32 -> {
                if (or) {
                    Ptr.lockOrInt(at, (int) mask);
                } else {
                    Ptr.lockAndInt(at, (int) mask);
                }
            }
            default -> {
                if (or) {
                    Ptr.lockOrLong(at, mask);
                } else {
                    Ptr.lockAndLong(at, mask);
                }
            }
        }
    }
}
