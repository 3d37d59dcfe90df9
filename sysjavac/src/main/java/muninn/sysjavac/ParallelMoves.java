// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import muninn.isa.code.Asm;
import muninn.isa.code.Reg;

/**
 * Moves that happen all at once: each source is read before any target is written. A place is a register number or {@link #FRAME}
 * plus a displacement from rsp. r11 breaks circles and r10 carries what goes from frame to frame; no source is in either,
 * and r10 may be a target if no target is in the frame.
 */
final class ParallelMoves {
    static final int FRAME = 1 << 8;
    private static final int CONSTANT = -1;

    private final Asm asm;
    private int[] targets = new int[8];
    private int[] sources = new int[8];
    private long[] constants = new long[8];
    private int count;

    ParallelMoves(Asm asm) {
        this.asm = asm;
    }

    void add(int target, int source) {
        if (target != source) {
            add(target, source, 0);
        }
    }

    void addConstant(int target, long value) {
        add(target, CONSTANT, value);
    }

    boolean isEmpty() {
        return count == 0;
    }

    private void add(int target, int source, long constant) {
        if (count == targets.length) {
            targets = java.util.Arrays.copyOf(targets, count * 2);
            sources = java.util.Arrays.copyOf(sources, count * 2);
            constants = java.util.Arrays.copyOf(constants, count * 2);
        }
        targets[count] = target;
        sources[count] = source;
        constants[count++] = constant;
    }

    void emit() {
        while (count > 0) {
            int ready = nextReady();
            if (ready < 0) {
                // Only circles are left: one source is set aside, so its place is free to be written.
                int source = sources[0];
                move(Reg.R11, source);
                for (int i = 0; i < count; i++) {
                    if (sources[i] == source) {
                        sources[i] = Reg.R11;
                    }
                }
            } else {
                if (sources[ready] == CONSTANT) {
                    constant(targets[ready], constants[ready]);
                } else {
                    move(targets[ready], sources[ready]);
                }
                count--;
                targets[ready] = targets[count];
                sources[ready] = sources[count];
                constants[ready] = constants[count];
            }
        }
    }

    /** A move whose target nobody has to read any more. */
    private int nextReady() {
        for (int i = 0; i < count; i++) {
            boolean isRead = false;
            for (int k = 0; k < count && !isRead; k++) {
                isRead = k != i && sources[k] == targets[i];
            }
            if (!isRead) {
                return i;
            }
        }
        return -1;
    }

    private void move(int target, int source) {
        if (source < FRAME) {
            if (target < FRAME) {
                asm.mov64(target, source);
            } else {
                asm.store64(Reg.RSP, target - FRAME, source);
            }
        } else if (target < FRAME) {
            asm.load64(target, Reg.RSP, source - FRAME);
        } else {
            asm.load64(Reg.R10, Reg.RSP, source - FRAME);
            asm.store64(Reg.RSP, target - FRAME, Reg.R10);
        }
    }

    private void constant(int target, long value) {
        if (target < FRAME) {
            if (value == 0) {
                asm.zero(target);
            } else {
                asm.movImm(target, value);
            }
        } else if (value == (int) value) {
            asm.storeImm(64, muninn.isa.code.Mem.at(Reg.RSP, target - FRAME), (int) value);
        } else {
            asm.movImm(Reg.R10, value);
            asm.store64(Reg.RSP, target - FRAME, Reg.R10);
        }
    }
}
