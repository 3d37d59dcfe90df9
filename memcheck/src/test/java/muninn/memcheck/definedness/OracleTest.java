// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import muninn.isa.Flags;
import muninn.isa.Insn;
import muninn.isa.Operand;
import muninn.memcheck.Processor;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.runtime.definedness.Descriptor;
import muninn.runtime.definedness.FlagBits;
import muninn.runtime.definedness.MemoryBits;
import muninn.sysjava.Ptr;

/**
 * The rules against the truth (DESIGN 5): with random operands and random undefined bits, the instruction is executed with these bits
 * turned over in many ways. A bit of the result that changes has to be undefined (no exception); one that is undefined and never
 * changes is counted as imprecision.
 *
 * <p>{@code -Dmuninn.oracle.trials=10000} for a long run, {@code -Dmuninn.oracle.narrow=true} as if there were no 512-bit vectors,
 * {@code -Dmuninn.oracle.only=MNEMONIC}; a failure names the instruction.
 */
final class OracleTest {
    private static final int TRIALS = Integer.getInteger("muninn.oracle.trials", 40);
    private static final long SEED = Long.getLong("muninn.oracle.seed", 1);
    private static final String ONLY = System.getProperty("muninn.oracle.only", "");
    private static final int FLIPS = 24;
    private static final int MEMORY = 64;
    private static final long STATUS = FlagBits.CF | FlagBits.PF | FlagBits.AF | FlagBits.ZF | FlagBits.SF | FlagBits.OF;

    private Machine machine;
    private Random random;
    private Insn insn;
    private final List<String> unsound = new ArrayList<>();
    private final Map<String, long[]> imprecision = new TreeMap<>();

    /** Values and undefined bits of everything an instruction may read. */
    private final long[] gprs = new long[16];
    private final long[] gprBits = new long[16];
    private final long[] vectors = new long[32 * 8];
    private final long[] vectorBits = new long[32 * 8];
    private final long[] masks = new long[8];
    private final long[] maskBits = new long[8];
    private final byte[] memory = new byte[MEMORY];
    private final byte[] memoryBits = new byte[MEMORY];
    private long flags;
    private long flagBits;

    /** As clients execute the rules, compiled by our own compiler. */
    @Test
    void whatChangesIsUndefined() {
        boolean wide = Processor.hasVectors512() && !Boolean.getBoolean("muninn.oracle.narrow");
        Assumptions.assumeTrue(Processor.hasFsBase() && Processor.hasBmi2(), "SKIPPED: this machine lacks fsgsbase or BMI2");
        machine = new Machine(wide, Boolean.parseBoolean(System.getProperty("muninn.oracle.compiled", "true")));
        Descriptors descriptors = new Descriptors(wide);
        List<Insn> forms = Forms.all(wide, 2);
        Assumptions.assumeTrue(!forms.isEmpty(), "no library to take instructions from");
        for (int f = 0; f < forms.size(); f++) {
            insn = forms.get(f);
            if (!insn.mnemonic().contains(ONLY)) {
                continue;
            }
            byte[] descriptor = descriptors.step(insn).descriptor();
            byte[] code = machine.prepare(insn);
            int before = unsound.size();
            for (int trial = 0; trial < TRIALS && unsound.size() == before; trial++) {
                random = new Random(SEED * 1_000_003 + f * 10_007L + trial);
                trial(descriptor, code);
            }
        }
        StringBuilder s = new StringBuilder();
        imprecision.forEach((name, n) -> {
            if (n[1] > 0) {
                s.append(String.format("%s %.1f%% ", name, 100.0 * n[1] / n[0]));
            }
        });
        System.out.println("oracle: " + forms.size() + " forms, " + TRIALS + " trials each;"
                + " bits called undefined that never changed: " + s);
        assertThat(unsound).isEmpty();
    }

