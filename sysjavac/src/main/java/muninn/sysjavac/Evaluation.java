// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import muninn.isa.code.Cond;

/** What the pure operations compute: the one definition for constant folding and for the interpreter. */
final class Evaluation {
    private Evaluation() {}

    /** A 32-bit result comes sign-extended. {@code b} is ignored by operations of one input. */
    static long apply(Op op, int size, long a, long b) {
        return size == 64 ? wide(op, a, b) : narrow(op, (int) a, (int) b);
    }

    /** Whether there is a result at all. */
    static boolean isDefined(Op op, int size, long b) {
        return switch (op) {
            case DIV, REM, UDIV, UREM -> size == 64 ? b != 0 : (int) b != 0;
            default -> true;
        };
    }

    private static long wide(Op op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SHL -> a << b;
            case SAR -> a >> b;
            case SHR -> a >>> b;
            case ROTL -> Long.rotateLeft(a, (int) b);
            case ROTR -> Long.rotateRight(a, (int) b);
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case DIV -> a / b;
            case REM -> a % b;
            case UDIV -> Long.divideUnsigned(a, b);
            case UREM -> Long.remainderUnsigned(a, b);
            case MULHI -> Math.multiplyHigh(a, b);
            case UMULHI -> Math.unsignedMultiplyHigh(a, b);
            case CMP3 -> Long.compare(a, b);
            case UCMP3 -> Integer.signum(Long.compareUnsigned(a, b));
            case POPCNT -> Long.bitCount(a);
            case CLZ -> Long.numberOfLeadingZeros(a);
            case CTZ -> Long.numberOfTrailingZeros(a);
            case BSWAP -> Long.reverseBytes(a);
            default -> extension(op, a);
        };
    }

    private static long narrow(Op op, int a, int b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SHL -> a << b;
            case SAR -> a >> b;
            case SHR -> a >>> b;
            case ROTL -> Integer.rotateLeft(a, b);
            case ROTR -> Integer.rotateRight(a, b);
            case NEG -> -a;
            case ABS -> Math.abs(a);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case DIV -> a / b;
            case REM -> a % b;
            case UDIV -> Integer.divideUnsigned(a, b);
            case UREM -> Integer.remainderUnsigned(a, b);
            case CMP3 -> Integer.compare(a, b);
            case UCMP3 -> Integer.signum(Integer.compareUnsigned(a, b));
            case POPCNT -> Integer.bitCount(a);
            case CLZ -> Integer.numberOfLeadingZeros(a);
            case CTZ -> Integer.numberOfTrailingZeros(a);
            case BSWAP -> Integer.reverseBytes(a);
            default -> extension(op, a);
        };
    }

    private static long extension(Op op, long a) {
        return switch (op) {
            case SEXT8 -> (byte) a;
            case SEXT16 -> (short) a;
            case SEXT32 -> (int) a;
            case ZEXT8 -> a & 0xff;
            case ZEXT16 -> a & 0xffff;
            case ZEXT32 -> a & 0xffff_ffffL;
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    /** Whether a branch is taken. */
    static boolean isTrue(int cond, boolean bitTest, int size, long left, long right) {
        long a = size == 64 ? left : (int) left;
        long b = size == 64 ? right : (int) right;
        if (bitTest) {
            a &= b;
            b = 0;
        }
        // Sign extension keeps the unsigned order of 32-bit values.
        return switch (cond) {
            case Cond.E -> a == b;
            case Cond.NE -> a != b;
            case Cond.L -> a < b;
            case Cond.GE -> a >= b;
            case Cond.G -> a > b;
            case Cond.LE -> a <= b;
            case Cond.B -> Long.compareUnsigned(a, b) < 0;
            case Cond.AE -> Long.compareUnsigned(a, b) >= 0;
            case Cond.A -> Long.compareUnsigned(a, b) > 0;
            case Cond.BE -> Long.compareUnsigned(a, b) <= 0;
            default -> throw new IllegalArgumentException("condition " + cond);
        };
    }

    /** The condition after exchanging the two operands. */
    static int swapped(int cond) {
        return switch (cond) {
            case Cond.L -> Cond.G;
            case Cond.G -> Cond.L;
            case Cond.LE -> Cond.GE;
            case Cond.GE -> Cond.LE;
            case Cond.B -> Cond.A;
            case Cond.A -> Cond.B;
            case Cond.BE -> Cond.AE;
            case Cond.AE -> Cond.BE;
            default -> cond;
        };
    }

    /** The unsigned condition for a signed one. */
    static int unsigned(int cond) {
        return switch (cond) {
            case Cond.L -> Cond.B;
            case Cond.G -> Cond.A;
            case Cond.LE -> Cond.BE;
            case Cond.GE -> Cond.AE;
            default -> cond;
        };
    }
}
