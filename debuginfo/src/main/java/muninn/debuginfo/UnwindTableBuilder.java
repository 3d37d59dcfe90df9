// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.Arrays;
import muninn.runtime.UnwindWalk;

/**
 * Turns {@code .eh_frame} into the compact table of {@link UnwindWalk}: pairs of {pc offset from the module's lowest
 * address, rule}, sorted. What the small rules cannot say becomes "stop". It runs at start-up in a cold JVM, so it
 * keeps its state in plain fields and makes no object a function.
 */
public final class UnwindTableBuilder {
    private static final int RBP = 6;
    private static final int RSP = 7;
    private static final int MOST_REMEMBERED = 16;
    private static final int PADDING = 64;
    private static final int RA_SAVED = 0;
    private static final int RA_UNDEFINED = 1;
    private static final int RA_ELSEWHERE = 2;
    private static final int RBP_UNSAVED = Integer.MIN_VALUE;
    private static final int RBP_AT_RBP = Integer.MIN_VALUE + 1;
    /** Values of cfaRegister for what is no register. */
    private static final int CFA_EXPRESSION = -1;
    private static final int CFA_PLT = -2;
    private static final int CFA_LOADED = -3;

    private final long base;
    private int[] table = new int[4096];
    private int used;

    private int cfaRegister;
    private long cfaOffset;
    private long rbpOffset;
    private int returnState;
    private final long[] remembered = new long[4 * MOST_REMEMBERED];

    private UnwindTableBuilder(long base) {
        this.base = base;
    }

    /** The table of a file: an even number of ints, {offset, rule} pairs with strictly growing unsigned offsets. */
    public static int[] build(ElfFile file) {
        return build(CallFrames.ofLoaded(file), file.lowestAddress());
    }

    static int[] build(CallFrames frames, long base) {
        UnwindTableBuilder builder = new UnwindTableBuilder(base);
        long end = base;
        for (int i = 0; i < frames.count; i++) {
            if (Long.compareUnsigned(frames.starts[i], end) < 0 || frames.ends[i] - base >>> 32 != 0) {
                continue;
            }
            // Padding between functions is never on a stack: the last rule may reach over it.
            if (frames.starts[i] - end >= PADDING) {
                builder.emit(end, 0);
            }
            end = frames.ends[i];
            builder.function(frames, i);
        }
        builder.emit(end, 0);
        return Arrays.copyOf(builder.table, builder.used);
    }

    private void emit(long vaddr, int rule) {
        int offset = (int) (vaddr - base);
        if (used > 0 && table[used - 2] == offset) {
            used -= 2;
        }
        if (used > 0 && table[used - 1] == rule) {
            return;
        }
        if (used == table.length) {
            table = Arrays.copyOf(table, 2 * used);
        }
        table[used++] = offset;
        table[used++] = rule;
    }

    private void function(CallFrames frames, int i) {
        CallFrames.Common common = frames.common[i];
        long start = frames.starts[i];
        cfaRegister = CFA_EXPRESSION;
        cfaOffset = 0;
        rbpOffset = RBP_UNSAVED;
        returnState = RA_ELSEWHERE;
        if (common.signal()) {
            emit(start, UnwindWalk.SIGNAL_FRAME);
            return;
        }
        try {
            run(new Cursor(frames.bytes, common.from(), common.to()), common, start, frames.ends[i], null);
            long[] initial = {cfaRegister, cfaOffset, rbpOffset, returnState};
            emit(start, rule());
            run(new Cursor(frames.bytes, frames.froms[i], frames.tos[i]), common, start, frames.ends[i], initial);
        } catch (BrokenInput e) {
            emit(start, 0);
        }
    }

    /** Runs instructions; with {@code initial} given every row is emitted, else they are those of the common entry. */
    private void run(Cursor c, CallFrames.Common common, long start, long end, long[] initial) {
        long pc = start;
        int depth = 0;
        boolean changed = false;
        while (!c.atEnd()) {
            int op = c.u8();
            int low = op & 0x3f;
            long advance = -1;
            switch (op >> 6) {
                case 1 -> advance = low;
                case 2 -> {
                    saved(low, c.uleb() * common.dataAlign(), common);
                    changed = true;
                    continue;
                }
                case 3 -> {
                    restore(low, initial, common);
                    changed = true;
                    continue;
                }
                default -> {
                    if (op == 0) {
                        continue;
                    }
                }
            }
            if (op >= 2 && op <= 4) {
                advance = op == 2 ? c.u8() : op == 3 ? c.u16() : c.u32();
            } else if (op == 1) {
                advance = (c.unsigned(common.addressSize()) - pc) / Math.max(1, common.codeAlign());
            }
            if (advance >= 0) {
                if (changed && initial != null) {
                    emit(pc, rule());
                }
                changed = false;
                pc += advance * common.codeAlign();
                if (Long.compareUnsigned(pc, end) >= 0) {
                    return;
                }
                continue;
            }
            changed = true;
            switch (op) {
                case 0x05 -> saved(c.ulebInt(), c.uleb() * common.dataAlign(), common);
                case 0x06 -> restore(c.ulebInt(), initial, common);
                case 0x07 -> {
                    int register = c.ulebInt();
                    if (register == RBP) {
                        rbpOffset = RBP_UNSAVED;
                    } else if (register == common.returnColumn()) {
                        returnState = RA_UNDEFINED;
                    }
                }
                case 0x08 -> other(c.ulebInt(), common, true);
                case 0x09 -> {
                    other(c.ulebInt(), common, false);
                    c.uleb();
                }
                case 0x0a -> {
                    if (depth == MOST_REMEMBERED) {
                        throw new BrokenInput("too many remembered states");
                    }
                    remember(depth++);
                }
                case 0x0b -> {
                    if (depth == 0) {
                        throw new BrokenInput("nothing remembered");
                    }
                    recall(--depth);
                }
                case 0x0c -> {
                    cfaRegister = c.ulebInt();
                    cfaOffset = c.uleb();
                }
                case 0x0d -> cfaRegister = c.ulebInt();
                case 0x0e -> cfaOffset = c.uleb();
                case 0x0f -> cfaExpression(c);
                case 0x10 -> registerExpression(c, common);
                case 0x11 -> saved(c.ulebInt(), c.sleb() * common.dataAlign(), common);
                case 0x12 -> {
                    cfaRegister = c.ulebInt();
                    cfaOffset = c.sleb() * common.dataAlign();
                }
                case 0x13 -> cfaOffset = c.sleb() * common.dataAlign();
                case 0x14, 0x15 -> {
                    other(c.ulebInt(), common, false);
                    c.uleb();
                }
                case 0x16 -> {
                    other(c.ulebInt(), common, false);
                    c.skip(c.uleb());
                }
                case 0x2e -> c.uleb();
                default -> throw new BrokenInput("unknown frame instruction");
            }
        }
        if (changed && initial != null) {
            emit(pc, rule());
        }
    }

