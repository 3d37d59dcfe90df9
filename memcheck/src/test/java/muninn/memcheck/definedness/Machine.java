// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

import muninn.engine.RuntimeStubs;
import muninn.isa.Insn;
import muninn.memcheck.MemcheckImage;
import muninn.runtime.AddressMap;
import muninn.runtime.Shadow;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.runtime.definedness.Descriptor;
import muninn.runtime.definedness.Definedness;
import muninn.runtime.definedness.PartialBytes;
import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import muninn.sysjavac.SystemImage;

/** Executes single instructions on the real processor, on values or, as steps do, on undefined bits. One thread at a time. */
final class Machine {
    /** Outputs of an execution, in the area: registers, vectors, masks, flags. */
    static final int OUT_GPRS = 0x5000;
    static final int OUT_VECTORS = 0x5100;
    static final int OUT_MASKS = 0x5900;
    static final int OUT_FLAGS = 0x5940;
    private static final int SAVED_SP = 0x5948;
    private static final int RECORD = 0x8000;
    private static final int RWX = 7;
    private static final int RW = 3;
    private static final int PRIVATE_ANONYMOUS = 0x4022;
    private static final int FIXED_NOREPLACE = 0x10_0000;
    private static final int MMAP = 9;
    private static final int SCRATCH = 1 << 16;

    final boolean wide;
    final long area;
    /** 256 bytes for memory operands, in the middle of accessible memory. */
    final long buffer;
    private final long code;
    private final MethodHandle call;
    private final byte[] templateEntry;
    /** The compiled routines; {@code null}: the same code runs on HotSpot. */
    private MethodHandle nativeStep;
    private MethodHandle nativeFinish;

    /** @param compiled steps are executed as clients execute them, compiled by our own compiler */
    @SuppressWarnings("restricted")
    Machine(boolean wide, boolean compiled) {
        this.wide = wide;
        area = map(0, ThreadArea.SIZE, RW);
        buffer = map(0, SCRATCH, RW) + SCRATCH / 2;
        code = map(0, SCRATCH, RWX);
        long shadow = map(0, AddressMap.SHADOW_SIZE, RW);
        long partial = map(0, PartialBytes.TABLE_BYTES, RW);
        Shadow.setBase(shadow);
        PartialBytes.setTable(partial);
        if (compiled) {
            load(shadow, partial);
        }
        map(AddressMap.RUNTIME_BASE, 4096, RW);
        Ptr.putLong(area, area);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        leave(out);
        long end = code + RECORD / 2;
        put(end, out.toByteArray());
        Ptr.putLong(RuntimeStubs.VECTOR_STEP_END, end);
        out = new ByteArrayOutputStream();
        enter(out);
        vectors(out, true, ShadowRegisters.VECTOR_VALUES, ShadowRegisters.MASK_VALUES);
        templateEntry = out.toByteArray();
        call = Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(code), FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    }

    private static long map(long address, long bytes, int protection) {
        long at = Kernel.call(MMAP, address, bytes, protection, PRIVATE_ANONYMOUS | (address == 0 ? 0 : FIXED_NOREPLACE), -1, 0);
        if (at < 0) {
            throw new IllegalStateException("mmap: " + at);
        }
        return at;
    }

    @SuppressWarnings("restricted")
    private void load(long shadow, long partial) {
        SystemImage image = MemcheckImage.compile();
        long at = map(0, image.bytes().length, RWX);
        put(at, image.bytes());
        String runtime = "muninn/runtime/";
        Ptr.putLong(at + image.offset(runtime + "Shadow.base"), shadow);
        Ptr.putLong(at + image.offset(runtime + "definedness/PartialBytes.table"), partial);
        FunctionDescriptor shape = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        nativeStep = Linker.nativeLinker().downcallHandle(
                MemorySegment.ofAddress(at + image.offset(runtime + "definedness/Definedness.step:(JJ)I")), shape);
        nativeFinish = Linker.nativeLinker().downcallHandle(
                MemorySegment.ofAddress(at + image.offset(runtime + "definedness/Definedness.finish:(JJ)V")), shape);
    }

