// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/** Evaluates the DWARF expressions that frame descriptions use (DWARF 5, 2.5): a stack of 64-bit values. */
final class StackExpression {
    private static final int DEPTH = 64;
    private static final int MOST_STEPS = 10_000;

    private final long[] stack = new long[DEPTH];
    private int used;

    private void push(long value) {
        if (used == DEPTH) {
            throw new BrokenInput("expression stack");
        }
        stack[used++] = value;
    }

    private long pop() {
        if (used == 0) {
            throw new BrokenInput("expression stack");
        }
        return stack[--used];
    }

    /** The value of the expression {@code [from, to)}; with a CFA given it is pushed first. */
    long evaluate(byte[] bytes, int from, int to, long[] registers, StackMemory memory, boolean withCfa, long cfa)
            throws StackMemory.Unreadable {
        Cursor c = new Cursor(bytes, from, to);
        used = 0;
        if (withCfa) {
            push(cfa);
        }
        for (int steps = 0; !c.atEnd(); steps++) {
            if (steps == MOST_STEPS) {
                throw new BrokenInput("endless expression");
            }
            int op = c.u8();
            if (op >= 0x30 && op <= 0x4f) {
                push(op - 0x30);
            } else if (op >= 0x70 && op <= 0x8f) {
                int register = op - 0x70;
                if (register >= FrameRow.COLUMNS) {
                    throw new BrokenInput("register of an expression");
                }
                push(registers[register] + c.sleb());
            } else {
                step(c, op, memory);
            }
        }
        return pop();
    }

    private void step(Cursor c, int op, StackMemory memory) throws StackMemory.Unreadable {
        switch (op) {
            case 0x03, 0x0e, 0x0f -> push(c.u64());
            case 0x06 -> push(memory.getLong(pop()));
            case 0x08 -> push(c.u8());
            case 0x09 -> push((byte) c.u8());
            case 0x0a -> push(c.u16());
            case 0x0b -> push((short) c.u16());
            case 0x0c -> push(c.u32());
            case 0x0d -> push(c.s32());
            case 0x10 -> push(c.uleb());
            case 0x11 -> push(c.sleb());
            case 0x12 -> {
                long top = pop();
                push(top);
                push(top);
            }
            case 0x13 -> pop();
            case 0x14, 0x15 -> {
                int index = op == 0x14 ? 1 : c.u8();
                if (index >= used) {
                    throw new BrokenInput("expression stack");
                }
                push(stack[used - 1 - index]);
            }
            case 0x16 -> {
                long top = pop();
                long second = pop();
                push(top);
                push(second);
            }
            case 0x19 -> push(Math.abs(pop()));
            case 0x1f -> push(-pop());
            case 0x20 -> push(~pop());
            case 0x23 -> push(pop() + c.uleb());
            case 0x28 -> {
                int distance = (short) c.u16();
                if (pop() != 0) {
                    c.seek(c.at + (long) distance);
                }
            }
            case 0x2f -> {
                int distance = (short) c.u16();
                c.seek(c.at + (long) distance);
            }
            case 0x94 -> {
                int size = c.u8();
                long value = memory.getLong(pop());
                push(size >= 8 ? value : value & (1L << 8 * size) - 1);
            }
            case 0x96 -> {
                // DW_OP_nop
            }
            default -> binary(op);
        }
    }

    private void binary(int op) {
        long b = pop();
        long a = pop();
        push(switch (op) {
            case 0x1a -> a & b;
            case 0x1b -> b == 0 ? 0 : a / b;
            case 0x1c -> a - b;
            case 0x1d -> b == 0 ? 0 : Long.remainderUnsigned(a, b);
            case 0x1e -> a * b;
            case 0x21 -> a | b;
            case 0x22 -> a + b;
            case 0x24 -> Long.compareUnsigned(b, 64) < 0 ? a << b : 0;
            case 0x25 -> Long.compareUnsigned(b, 64) < 0 ? a >>> b : 0;
            case 0x26 -> a >> Math.min(63, b & Long.MAX_VALUE);
            case 0x27 -> a ^ b;
            case 0x29 -> a == b ? 1 : 0;
            case 0x2a -> a >= b ? 1 : 0;
            case 0x2b -> a > b ? 1 : 0;
            case 0x2c -> a <= b ? 1 : 0;
            case 0x2d -> a < b ? 1 : 0;
            case 0x2e -> a != b ? 1 : 0;
            default -> throw new BrokenInput("unknown operation");
        });
    }
}