    private void saved(int register, long offset, CallFrames.Common common) {
        if (register == RBP) {
            rbpOffset = offset;
        } else if (register == common.returnColumn()) {
            returnState = offset == -8 ? RA_SAVED : RA_ELSEWHERE;
        }
    }

    private void other(int register, CallFrames.Common common, boolean same) {
        if (register == RBP) {
            if (!same) {
                throw new BrokenInput("frame pointer in an unusual place");
            }
            rbpOffset = RBP_UNSAVED;
        } else if (register == common.returnColumn()) {
            returnState = RA_ELSEWHERE;
        }
    }

    private void restore(int register, long[] initial, CallFrames.Common common) {
        if (initial == null) {
            return;
        }
        if (register == RBP) {
            rbpOffset = initial[2];
        } else if (register == common.returnColumn()) {
            returnState = (int) initial[3];
        }
    }

    private void remember(int depth) {
        remembered[4 * depth] = cfaRegister;
        remembered[4 * depth + 1] = cfaOffset;
        remembered[4 * depth + 2] = rbpOffset;
        remembered[4 * depth + 3] = returnState;
    }

    private void recall(int depth) {
        cfaRegister = (int) remembered[4 * depth];
        cfaOffset = remembered[4 * depth + 1];
        rbpOffset = remembered[4 * depth + 2];
        returnState = (int) remembered[4 * depth + 3];
    }

    /** Two expressions are known: that of every PLT, and the saved argument pointer of a realigned frame. */
    private void cfaExpression(Cursor c) {
        int size = c.ulebInt();
        int at = c.at;
        c.skip(size);
        byte[] b = c.bytes;
        cfaRegister = CFA_EXPRESSION;
        // breg7 8, breg16 0, lit15, and, lit11 (or lit10), ge, lit3, shl, plus
        if (size == 11 && b[at] == 0x77 && b[at + 1] == 8 && (b[at + 2] & 0xff) == 0x80 && b[at + 3] == 0 && b[at + 4] == 0x3f
            && b[at + 5] == 0x1a && b[at + 6] == 0x3b && b[at + 7] == 0x2a && b[at + 8] == 0x33 && b[at + 9] == 0x24
            && b[at + 10] == 0x22) {
            cfaRegister = CFA_PLT;
        } else if (size >= 3 && b[at] == 0x76 && b[at + size - 1] == 6) {
            // breg6 n, deref
            Cursor offset = new Cursor(b, at + 1, at + size - 1);
            cfaOffset = offset.sleb();
            cfaRegister = offset.atEnd() ? CFA_LOADED : CFA_EXPRESSION;
        }
    }

    private void registerExpression(Cursor c, CallFrames.Common common) {
        int register = c.ulebInt();
        int size = c.ulebInt();
        int at = c.at;
        c.skip(size);
        if (register == RBP && size == 2 && c.bytes[at] == 0x76 && c.bytes[at + 1] == 0) {
            rbpOffset = RBP_AT_RBP;
        } else {
            other(register, common, false);
        }
    }

    private int rule() {
        if (returnState != RA_SAVED) {
            return 0;
        }
        if (cfaRegister == CFA_LOADED) {
            int loaded = UnwindWalk.withOffset(cfaOffset);
            return rbpOffset == RBP_AT_RBP && loaded != -1 ? UnwindWalk.LOADED_FRAME | loaded : 0;
        }
        int kind;
        long offset = cfaOffset;
        if (cfaRegister == RSP) {
            kind = UnwindWalk.CFA_RSP;
        } else if (cfaRegister == RBP) {
            kind = UnwindWalk.CFA_RBP;
        } else if (cfaRegister == CFA_PLT) {
            kind = UnwindWalk.CFA_PLT;
            offset = 0;
        } else {
            return 0;
        }
        int frame = UnwindWalk.withOffset(offset);
        int rbp = rbpOffset == RBP_UNSAVED ? 0 : UnwindWalk.withSavedRbp(-rbpOffset);
        return frame == -1 || rbp == -1 ? 0 : kind | frame | rbp;
    }
}
