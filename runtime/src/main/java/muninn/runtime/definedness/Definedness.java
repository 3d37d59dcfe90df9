// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.AddressMap;
import muninn.runtime.HeapCalls;
import muninn.runtime.Shadow;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * The step: computes, before an instruction of a slow fragment is executed, which bits of its results will be undefined, and reports
 * what must not be undefined. The client's registers are in the thread area meanwhile.
 *
 * <p>Invariant: the shadow of a register whose dirty bit is clear is zero, so operands are read without a look at the mask.
 */
@SystemCode("called from slow fragments")
public final class Definedness {
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RBX = 3;
    private static final int RSP = 4;
    private static final int RBP = 5;

    private Definedness() {}

    static long gpr(long area, int number) {
        return Ptr.getLong(area + ThreadArea.GPRS + 8L * number);
    }

    static long gprBits(long area, int number) {
        return Ptr.getLong(area + ShadowRegisters.GPRS + 8L * number);
    }

    /**
     * Before the instruction.
     *
     * @return 1 if the template is to be run, and then {@link #finish}
     */
    public static int step(long area, long record) {
        Ptr.putLong(area + ThreadArea.GPRS + 80, Ptr.getLong(area + ThreadArea.CLIENT_R10));
        Ptr.putLong(area + ThreadArea.GPRS + 88, Ptr.getLong(area + ThreadArea.CLIENT_R11));
        int operation = Ptr.getUnsignedShort(record + Descriptor.OPERATION);
        int flags = Ptr.getInt(record + Descriptor.FLAGS);
        if (Origins.on != 0) {
            Origins.begin(area, record);
        }
        if ((flags & Descriptor.ADDRESSED) != 0) {
            address(area, record, flags, operation);
        }
        ShortMemory.fill(area + ShadowRegisters.RESULT, 0, 64);
        if ((flags & Descriptor.TEMPLATE) != 0) {
            if (template(area, record)) {
                return 1;
            }
        } else {
            operate(area, record, operation);
        }
        if (Origins.on != 0) {
            Origins.end(area, record);
        }
        return 0;
    }

    /** Behind the template, which has left the undefined bits of the result. */
    public static void finish(long area, long record) {
        commit(area, record);
        if (Origins.on != 0) {
            Origins.end(area, record);
        }
    }

    private static void commit(long area, long record) {
        if (Operands.kind(record, 0) == Descriptor.MEMORY) {
            store(area, record);
        } else {
            Operands.commit(area, record);
        }
    }

    /** Whether all operands that steer the instruction are defined; else its result is undefined as a whole. */
    private static boolean template(long area, long record) {
        int steering = Ptr.getUnsignedByte(record + Descriptor.PARAMETER);
        boolean undefined = false;
        for (int i = 1; i < 4; i++) {
            undefined |= (steering >>> i & 1) != 0 && Operands.isUndefined(area, record, i);
        }
        int opmask = Ptr.getUnsignedByte(record + Descriptor.OPMASK);
        undefined |= opmask != 0 && Ptr.getLong(area + ShadowRegisters.MASKS + 8L * opmask) != 0;
        if (undefined) {
            ShortMemory.fill(area + ShadowRegisters.RESULT, 0xff, Operands.bytes(record, 0));
            commit(area, record);
        }
        return !undefined;
    }

