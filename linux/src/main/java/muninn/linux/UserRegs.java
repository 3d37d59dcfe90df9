// SPDX-License-Identifier: MIT
package muninn.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@code struct user_regs_struct} of {@code asm/user_64.h}: 27 longs. */
public final class UserRegs {
    public static final int ORIG_RAX = 15;
    public static final int RIP = 16;
    public static final int EFLAGS = 18;
    public static final int FS_BASE = 21;
    public static final int GS_BASE = 22;
    private static final int COUNT = 27;
    /** Index of the general register with hardware number i. */
    private static final int[] GPR = {10, 11, 12, 5, 19, 4, 13, 14, 9, 8, 7, 6, 3, 2, 1, 0};

    final MemorySegment memory = Arena.ofAuto().allocate(COUNT * 8L, 8);

    /** All zero. */
    public UserRegs() {}

    public long get(int index) {
        return memory.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    public void set(int index, long value) {
        memory.setAtIndex(ValueLayout.JAVA_LONG, index, value);
    }

    /** The general register with this hardware number (0 = rax .. 15 = r15). */
    public long gpr(int number) {
        return get(GPR[number]);
    }

    public void setGpr(int number, long value) {
        set(GPR[number], value);
    }

    public long rip() {
        return get(RIP);
    }

    public void setRip(long value) {
        set(RIP, value);
    }

    public long rsp() {
        return gpr(4);
    }

    public void copyFrom(UserRegs other) {
        memory.copyFrom(other.memory);
    }
}
