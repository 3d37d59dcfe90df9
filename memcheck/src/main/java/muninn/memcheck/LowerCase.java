// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a C library keeps each thread's pointer to its table of lower-case letters, read off its {@code __ctype_tolower_loc}, which does
 * nothing but add an offset to the thread pointer.
 *
 * @param slot address of a long that holds the offset once the library is relocated; 0: none
 * @param offset the offset, if there is no slot; 0: it is not known
 */
record LowerCase(long slot, long offset) {
    static final String FUNCTION = "__ctype_tolower_loc";
    /** So many bytes of the function are looked at. */
    static final int LENGTH = 21;

    private static final int ENDBR64 = 0xfa1e0ff3;
    /** mov rax, [rip + disp32] */
    private static final int LOAD = 0x058b48;
    /** mov rax, imm32: what a static linker makes of it */
    private static final int CONSTANT = 0xc0c748;
    private static final int MOVE_BYTES = 7;
    /** add rax, fs:[0] */
    private static final long ADD_THREAD_POINTER = 0x00_0025_0403_4864L;
    private static final int ADD_BYTES = 9;

    /** @param code {@link #LENGTH} bytes of the function at {@code address} */
    static LowerCase read(long address, byte[] code) {
        ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        int start = bytes.getInt(0) == ENDBR64 ? 4 : 0;
        int move = bytes.getInt(start) & 0xff_ffff;
        int value = bytes.getInt(start + 3);
        int behind = start + MOVE_BYTES;
        if (bytes.getLong(behind) != ADD_THREAD_POINTER || bytes.get(behind + ADD_BYTES - 1) != 0) {
            return new LowerCase(0, 0);
        }
        return switch (move) {
            case LOAD -> new LowerCase(address + behind + value, 0);
            case CONSTANT -> new LowerCase(0, value);
            default -> new LowerCase(0, 0);
        };
    }
}