    /** Address of the memory operand: has to be defined. */
    private static void address(long area, long record, int flags, int operation) {
        int base = Ptr.getByte(record + Descriptor.BASE);
        int index = Ptr.getByte(record + Descriptor.INDEX);
        long at = Ptr.getLong(record + Descriptor.DISPLACEMENT);
        boolean undefined = false;
        if (base >= 0) {
            at += gpr(area, base);
            undefined = gprBits(area, base) != 0;
        }
        if (index >= 0) {
            at += gpr(area, index) << Ptr.getUnsignedByte(record + Descriptor.SCALE);
            undefined |= gprBits(area, index) != 0;
        }
        if ((flags & Descriptor.PC_RELATIVE) != 0) {
            at += Ptr.getLong(area + ThreadArea.EVENT_PC);
        }
        if ((flags & Descriptor.ADDRESS32) != 0) {
            at &= 0xffff_ffffL;
        }
        if (operation == Operation.ADDRESS) {
            return;
        }
        if ((flags & Descriptor.FS) != 0) {
            at += Ptr.getLong(area + ShadowRegisters.FS_BASE);
        }
        Ptr.putLong(area + ShadowRegisters.ADDRESS, at);
        if (undefined) {
            Reports.value(area, 8);
            defineGpr(area, base);
            defineGpr(area, index);
        }
        if (operation == Operation.BIT_TEST || operation == Operation.BIT_CHANGE) {
            at = bitString(area, record, at);
        }
        int bytes = Ptr.getUnsignedShort(record + Descriptor.MEMORY_SIZE);
        boolean loads = (flags & Descriptor.LOADS) != 0;
        boolean stores = (flags & Descriptor.STORES) != 0;
        if (loads || stores) {
            HeapCalls.report(area, at, bytes, loads, stores);
        }
        if (loads) {
            load(area, record, at, HeapCalls.belowStack(area, at) ? 0 : bytes, bytes, (flags & Descriptor.BROADCAST) != 0);
        }
    }

    private static long bitString(long area, long record, long at) {
        if (Operands.kind(record, 2) != Descriptor.GPR) {
            return at;
        }
        int size = Ptr.getUnsignedByte(record + Descriptor.SIZE);
        long number = Operands.load(Operands.value(area, record, 2), size);
        int unused = 64 - 8 * size;
        long signed = number << unused >> unused;
        long moved = at + (signed >> (size == 8 ? 6 : size == 4 ? 5 : 4)) * size;
        Ptr.putLong(area + ShadowRegisters.ADDRESS, moved);
        if (Operands.isUndefined(area, record, 2)) {
            Reports.value(area, 8);
            defineGpr(area, Operands.number(record, 2));
        }
        return moved;
    }

    /** @param watched bytes whose undefined bits count: all or none */
    private static void load(long area, long record, long at, int watched, int bytes, boolean broadcast) {
        if (bytes > 64) {
            return;
        }
        long bits = area + ShadowRegisters.MEMORY_BITS;
        long value = area + ShadowRegisters.MEMORY_VALUE;
        ShortMemory.fill(bits, 0, 64);
        ShortMemory.fill(value, 0, 64);
        MemoryBits.load(bits, at, watched);
        if (Origins.on != 0) {
            Origins.loaded(area, bits, at, watched);
        }
        ShortMemory.copy(value, at, bytes);
        if (broadcast) {
            for (int i = bytes; i < 64; i += bytes) {
                ShortMemory.copy(bits + i, bits, bytes);
                ShortMemory.copy(value + i, value, bytes);
            }
        }
    }

    /** The register is wholly defined from now on; a negative number is none. */
    public static void defineGpr(long area, int number) {
        if (number >= 0) {
            IntegerBits.setGpr(area, number, 8, 0);
        }
    }

    /** Stores the result where the memory operand lies. */
    private static void store(long area, long record) {
        MemoryBits.store(area + ShadowRegisters.RESULT, Ptr.getLong(area + ShadowRegisters.ADDRESS),
                Ptr.getUnsignedShort(record + Descriptor.MEMORY_SIZE));
    }

    private static void result(long area, long record, long bits) {
        Ptr.putLong(area + ShadowRegisters.RESULT, bits);
        commit(area, record);
    }

    private static void operate(long area, long record, int operation) {
        if (operation >= Operation.X87_LOAD) {
            X87Bits.operate(area, record, operation);
            if (Operands.kind(record, 0) == Descriptor.MEMORY) {
                store(area, record);
            }
        } else if (operation >= Operation.BY_TEMPLATE) {
            vector(area, record, operation);
        } else if (operation >= Operation.STRING_MOVE) {
            StringSteps.step(area, record, operation);
        } else {
            integer(area, record, operation);
        }
    }