    private int callStep(long record) {
        try {
            return nativeStep == null ? Definedness.step(area, record) : (int) nativeStep.invokeExact(area, record);
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private void callFinish(long record) {
        try {
            if (nativeFinish == null) {
                Definedness.finish(area, record);
            } else {
                int unused = (int) nativeFinish.invokeExact(area, record);
            }
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private static void put(long at, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            Ptr.putByte(at + i, bytes[i]);
        }
    }

    /** Makes the instruction ready for {@link #execute}. */
    byte[] prepare(Insn insn) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        enter(out);
        vectors(out, true, ShadowRegisters.VECTOR_VALUES, ShadowRegisters.MASK_VALUES);
        gs(out, 0x8b, 0, ThreadArea.FLAGS);
        bytes(out, 0x50, 0x9d);
        for (int i = 0; i < 16; i++) {
            if (i != 4) {
                gs(out, 0x8b, i, ThreadArea.gpr(i));
            }
        }
        for (int i = 0; i < insn.length(); i++) {
            out.write(insn.byteAt(i));
        }
        for (int i = 0; i < 16; i++) {
            if (i != 4) {
                gs(out, 0x89, i, OUT_GPRS + 8 * i);
            }
        }
        bytes(out, 0x9c, 0x58);
        gs(out, 0x89, 0, OUT_FLAGS);
        bytes(out, 0xfc);
        vectors(out, false, OUT_VECTORS, OUT_MASKS);
        leave(out);
        return out.toByteArray();
    }

    /** Executes code that {@link #prepare} has made. */
    void execute(byte[] prepared) {
        put(code, prepared);
        run();
    }

    /** What a slow fragment does in front of the instruction: descriptor, step, template. */
    void step(byte[] descriptor) {
        put(code + RECORD, descriptor);
        if (callStep(code + RECORD) != 0) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(templateEntry);
            out.write(0xe9);
            long d = code + RECORD + Descriptor.BYTES - (code + out.size() + 4);
            int4(out, (int) d);
            put(code, out.toByteArray());
            run();
            callFinish(code + RECORD);
        }
    }

    private void run() {
        try {
            call.invokeExact(area);
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private static void enter(ByteArrayOutputStream out) {
        bytes(out, 0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57);
        bytes(out, 0xf3, 0x48, 0x0f, 0xae, 0xdf);                 // wrgsbase rdi
        gs(out, 0x89, 4, SAVED_SP);
    }

    private static void leave(ByteArrayOutputStream out) {
        gs(out, 0x8b, 4, SAVED_SP);
        bytes(out, 0x31, 0xc0, 0xf3, 0x48, 0x0f, 0xae, 0xd8);     // xor eax, eax; wrgsbase rax
        bytes(out, 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc5, 0xf8, 0x77, 0xc3);
    }

    private void vectors(ByteArrayOutputStream out, boolean load, int vectors, int masks) {
        for (int i = 0; i < (wide ? 32 : 16); i++) {
            out.write(0x65);
            if (wide) {
                bytes(out, 0x62, 0x61 | ((i & 8) == 0 ? 0x80 : 0) | ((i & 16) == 0 ? 0x10 : 0), 0x7c, 0x48);
            } else {
                bytes(out, 0xc5, i < 8 ? 0xfc : 0x7c);
            }
            bytes(out, load ? 0x10 : 0x11, 4 | (i & 7) << 3, 0x25);
            int4(out, vectors + 64 * i);
        }
        for (int i = 0; wide && i < 8; i++) {
            bytes(out, 0x65, 0xc4, 0xe1, 0xf8, load ? 0x90 : 0x91, 4 | i << 3, 0x25);
            int4(out, masks + 8 * i);
        }
    }

    private static void gs(ByteArrayOutputStream out, int opcode, int reg, int slot) {
        bytes(out, 0x65, reg >= 8 ? 0x4c : 0x48, opcode, 4 | (reg & 7) << 3, 0x25);
        int4(out, slot);
    }

    private static void bytes(ByteArrayOutputStream out, int... values) {
        for (int v : values) {
            out.write(v);
        }
    }

    private static void int4(ByteArrayOutputStream out, int v) {
        bytes(out, v, v >> 8, v >> 16, v >> 24);
    }
}