    private void trial(byte[] descriptor, byte[] code) {
        choose();
        placeInputs(true);
        machine.step(descriptor);
        long[] gprShadow = longs(ShadowRegisters.GPRS, 16);
        long flagShadow = Ptr.getLong(machine.area + ShadowRegisters.FLAGS);
        long[] vectorShadow = longs(ShadowRegisters.VECTORS, machine.wide ? 256 : 128);
        long[] maskShadow = longs(ShadowRegisters.MASKS, 8);
        byte[] memoryShadow = new byte[MEMORY];
        for (int i = 0; i < MEMORY; i++) {
            memoryShadow[i] = (byte) MemoryBits.get(machine.buffer + i);
        }
        checkDirty(gprShadow, flagShadow, vectorShadow, maskShadow);
        Outcome base = run(code);
        long changed = 0;
        long[] gprChanged = new long[16];
        long[] vectorChanged = new long[256];
        long[] maskChanged = new long[8];
        byte[] memoryChanged = new byte[MEMORY];
        for (int flip = 0; flip < FLIPS; flip++) {
            flip(flip);
            Outcome other = run(code);
            for (int i = 0; i < 16; i++) {
                gprChanged[i] |= base.gprs[i] ^ other.gprs[i];
            }
            for (int i = 0; i < vectorShadow.length; i++) {
                vectorChanged[i] |= base.vectors[i] ^ other.vectors[i];
            }
            for (int i = 0; i < 8; i++) {
                maskChanged[i] |= base.masks[i] ^ other.masks[i];
            }
            for (int i = 0; i < MEMORY; i++) {
                memoryChanged[i] |= (byte) (base.memory[i] ^ other.memory[i]);
            }
            changed |= conditions(base.flags) ^ conditions(other.flags);
        }
        for (int i = 0; i < 16; i++) {
            judge("gpr " + i, gprChanged[i], gprShadow[i]);
        }
        for (int i = 0; i < vectorShadow.length; i++) {
            judge("vector " + i / 8 + " long " + i % 8, vectorChanged[i], vectorShadow[i]);
        }
        for (int i = 0; i < 8; i++) {
            judge("mask " + i, maskChanged[i], maskShadow[i]);
        }
        for (int i = 0; i < MEMORY; i++) {
            judge("memory " + i, memoryChanged[i] & 0xff, memoryShadow[i] & 0xff);
        }
        long judged = judgedFlags();
        judge("flags", changed & judged, flagShadow & judged);
    }

    /** Flags, with the conditions on several of them at the bits that {@link FlagBits} gives them. */
    private static long conditions(long flags) {
        return flags & STATUS | (FlagBits.holds(flags, 6) ? FlagBits.BE : 0) | (FlagBits.holds(flags, 12) ? FlagBits.L : 0)
                | (FlagBits.holds(flags, 14) ? FlagBits.LE : 0);
    }

    /** Not those that the architecture leaves undefined. */
    private long judgedFlags() {
        int u = insn.flagsUndefined();
        long judged = STATUS;
        judged &= ~((u & Flags.CF) != 0 ? FlagBits.CF : 0);
        judged &= ~((u & Flags.PF) != 0 ? FlagBits.PF : 0);
        judged &= ~((u & Flags.AF) != 0 ? FlagBits.AF : 0);
        judged &= ~((u & Flags.ZF) != 0 ? FlagBits.ZF : 0);
        judged &= ~((u & Flags.SF) != 0 ? FlagBits.SF : 0);
        judged &= ~((u & Flags.OF) != 0 ? FlagBits.OF : 0);
        if ((judged & (FlagBits.CF | FlagBits.ZF)) == (FlagBits.CF | FlagBits.ZF)) {
            judged |= FlagBits.BE;
        }
        if ((judged & (FlagBits.SF | FlagBits.OF)) == (FlagBits.SF | FlagBits.OF)) {
            judged |= FlagBits.L;
            judged |= (judged & FlagBits.ZF) != 0 ? FlagBits.LE : 0;
        }
        return judged;
    }

    private void judge(String where, long changed, long shadow) {
        if ((changed & ~shadow) != 0 && unsound.size() < 100) {
            unsound.add(insn + " [" + bytes() + "] " + where + ": changed " + Long.toHexString(changed) + ", undefined "
                    + Long.toHexString(shadow));
        }
        long[] n = imprecision.computeIfAbsent(insn.mnemonic(), m -> new long[2]);
        n[0] += Long.bitCount(shadow);
        n[1] += Long.bitCount(shadow & ~changed);
    }