    private static void integer(long area, long record, int operation) {
        int size = Ptr.getUnsignedByte(record + Descriptor.SIZE);
        int parameter = Ptr.getUnsignedByte(record + Descriptor.PARAMETER);
        long m = IntegerBits.cut(size);
        long x = Operands.load(Operands.value(area, record, 1), Operands.bytes(record, 1)) & m;
        long a = Operands.load(Operands.bits(area, record, 1), Operands.bytes(record, 1)) & m;
        long y = Operands.load(Operands.value(area, record, 2), Operands.bytes(record, 2)) & m;
        long b = Operands.load(Operands.bits(area, record, 2), Operands.bytes(record, 2)) & m;
        switch (operation) {
            case Operation.ANY:
                anything(area, record, parameter);
                return;
            case Operation.MOVE:
                result(area, record, a);
                return;
            case Operation.SIGN_EXTEND:
                result(area, record, IntegerBits.signExtend(a, Operands.bytes(record, 1), size));
                return;
            case Operation.ADDRESS:
                loadAddress(area, record, size);
                return;
            case Operation.COMPARE:
            case Operation.TEST:
                IntegerBits.compute(area, record, operation, size, x, a, y, b);
                return;
            case Operation.SHIFT_DOUBLE_LEFT:
            case Operation.SHIFT_DOUBLE_RIGHT:
                result(area, record, IntegerBits.shiftDouble(area, operation, size, x, a, y, b,
                        Operands.load(Operands.value(area, record, 3), Operands.bytes(record, 3)),
                        Operands.load(Operands.bits(area, record, 3), Operands.bytes(record, 3))));
                return;
            case Operation.MULTIPLY_WIDE: {
                long any = a | gprBits(area, RAX) & m;
                if (size == 1) {
                    IntegerBits.setGpr(area, RAX, 2, any == 0 ? 0 : IntegerBits.upwards(any) & 0xffff);
                } else {
                    IntegerBits.setGpr(area, RAX, size, IntegerBits.upwards(any));
                    IntegerBits.setGpr(area, RDX, size, IntegerBits.all(any, m));
                }
                FlagBits.set(area, FlagBits.STATUS, any == 0 ? 0 : FlagBits.STATUS);
                return;
            }
            case Operation.MULTIPLY_TWO: {
                long any = a | gprBits(area, RDX) & m;
                IntegerBits.setGpr(area, Operands.number(record, 2), size, IntegerBits.upwards(any));
                result(area, record, IntegerBits.all(any, m));
                return;
            }
            case Operation.DIVIDE: {
                long any = a | gprBits(area, RAX) & (size == 1 ? 0xffff : m) | (size == 1 ? 0 : gprBits(area, RDX) & m);
                if (size == 1) {
                    IntegerBits.setGpr(area, RAX, 2, IntegerBits.all(any, 0xffff));
                } else {
                    IntegerBits.setGpr(area, RAX, size, IntegerBits.all(any, m));
                    IntegerBits.setGpr(area, RDX, size, IntegerBits.all(any, m));
                }
                FlagBits.set(area, FlagBits.STATUS, any == 0 ? 0 : FlagBits.STATUS);
                return;
            }
            case Operation.BIT_TEST:
            case Operation.BIT_CHANGE: {
                int n = (int) y & 8 * size - 1;
                boolean unknown = (b & 8 * size - 1) != 0;
                long flags = unknown || (a >>> n & 1) != 0 ? FlagBits.CF : 0;
                FlagBits.set(area, FlagBits.CF, flags);
                FlagBits.set(area, FlagBits.BE | FlagBits.L | FlagBits.LE, FlagBits.combined(FlagBits.get(area)));
                if (operation == Operation.BIT_CHANGE) {
                    result(area, record, unknown ? m : parameter == 3 ? a : a & ~(1L << n));
                }
                return;
            }
            case Operation.SCAN_FORWARD:
            case Operation.SCAN_REVERSE:
                scan(area, record, operation, size, x, a, y, b);
                return;
            case Operation.SET_IF:
                result(area, record, FlagBits.isUndefined(area, parameter) ? 1 : 0);
                return;
            case Operation.MOVE_IF: {
                // d = condition ? b : a
                long r = FlagBits.isUndefined(area, parameter) ? a | b | x ^ y
                        : FlagBits.holds(Ptr.getLong(area + ThreadArea.FLAGS), parameter) ? b : a;
                result(area, record, r);
                return;
            }
            case Operation.JUMP_IF:
                if (FlagBits.isUndefined(area, parameter)) {
                    Reports.condition(area);
                }
                return;
            case Operation.EXCHANGE:
                setSecond(area, record, 2, size, a);
                result(area, record, b);
                return;
            case Operation.EXCHANGE_ADD: {
                long r = IntegerBits.compute(area, record, Operation.ADD, size, x, a, y, b);
                setSecond(area, record, 2, size, a);
                result(area, record, r);
                return;
            }
            case Operation.COMPARE_EXCHANGE:
                compareExchange(area, record, size, x, a, b, y);
                return;
            case Operation.COMPARE_EXCHANGE_DOUBLE:
                compareExchangeDouble(area, record, size);
                return;
            case Operation.WIDEN_RAX:
                IntegerBits.setGpr(area, RAX, size, IntegerBits.signExtend(gprBits(area, RAX) & IntegerBits.cut(size / 2), size / 2, size));
                return;
            case Operation.SIGN_TO_RDX:
                IntegerBits.setGpr(area, RDX, size, (gprBits(area, RAX) & IntegerBits.top(size)) == 0 ? 0 : m);
                return;
            case Operation.LOAD_FLAGS: {
                long at = area + ShadowRegisters.GPRS + 1;
                Ptr.putByte(at, (int) FlagBits.get(area) & 0xff);
                IntegerBits.dirty(area, RAX);
                return;
            }
            case Operation.STORE_FLAGS: {
                long bits = gprBits(area, RAX) >>> 8 & (FlagBits.CF | FlagBits.PF | FlagBits.AF | FlagBits.ZF | FlagBits.SF);
                FlagBits.set(area, FlagBits.STATUS, FlagBits.combined(bits | FlagBits.get(area) & FlagBits.OF));
                return;
            }
            case Operation.PUSH_FLAGS:
            case Operation.POP_FLAGS:
            case Operation.PUSH:
            case Operation.POP:
            case Operation.LEAVE:
            case Operation.RETURN:
            case Operation.JUMP_TO:
            case Operation.LOOP:
                control(area, record, operation, size, parameter, a);
                return;
            case Operation.DEFINE_FLAGS: {
                long which = Ptr.getLong(record + Descriptor.IMMEDIATE);
                FlagBits.set(area, which, 0);
                FlagBits.set(area, FlagBits.BE | FlagBits.L | FlagBits.LE, FlagBits.combined(FlagBits.get(area)));
                return;
            }
            case Operation.COMPLEMENT_CARRY:
                return;
            case Operation.TRANSLATE_BYTE:
                translateByte(area);
                return;
            case Operation.DEFINE:
                define(area, record);
                return;
            default:
                result(area, record, IntegerBits.compute(area, record, operation, size, x, a, y, b));
                return;
        }
    }

