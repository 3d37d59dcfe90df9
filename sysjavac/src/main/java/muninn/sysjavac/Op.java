// SPDX-License-Identifier: MIT
package muninn.sysjavac;

/**
 * Operations of the intermediate form. Those with a size work on the low 32 or on all 64 bits; the upper half of a 32-bit
 * value is undefined, so that narrowing costs nothing. Memory operations have base and index (either may be absent) as
 * inputs 0 and 1, values after them.
 */
enum Op {
    CONST, PARAM, PHI,
    ADD, SUB, MUL, AND, OR, XOR,
    /** Shifts and rotations take the count modulo the size. */
    SHL, SAR, SHR, ROTL, ROTR,
    NEG, ABS, MIN, MAX,
    /** A division by zero traps; the overflowing signed quotient wraps. */
    DIV, REM, UDIV, UREM,
    MULHI, UMULHI,
    /** -1, 0 or 1 by a signed or unsigned comparison of the size. */
    CMP3, UCMP3,
    /** Extensions of the low bits: signed to 32, unsigned to 64, SEXT32 and ZEXT32 to 64. */
    SEXT8, SEXT16, SEXT32, ZEXT8, ZEXT16, ZEXT32,
    POPCNT, CLZ, CTZ, BSWAP,
    /** Zero-extending and sign-extending loads; the size is that of memory. */
    LOAD, LOADS, STORE,
    /** Static fields: imm is the offset in the data. */
    LOAD_STATIC, LOADS_STATIC, STORE_STATIC,
    /** Constant tables: imm is the offset in the read-only part, input 0 the index. */
    LOAD_TABLE, LOADS_TABLE,
    CAS, XADD, XCHG, LOCK_OR, LOCK_AND, FENCE, PAUSE,
    COPY, COPY_BACKWARD, FILL, THREAD_AREA, THREAD_POINTER, TRAP, SYSCALL, CALL,
    GOTO, BRANCH, SWITCH, RETURN;

    /** Whether equal inputs give equal results and an unused result may be dropped. */
    boolean isPure() {
        return ordinal() >= ADD.ordinal() && ordinal() <= BSWAP.ordinal() || this == THREAD_AREA || this == LOAD_TABLE
                || this == LOADS_TABLE;
    }

    /** Whether it may be dropped when nobody uses the result; a load may, a division is a check as well. */
    boolean isRemovable() {
        return switch (this) {
            case DIV, REM, UDIV, UREM -> false;
            case CONST, PARAM, PHI, LOAD, LOADS, LOAD_STATIC, LOADS_STATIC -> true;
            default -> isPure();
        };
    }

    boolean isCommutative() {
        return switch (this) {
            case ADD, MUL, AND, OR, XOR, MIN, MAX, MULHI, UMULHI -> true;
            default -> false;
        };
    }

    boolean hasAddress() {
        return switch (this) {
            case LOAD, LOADS, STORE, CAS, XADD, XCHG, LOCK_OR, LOCK_AND -> true;
            default -> false;
        };
    }

    boolean isTerminator() {
        return ordinal() >= GOTO.ordinal();
    }
}