    private String bytes() {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < insn.length(); i++) {
            s.append(String.format("%02x", insn.byteAt(i)));
        }
        return s.toString();
    }

    /** A register with a shadow is dirty, one without is not. */
    private void checkDirty(long[] gpr, long flag, long[] vector, long[] mask) {
        long expected = 0;
        for (int i = 0; i < 16; i++) {
            expected |= gpr[i] != 0 ? 1L << i : 0;
        }
        expected |= flag != 0 ? 1L << ShadowRegisters.DIRTY_FLAGS : 0;
        for (int i = 0; i < vector.length; i++) {
            expected |= vector[i] != 0 ? 1L << ShadowRegisters.DIRTY_VECTOR + i / 8 : 0;
        }
        for (int i = 0; i < 8; i++) {
            expected |= mask[i] != 0 ? 1L << ShadowRegisters.DIRTY_MASK + i : 0;
        }
        long dirty = Ptr.getLong(machine.area + ShadowRegisters.DIRTY);
        if (dirty != expected && unsound.size() < 100) {
            unsound.add(insn + " [" + bytes() + "] dirty " + Long.toHexString(dirty) + ", shadow says " + Long.toHexString(expected));
        }
    }

    // ---- inputs ----

    private void choose() {
        for (int i = 0; i < 16; i++) {
            gprs[i] = value();
            gprBits[i] = reads(insn.gprReads() >> i & 1) ? bits() : 0;
        }
        int style = random.nextInt(4);
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = style == 0 ? random.nextLong() : style == 1 ? value() : style == 2
                    ? Double.doubleToRawLongBits(random.nextInt(100) / 7.0) : random.nextLong() & 0x0303_0303_0303_0303L;
            vectorBits[i] = 0;
        }
        for (int i = 0; i < 8; i++) {
            masks[i] = random.nextInt(3) == 0 ? -1 : random.nextLong();
            maskBits[i] = 0;
        }
        chooseVectors();
        flags = 2 | (random.nextLong() & STATUS);
        flagBits = reads(insn.flagsRead() & Flags.STATUS) ? undefinedFlags() : 0;
        for (int i = 0; i < MEMORY; i += 8) {
            long v = style == 3 ? random.nextLong() & 0x0303_0303_0303_0303L : value();
            long b = random.nextInt(2) == 0 ? bits() : 0;
            for (int k = 0; k < 8; k++) {
                memory[i + k] = (byte) (v >> 8 * k);
                memoryBits[i + k] = (byte) (b >> 8 * k);
            }
        }
        if (insn.hasMemory()) {
            int index = insn.memIndex();
            long at = machine.buffer - insn.memDisp();
            if (index >= 0) {
                gprs[index] = random.nextInt(4);
                gprBits[index] = 0;
                at -= gprs[index] * insn.memScale();
            }
            gprs[insn.memBase()] = at;
            gprBits[insn.memBase()] = 0;
        }
    }

    private void chooseVectors() {
        for (int k = 0; k < insn.operandCount(); k++) {
            int number = switch (Operand.kind(insn.operand(k))) {
                case Operand.VECTOR_REG -> insn.regNumber();
                case Operand.VECTOR_VEX -> insn.vexNumber();
                case Operand.VECTOR_RM, Operand.VECTOR_RM_REG -> insn.rmNumber();
                case Operand.VECTOR_IMM -> (int) insn.immediate() >> 4 & 15;
                case Operand.XMM0 -> 0;
                default -> -1;
            };
            // A choice of elements to load or store is reported if it is undefined, which this is not about.
            boolean chooses = insn.isMasked() && insn.hasMemory() && Operand.kind(insn.operand(k)) == Operand.VECTOR_VEX;
            if (number >= 0 && !chooses && random.nextInt(2) == 0) {
                for (int i = 0; i < (machine.wide ? 8 : 4); i++) {
                    vectorBits[8 * number + i] = random.nextInt(3) == 0 ? bits() : 0;
                }
            }
        }
        for (int k = 0; k < insn.operandCount(); k++) {
            int number = switch (Operand.kind(insn.operand(k))) {
                case Operand.MASK_REG -> insn.regNumber() & 7;
                case Operand.MASK_VEX -> insn.vexNumber() & 7;
                case Operand.MASK_RM -> insn.rmNumber() & 7;
                default -> -1;
            };
            if (number >= 0 && random.nextInt(2) == 0) {
                maskBits[number] = bits();
            }
        }
        if (insn.opmask() != 0 && insn.isEvex() && !insn.hasMemory() && random.nextInt(4) == 0) {
            maskBits[insn.opmask()] = bits();
        }
    }

    private boolean reads(int any) {
        return any != 0 && random.nextInt(2) == 0;
    }

    private long undefinedFlags() {
        return random.nextLong() & STATUS;
    }

    private long value() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(16);
            case 1 -> -random.nextInt(16);
            case 2 -> 1L << random.nextInt(64);
            case 3 -> random.nextInt() & 0xffff_ffffL;
            default -> random.nextLong();
        };
    }

    private long bits() {
        return switch (random.nextInt(6)) {
            case 0 -> -1;
            case 1 -> 1L << random.nextInt(64);
            case 2 -> 0xffL << 8 * random.nextInt(8);
            case 3 -> 0xffff_ffffL << 32 * random.nextInt(2);
            case 4 -> random.nextLong() & random.nextLong() & random.nextLong();
            default -> random.nextLong();
        };
    }

    /** Writes values, and at the start undefined bits, to where the step and the machine find them. */
    private void placeInputs(boolean withBits) {
        long area = machine.area;
        for (int i = 0; i < 16; i++) {
            Ptr.putLong(area + ThreadArea.gpr(i), gprs[i]);
        }
        Ptr.putLong(area + ThreadArea.CLIENT_R10, gprs[10]);
        Ptr.putLong(area + ThreadArea.CLIENT_R11, gprs[11]);
        Ptr.putLong(area + ThreadArea.FLAGS, flags);
        for (int i = 0; i < vectors.length; i++) {
            Ptr.putLong(area + ShadowRegisters.VECTOR_VALUES + 8 * i, vectors[i]);
        }
        for (int i = 0; i < 8; i++) {
            Ptr.putLong(area + ShadowRegisters.MASK_VALUES + 8 * i, masks[i]);
        }
        for (int i = 0; i < MEMORY; i++) {
            Ptr.putByte(machine.buffer + i, memory[i]);
        }
        if (!withBits) {
            return;
        }
        long dirty = 0;
        for (int i = 0; i < 16; i++) {
            Ptr.putLong(area + ShadowRegisters.GPRS + 8 * i, gprBits[i]);
            dirty |= gprBits[i] != 0 ? 1L << i : 0;
        }
        long combined = flagBits == 0 ? 0 : flagBits | conditionsOf(flagBits);
        Ptr.putLong(area + ShadowRegisters.FLAGS, combined);
        dirty |= combined != 0 ? 1L << ShadowRegisters.DIRTY_FLAGS : 0;
        for (int i = 0; i < vectorBits.length; i++) {
            Ptr.putLong(area + ShadowRegisters.VECTORS + 8 * i, vectorBits[i]);
            dirty |= vectorBits[i] != 0 ? 1L << ShadowRegisters.DIRTY_VECTOR + i / 8 : 0;
        }
        for (int i = 0; i < 8; i++) {
            Ptr.putLong(area + ShadowRegisters.MASKS + 8 * i, maskBits[i]);
            dirty |= maskBits[i] != 0 ? 1L << ShadowRegisters.DIRTY_MASK + i : 0;
        }
        Ptr.putLong(area + ShadowRegisters.DIRTY, dirty);
        for (int i = 0; i < MEMORY; i++) {
            Ptr.putByte(area + ShadowRegisters.MERGE, memoryBits[i]);
            MemoryBits.store(area + ShadowRegisters.MERGE, machine.buffer + i, 1);
        }
    }

    private static long conditionsOf(long bits) {
        long all = 0;
        all |= (bits & (FlagBits.CF | FlagBits.ZF)) != 0 ? FlagBits.BE : 0;
        all |= (bits & (FlagBits.SF | FlagBits.OF)) != 0 ? FlagBits.L : 0;
        return all | ((bits & (FlagBits.SF | FlagBits.OF | FlagBits.ZF)) != 0 ? FlagBits.LE : 0);
    }

    private record Outcome(long[] gprs, long[] vectors, long[] masks, byte[] memory, long flags) {}

    private Outcome run(byte[] code) {
        placeInputs(false);
        machine.execute(code);
        byte[] after = new byte[MEMORY];
        for (int i = 0; i < MEMORY; i++) {
            after[i] = Ptr.getByte(machine.buffer + i);
        }
        long[] g = longs(Machine.OUT_GPRS, 16);
        g[4] = gprs[4];
        return new Outcome(g, longs(Machine.OUT_VECTORS, machine.wide ? 256 : 128), longs(Machine.OUT_MASKS, 8), after,
                Ptr.getLong(machine.area + Machine.OUT_FLAGS));
    }

    private long[] longs(int offset, int count) {
        long[] out = new long[count];
        for (int i = 0; i < count; i++) {
            out[i] = Ptr.getLong(machine.area + offset + 8L * i);
        }
        return out;
    }

    /** Turns undefined bits over: all of them, or some. */
    private void flip(int n) {
        for (int i = 0; i < 16; i++) {
            gprs[i] ^= gprBits[i] & choice(n);
        }
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] ^= vectorBits[i] == 0 ? 0 : vectorBits[i] & choice(n);
        }
        for (int i = 0; i < 8; i++) {
            masks[i] ^= maskBits[i] & choice(n);
        }
        for (int i = 0; i < MEMORY; i++) {
            memory[i] ^= (byte) (memoryBits[i] & choice(n));
        }
        flags ^= flagBits & choice(n);
    }

    private long choice(int n) {
        return n == 0 ? -1 : n % 3 == 0 ? 1L << random.nextInt(64) : random.nextLong();
    }
}