    private static void setSecond(long area, long record, int i, int size, long bits) {
        if (Operands.kind(record, i) == Descriptor.GPR_HIGH) {
            Ptr.putByte(Operands.bits(area, record, i), (int) bits);
            IntegerBits.dirty(area, Operands.number(record, i));
        } else {
            IntegerBits.setGpr(area, Operands.number(record, i), size, bits);
        }
    }

    /** lea: sums of what the registers may be. */
    private static void loadAddress(long area, long record, int size) {
        int base = Ptr.getByte(record + Descriptor.BASE);
        int index = Ptr.getByte(record + Descriptor.INDEX);
        int scale = Ptr.getUnsignedByte(record + Descriptor.SCALE);
        long x = Ptr.getLong(record + Descriptor.DISPLACEMENT);
        long a = 0;
        if (base >= 0) {
            long bits = IntegerBits.add(x, a, gpr(area, base), gprBits(area, base));
            x += gpr(area, base);
            a = bits;
        }
        if (index >= 0 && index == base && scale == 0) {
            // A value added to itself is shifted.
            long value = gpr(area, index) << 1;
            a = IntegerBits.add(Ptr.getLong(record + Descriptor.DISPLACEMENT), 0, value, gprBits(area, index) << 1);
        } else if (index >= 0) {
            a = IntegerBits.add(x, a, gpr(area, index) << scale, gprBits(area, index) << scale);
        }
        if ((Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.ADDRESS32) != 0) {
            a &= 0xffff_ffffL;
        }
        result(area, record, a & IntegerBits.cut(size));
    }

