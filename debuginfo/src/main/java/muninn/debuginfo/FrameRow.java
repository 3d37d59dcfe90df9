// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/**
 * The unwinding rules at one address: how to find the CFA and where each register of the caller is. Made by running the
 * call frame instructions up to the address (DWARF 5, 6.4.2).
 */
final class FrameRow {
    /** DWARF numbers of the 16 general registers, then the return address. */
    static final int COLUMNS = 17;
    static final int RSP = 7;
    static final int RA = 16;

    static final int SAME = 0;
    static final int UNDEFINED = 1;
    static final int AT_CFA = 2;
    static final int IS_CFA = 3;
    static final int REGISTER = 4;
    static final int EXPRESSION = 5;
    static final int VALUE_EXPRESSION = 6;
    private static final int MOST_REMEMBERED = 64;

    final byte[] bytes;
    final boolean signal;
    final int returnColumn;
    /** Register of the CFA, or -1 when it is an expression. */
    int cfaRegister = -1;
    long cfaOffset;
    /** Place and length of the CFA's expression. */
    int cfaFrom;
    int cfaTo;
    int[] kinds = new int[COLUMNS];
    /** Offset, register number, or start of the expression. */
    long[] values = new long[COLUMNS];
    int[] lengths = new int[COLUMNS];

    private FrameRow(byte[] bytes, CallFrames.Common common) {
        this.bytes = bytes;
        this.signal = common.signal();
        this.returnColumn = common.returnColumn();
    }

    /** The row at an address that description {@code i} covers; null when its instructions are broken. */
    static FrameRow of(CallFrames frames, int i, long vaddr) {
        CallFrames.Common common = frames.common[i];
        try {
            FrameRow row = new FrameRow(frames.bytes, common);
            row.run(new Cursor(frames.bytes, common.from(), common.to()), common, frames.starts[i], -1L, null);
            FrameRow initial = new FrameRow(frames.bytes, common);
            initial.copy(row);
            row.run(new Cursor(frames.bytes, frames.froms[i], frames.tos[i]), common, frames.starts[i], vaddr, initial);
            return row;
        } catch (BrokenInput e) {
            return null;
        }
    }

    private void copy(FrameRow other) {
        cfaRegister = other.cfaRegister;
        cfaOffset = other.cfaOffset;
        cfaFrom = other.cfaFrom;
        cfaTo = other.cfaTo;
        kinds = other.kinds.clone();
        values = other.values.clone();
        lengths = other.lengths.clone();
    }

    private void set(int register, int kind, long value) {
        if (register < COLUMNS) {
            kinds[register] = kind;
            values[register] = value;
        }
    }

    private void restore(int register, FrameRow initial) {
        if (initial != null && register < COLUMNS) {
            kinds[register] = initial.kinds[register];
            values[register] = initial.values[register];
            lengths[register] = initial.lengths[register];
        }
    }

    private void expression(Cursor c, int kind) {
        int register = c.ulebInt();
        int size = c.ulebInt();
        set(register, kind, c.at);
        if (register < COLUMNS) {
            lengths[register] = size;
        }
        c.skip(size);
    }

    private void run(Cursor c, CallFrames.Common common, long start, long target, FrameRow initial) {
        long pc = start;
        FrameRow[] remembered = new FrameRow[MOST_REMEMBERED];
        int depth = 0;
        while (!c.atEnd()) {
            int op = c.u8();
            int low = op & 0x3f;
            long advance = -1;
            switch (op >> 6) {
                case 1 -> advance = low * common.codeAlign();
                case 2 -> set(low, AT_CFA, c.uleb() * common.dataAlign());
                case 3 -> restore(low, initial);
                default -> {
                    switch (op) {
                        case 0x00, 0x2d -> {
                            // padding; register windows of another machine
                        }
                        case 0x01 -> advance = c.unsigned(common.addressSize()) - pc;
                        case 0x02 -> advance = c.u8() * common.codeAlign();
                        case 0x03 -> advance = c.u16() * common.codeAlign();
                        case 0x04 -> advance = c.u32() * common.codeAlign();
                        case 0x05 -> set(c.ulebInt(), AT_CFA, c.uleb() * common.dataAlign());
                        case 0x06 -> restore(c.ulebInt(), initial);
                        case 0x07 -> set(c.ulebInt(), UNDEFINED, 0);
                        case 0x08 -> set(c.ulebInt(), SAME, 0);
                        case 0x09 -> set(c.ulebInt(), REGISTER, c.ulebInt());
                        case 0x0a -> {
                            if (depth == MOST_REMEMBERED) {
                                throw new BrokenInput("too many remembered states");
                            }
                            remembered[depth] = new FrameRow(bytes, common);
                            remembered[depth++].copy(this);
                        }
                        case 0x0b -> {
                            if (depth == 0) {
                                throw new BrokenInput("nothing remembered");
                            }
                            copy(remembered[--depth]);
                        }
                        case 0x0c -> {
                            cfaRegister = c.ulebInt();
                            cfaOffset = c.uleb();
                        }
                        case 0x0d -> cfaRegister = c.ulebInt();
                        case 0x0e -> cfaOffset = c.uleb();
                        case 0x0f -> {
                            int size = c.ulebInt();
                            cfaRegister = -1;
                            cfaFrom = c.at;
                            c.skip(size);
                            cfaTo = c.at;
                        }
                        case 0x10 -> expression(c, EXPRESSION);
                        case 0x11 -> set(c.ulebInt(), AT_CFA, c.sleb() * common.dataAlign());
                        case 0x12 -> {
                            cfaRegister = c.ulebInt();
                            cfaOffset = c.sleb() * common.dataAlign();
                        }
                        case 0x13 -> cfaOffset = c.sleb() * common.dataAlign();
                        case 0x14 -> set(c.ulebInt(), IS_CFA, c.uleb() * common.dataAlign());
                        case 0x15 -> set(c.ulebInt(), IS_CFA, c.sleb() * common.dataAlign());
                        case 0x16 -> expression(c, VALUE_EXPRESSION);
                        case 0x2e -> c.uleb();
                        default -> throw new BrokenInput("unknown frame instruction");
                    }
                }
            }
            if (advance >= 0) {
                pc += advance;
                if (Long.compareUnsigned(pc, target) > 0) {
                    return;
                }
            }
        }
    }
}
