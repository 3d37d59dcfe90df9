// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.Arrays;

/**
 * Unwinds a stopped thread's stack with full frame descriptions; frame pointers where there are none. For reports and
 * as the measure of the small unwinder in the client.
 */
public final class ControllerUnwinder {
    private static final int RBP = 6;
    /** DWARF numbers of the registers in hardware order (rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15). */
    private static final int[] DWARF_OF = {0, 2, 1, 3, 7, 6, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15};

    private final Symbolizer modules;
    private final StackMemory memory;
    private final StackExpression expression = new StackExpression();

    public ControllerUnwinder(Symbolizer modules, StackMemory memory) {
        this.modules = modules;
        this.memory = memory;
    }

    /**
     * At most {@code max} pcs, innermost first: {@code pc} itself, then for callers the return address minus one (it lies
     * inside the call), and the exact pc where a signal interrupted.
     *
     * @param hardware 16 general registers in hardware order
     */
    public long[] unwind(long pc, long[] hardware, int max) {
        long[] out = new long[Math.max(max, 1)];
        long[] registers = new long[FrameRow.COLUMNS];
        for (int i = 0; i < DWARF_OF.length; i++) {
            registers[DWARF_OF[i]] = hardware[i];
        }
        registers[FrameRow.RA] = pc;
        out[0] = pc;
        int n = 1;
        long look = pc;
        boolean interrupted = true;
        while (n < max) {
            long before = registers[FrameRow.RSP];
            boolean signal;
            try {
                FrameRow row = row(look);
                if (row == null && !interrupted) {
                    // The restorer is entered by a return: its description may start at that very address.
                    FrameRow restorer = row(look + 1);
                    row = restorer != null && restorer.signal ? restorer : null;
                }
                signal = row != null && row.signal;
                if (row == null ? !byFramePointer(registers) : !step(row, registers)) {
                    break;
                }
            } catch (StackMemory.Unreadable | BrokenInput e) {
                break;
            }
            long next = registers[FrameRow.RA];
            if (next == 0 || !signal && Long.compareUnsigned(registers[FrameRow.RSP], before) <= 0) {
                break;
            }
            look = signal ? next : next - 1;
            interrupted = signal;
            out[n++] = look;
        }
        return Arrays.copyOf(out, n);
    }

    private FrameRow row(long pc) {
        Symbolizer.Module module = modules.moduleAt(pc);
        return module == null ? null : module.object().row(pc - module.bias());
    }

    /** Replaces the registers by the caller's; false at the outermost frame. */
    private boolean step(FrameRow row, long[] registers) throws StackMemory.Unreadable {
        if (row.returnColumn != FrameRow.RA || row.kinds[FrameRow.RA] == FrameRow.UNDEFINED
            || row.kinds[FrameRow.RA] == FrameRow.SAME) {
            return false;
        }
        long cfa;
        if (row.cfaRegister < 0) {
            cfa = expression.evaluate(row.bytes, row.cfaFrom, row.cfaTo, registers, memory, false, 0);
        } else if (row.cfaRegister < FrameRow.COLUMNS) {
            cfa = registers[row.cfaRegister] + row.cfaOffset;
        } else {
            return false;
        }
        long[] old = registers.clone();
        registers[FrameRow.RSP] = cfa;
        for (int r = 0; r < FrameRow.COLUMNS; r++) {
            long value = row.values[r];
            int to = (int) value + row.lengths[r];
            switch (row.kinds[r]) {
                case FrameRow.AT_CFA -> registers[r] = memory.getLong(cfa + value);
                case FrameRow.IS_CFA -> registers[r] = cfa + value;
                case FrameRow.REGISTER -> registers[r] = value < FrameRow.COLUMNS ? old[(int) value] : 0;
                case FrameRow.EXPRESSION -> registers[r] = memory.getLong(
                    expression.evaluate(row.bytes, (int) value, to, old, memory, true, cfa));
                case FrameRow.VALUE_EXPRESSION ->
                    registers[r] = expression.evaluate(row.bytes, (int) value, to, old, memory, true, cfa);
                default -> {
                    // The caller's value is still there (or lost, and nobody may ask for it).
                }
            }
        }
        return true;
    }

    private boolean byFramePointer(long[] registers) throws StackMemory.Unreadable {
        long bp = registers[RBP];
        if ((bp & 7) != 0 || Long.compareUnsigned(bp, registers[FrameRow.RSP]) < 0) {
            return false;
        }
        registers[RBP] = memory.getLong(bp);
        registers[FrameRow.RA] = memory.getLong(bp + 8);
        registers[FrameRow.RSP] = bp + 16;
        return true;
    }
}