    /** {@code x}, {@code a}: what is there; {@code y}, {@code b}: what replaces it if rax is the same. */
    private static void compareExchange(long area, long record, int size, long x, long a, long b, long y) {
        long m = IntegerBits.cut(size);
        long expected = gpr(area, RAX) & m;
        long expectedBits = gprBits(area, RAX) & m;
        IntegerBits.compute(area, record, Operation.COMPARE, size, expected, expectedBits, x, a);
        if ((FlagBits.get(area) & FlagBits.ZF) != 0) {
            // Either may happen. Registers of 4 bytes may or may not lose their upper half.
            long upper = size == 4 ? ~m : 0;
            long rax = gprBits(area, RAX) | a | expected ^ x | upper & gpr(area, RAX);
            IntegerBits.setGpr(area, RAX, 8, rax);
            Ptr.putLong(area + ShadowRegisters.RESULT, a | b | x ^ y);
            if (Operands.kind(record, 0) == Descriptor.GPR && size == 4) {
                IntegerBits.setGpr(area, Operands.number(record, 0), 8, a | b | x ^ y | upper);
            } else {
                commit(area, record);
            }
        } else if (expected == x) {
            result(area, record, b);
        } else {
            IntegerBits.setGpr(area, RAX, size, a);
        }
    }

    /** bsf, bsr: without a bit the destination stays as it is, all 64 bits of it. */
    private static void scan(long area, long record, int operation, int size, long x, long a, long y, long b) {
        long r = IntegerBits.compute(area, record, operation, size, x, a, y, b);
        boolean maybeNone = (x & ~a) == 0 && Ptr.getUnsignedByte(record + Descriptor.PARAMETER) == 0;
        if (maybeNone && a == 0) {
            return;
        }
        if (maybeNone) {
            IntegerBits.setGpr(area, Operands.number(record, 0), size == 2 ? 2 : 8, -1);
        } else {
            result(area, record, r);
        }
    }

    private static void compareExchangeDouble(long area, long record, int half) {
        long bits = area + ShadowRegisters.MEMORY_BITS;
        long value = area + ShadowRegisters.MEMORY_VALUE;
        long m = IntegerBits.cut(half);
        long undefined = Operands.load(bits, half) | Operands.load(bits + half, half) | (gprBits(area, RAX) | gprBits(area, RDX)) & m;
        long known = ~undefined & m;
        boolean differs = ((Operands.load(value, half) ^ gpr(area, RAX)) & known) != 0
                || ((Operands.load(value + half, half) ^ gpr(area, RDX)) & known) != 0;
        boolean unknown = undefined != 0 && !differs;
        FlagBits.set(area, FlagBits.ZF, unknown ? FlagBits.ZF : 0);
        FlagBits.set(area, FlagBits.BE | FlagBits.L | FlagBits.LE, FlagBits.combined(FlagBits.get(area)));
        boolean equal = Operands.load(value, half) == (gpr(area, RAX) & m) && Operands.load(value + half, half) == (gpr(area, RDX) & m);
        if (equal) {
            long to = area + ShadowRegisters.RESULT;
            Ptr.putLong(to, gprBits(area, RBX) & m);
            Ptr.putLong(to + half, gprBits(area, RCX) & m);
            store(area, record);
        } else {
            IntegerBits.setGpr(area, RAX, half, Operands.load(bits, half));
            IntegerBits.setGpr(area, RDX, half, Operands.load(bits + half, half));
        }
    }

    /** xlat: al = [rbx + al]. */
    private static void translateByte(long area) {
        if (gprBits(area, RBX) != 0 || (gprBits(area, RAX) & 0xff) != 0) {
            Reports.value(area, 8);
            defineGpr(area, RBX);
            IntegerBits.setGpr(area, RAX, 1, 0);
        }
        long at = gpr(area, RBX) + (gpr(area, RAX) & 0xff);
        HeapCalls.report(area, at, 1, true, false);
        Ptr.putLong(area + ShadowRegisters.MEMORY_BITS, MemoryBits.get(at));
        if (Origins.on != 0) {
            Origins.loaded(area, area + ShadowRegisters.MEMORY_BITS, at, 1);
        }
        IntegerBits.setGpr(area, RAX, 1, Ptr.getLong(area + ShadowRegisters.MEMORY_BITS));
    }

    /** Jumps, calls, returns, the stack. */
    private static void control(long area, long record, int operation, int size, int parameter, long a) {
        long sp = gpr(area, RSP);
        switch (operation) {
            case Operation.PUSH:
            case Operation.PUSH_FLAGS: {
                stackDefined(area);
                long bits = operation == Operation.PUSH ? a : FlagBits.get(area) & 0xffff;
                Ptr.putLong(area + ShadowRegisters.RESULT, bits);
                MemoryBits.store(area + ShadowRegisters.RESULT, gpr(area, RSP) - size, size);
                return;
            }
            case Operation.POP:
            case Operation.POP_FLAGS: {
                stackDefined(area);
                HeapCalls.report(area, sp, size, true, false);
                MemoryBits.load(area + ShadowRegisters.RESULT, sp, size);
                if (Origins.on != 0) {
                    Origins.loaded(area, area + ShadowRegisters.RESULT, sp, size);
                }
                if (operation == Operation.POP_FLAGS) {
                    long bits = Operands.load(area + ShadowRegisters.RESULT, 2);
                    FlagBits.set(area, FlagBits.STATUS | FlagBits.DF, FlagBits.combined(bits));
                } else {
                    commit(area, record);
                }
                return;
            }
            case Operation.LEAVE: {
                if (gprBits(area, RBP) != 0) {
                    Reports.value(area, 8);
                    defineGpr(area, RBP);
                }
                long at = gpr(area, RBP);
                HeapCalls.report(area, at, 8, true, false);
                MemoryBits.load(area + ShadowRegisters.RESULT, at, 8);
                if (Origins.on != 0) {
                    Origins.loaded(area, area + ShadowRegisters.RESULT, at, 8);
                }
                IntegerBits.setGpr(area, RSP, 8, 0);
                IntegerBits.setGpr(area, RBP, 8, Ptr.getLong(area + ShadowRegisters.RESULT));
                return;
            }
            case Operation.RETURN: {
                stackDefined(area);
                HeapCalls.report(area, sp, 8, true, false);
                MemoryBits.load(area + ShadowRegisters.RESULT, sp, 8);
                if (Origins.on != 0) {
                    Origins.loaded(area, area + ShadowRegisters.RESULT, sp, 8);
                }
                if (Ptr.getLong(area + ShadowRegisters.RESULT) != 0) {
                    Reports.value(area, 8);
                }
                MemoryBits.setState(sp - AddressMap.RED_ZONE, AddressMap.RED_ZONE + 8, Shadow.UNDEFINED);
                return;
            }
            case Operation.JUMP_TO:
                if (a != 0) {
                    Reports.value(area, 8);
                    if (Operands.kind(record, 1) == Descriptor.GPR) {
                        defineGpr(area, Operands.number(record, 1));
                    }
                }
                if (parameter != 0) {
                    stackDefined(area);
                    MemoryBits.setState(gpr(area, RSP) - 8, 8, Shadow.DEFINED);
                }
                return;
            case Operation.LOOP: {
                long bits = gprBits(area, RCX);
                if (bits != 0 || parameter == 2 && (FlagBits.get(area) & FlagBits.ZF) != 0) {
                    Reports.condition(area);
                }
                if (parameter != 0) {
                    IntegerBits.setGpr(area, RCX, 8, IntegerBits.subtract(gpr(area, RCX), bits, 1, 0));
                }
                return;
            }
            default:
                Ptr.trap();
        }
    }

    private static void stackDefined(long area) {
        if (gprBits(area, RSP) != 0) {
            Reports.value(area, 8);
            defineGpr(area, RSP);
        }
    }

    /** All that is written becomes undefined if anything that is read is, else defined. */
    private static void anything(long area, long record, int pushed) {
        int flags = Ptr.getInt(record + Descriptor.FLAGS);
        boolean any = (Ptr.getLong(area + ShadowRegisters.DIRTY) & Ptr.getLong(record + Descriptor.READS)) != 0;
        int bytes = Ptr.getUnsignedShort(record + Descriptor.MEMORY_SIZE);
        if ((flags & Descriptor.LOADS) != 0) {
            any |= bytes > 64 ? MemoryBits.firstUndefined(Ptr.getLong(area + ShadowRegisters.ADDRESS), bytes) >= 0
                    : Operands.any(area + ShadowRegisters.MEMORY_BITS, bytes);
        }
        if ((flags & Descriptor.STORES) != 0) {
            MemoryBits.setState(Ptr.getLong(area + ShadowRegisters.ADDRESS), bytes, any ? Shadow.UNDEFINED : Shadow.DEFINED);
        }
        if (pushed != 0) {
            MemoryBits.setState(gpr(area, RSP) - pushed, pushed, Shadow.DEFINED);
        }
        setWritten(area, Ptr.getLong(record + Descriptor.WRITES), any);
    }

    private static void define(long area, long record) {
        if ((Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.STORES) != 0) {
            MemoryBits.setState(Ptr.getLong(area + ShadowRegisters.ADDRESS), Ptr.getUnsignedShort(record + Descriptor.MEMORY_SIZE),
                    Shadow.DEFINED);
        }
        setWritten(area, Ptr.getLong(record + Descriptor.WRITES), false);
    }

    private static void setWritten(long area, long writes, boolean undefined) {
        for (long left = writes; left != 0; left &= left - 1) {
            int bit = Long.numberOfTrailingZeros(left);
            if (bit < ShadowRegisters.DIRTY_FLAGS) {
                // The stack pointer is what everything hangs on: an undefined one would be reported at once, and for ever.
                IntegerBits.setGpr(area, bit, 8, undefined && bit != RSP ? -1 : 0);
            } else if (bit == ShadowRegisters.DIRTY_FLAGS) {
                FlagBits.set(area, FlagBits.STATUS, undefined ? FlagBits.STATUS : 0);
            } else if (bit < ShadowRegisters.DIRTY_MASK) {
                int number = bit - ShadowRegisters.DIRTY_VECTOR;
                ShortMemory.fill(area + ShadowRegisters.VECTORS + 64L * number, undefined ? 0xff : 0, 64);
                Operands.vectorDirty(area, number);
            } else if (bit < ShadowRegisters.DIRTY_X87) {
                Operands.setMask(area, bit - ShadowRegisters.DIRTY_MASK, undefined ? -1 : 0);
            } else {
                ShortMemory.fill(area + ShadowRegisters.X87, undefined ? 0xff : 0, 128);
                Operands.x87Dirty(area);
            }
        }
    }

    private static void vector(long area, long record, int operation) {
        int size = Ptr.getUnsignedByte(record + Descriptor.SIZE);
        int parameter = Ptr.getUnsignedByte(record + Descriptor.PARAMETER);
        int bytes = Operands.bytes(record, 0);
        boolean idiom = (Ptr.getInt(record + Descriptor.FLAGS) & Descriptor.IDIOM) != 0;
        switch (operation) {
            case Operation.UNION:
                if (!idiom) {
                    VectorBits.union(area, record, bytes);
                }
                break;
            case Operation.VECTOR_AND:
            case Operation.VECTOR_OR:
            case Operation.VECTOR_AND_NOT:
                if (idiom) {
                    // and, or of a register with itself is the register; andn is 0.
                    if (operation != Operation.VECTOR_AND_NOT) {
                        VectorBits.union(area, record, bytes);
                    }
                } else {
                    VectorBits.logic(area, record, operation, bytes);
                }
                break;
            case Operation.VECTOR_TERNARY:
                VectorBits.ternary(area, record, bytes);
                break;
            case Operation.MASK_OR_TEST:
            case Operation.MASK_TEST:
                VectorBits.testMasks(area, record, operation == Operation.MASK_OR_TEST, size);
                return;
            case Operation.LANES:
                if (!idiom) {
                    VectorBits.union(area, record, bytes);
                    VectorBits.spread(area, size, bytes);
                }
                break;
            case Operation.LOWEST_LANE:
                VectorBits.union(area, record, 64);
                VectorBits.spread(area, size, size);
                VectorBits.keepUpper(area, record, size, bytes);
                break;
            case Operation.LANES_EQUAL:
                if (!idiom) {
                    VectorBits.equal(area, record, size, bytes);
                }
                break;
            case Operation.LANES_EXTREME:
                VectorBits.extreme(area, record, parameter, size, bytes);
                break;
            case Operation.CONVERT:
                VectorBits.convert(area, record, 1, size, parameter, Math.min(bytes / size, Operands.bytes(record, 1) / parameter));
                break;
            case Operation.CONVERT_LOWEST:
                VectorBits.convert(area, record, 2, size, parameter, 1);
                VectorBits.keepUpper(area, record, size, bytes);
                break;
            case Operation.PACK:
                VectorBits.pack(area, record, size, bytes);
                break;
            case Operation.BLOCKS:
                VectorBits.union(area, record, bytes);
                VectorBits.spread(area, bytes < 16 ? bytes : 16, bytes);
                break;
            case Operation.TO_MASK:
            case Operation.TO_MASK_EQUAL:
                // Operand 0 is a mask register: what is compared is as long as the first source.
                if (!idiom) {
                    VectorBits.toMask(area, record, operation == Operation.TO_MASK_EQUAL, size, Operands.bytes(record, 1));
                }
                Operands.commit(area, record);
                return;
            case Operation.FLAGS_FROM_ALL:
                FlagBits.set(area, FlagBits.STATUS,
                        Operands.isUndefined(area, record, 1) || Operands.isUndefined(area, record, 2) ? FlagBits.STATUS : 0);
                return;
            case Operation.VECTOR_TEST:
                VectorBits.test(area, record, size, Operands.bytes(record, 1));
                return;
            case Operation.ZERO_UPPERS:
            case Operation.ZERO_ALL:
                VectorBits.zeroUppers(area, operation == Operation.ZERO_ALL);
                return;
            case Operation.MASKED_LOAD:
            case Operation.MASKED_STORE:
            case Operation.GATHER:
            case Operation.SCATTER:
                ElementSteps.step(area, record, operation, size);
                return;
            case Operation.STRING_INDEX: {
                boolean any = VectorBits.stringUndefined(area, record, 1, (parameter & 1) != 0)
                        || VectorBits.stringUndefined(area, record, 2, (parameter & 1) != 0);
                setWritten(area, Ptr.getLong(record + Descriptor.WRITES), any);
                return;
            }
            case Operation.MASK_SHIFT_LEFT:
            case Operation.MASK_SHIFT_RIGHT:
            case Operation.MASK_UNPACK:
            case Operation.MASK_NOT:
                mask(area, record, operation, size);
                return;
            default:
                Ptr.trap();
        }
        VectorBits.applyMask(area, record, bytes);
        commit(area, record);
    }

    private static void mask(long area, long record, int operation, int size) {
        long m = IntegerBits.cut(size);
        long a = Ptr.getLong(Operands.bits(area, record, 1)) & m;
        long b = Ptr.getLong(Operands.bits(area, record, 2)) & m;
        int count = (int) Ptr.getLong(record + Descriptor.IMMEDIATE) & 0xff;
        long r;
        switch (operation) {
            case Operation.MASK_SHIFT_LEFT:
                r = count > 63 ? 0 : a << count & m;
                break;
            case Operation.MASK_SHIFT_RIGHT:
                r = count > 63 ? 0 : a >>> count;
                break;
            case Operation.MASK_NOT:
                r = a;
                break;
            default:
                // The low half from b, the high half from a.
                r = b & IntegerBits.cut(size / 2) | a << 4 * size & m;
                break;
        }
        result(area, record, r);
    }
}
