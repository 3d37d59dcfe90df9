// SPDX-License-Identifier: MIT
package muninn.sysjavac;

/** One operation and its result. */
final class Value {
    static final Value[] NONE = {};

    final int id;
    Op op;
    /** 8, 16, 32 or 64. */
    int size;
    /** Constant, displacement, offset or parameter number, by operation. */
    long imm;
    /** Inputs; absent base and index of an address are null. */
    Value[] in;
    /** Of an address with index: 1, 2, 4 or 8. */
    int scale = 1;
    /** Of a branch: a number of {@code muninn.isa.code.Cond}. */
    int cond;
    /** Of a branch: the flags come from a bitwise and of the inputs, not from their difference. */
    boolean bitTest;
    /** Of a call: the method. */
    String callee;
    /** Of a call: whether it has a result; of a switch: the keys, one for each successor but the last. */
    boolean isVoid;
    int[] keys;
    /** What to use instead, once this one was found superfluous. */
    Value forward;
    int uses;

    Value(int id, Op op, int size, long imm, Value... in) {
        this.id = id;
        this.op = op;
        this.size = size;
        this.imm = imm;
        this.in = in;
    }

    Value real() {
        Value v = this;
        while (v.forward != null) {
            v = v.forward;
        }
        return v;
    }

    boolean isConst() {
        return op == Op.CONST;
    }

    boolean isConst(long value) {
        return op == Op.CONST && imm == value;
    }

    /** Whether it is a constant that an instruction can hold. */
    boolean isImmediate() {
        return op == Op.CONST && imm == (int) imm;
    }

    /** Whether a register or a place in the frame is needed for the result. */
    boolean hasResult() {
        return switch (op) {
            case CONST, STORE, STORE_STATIC, LOCK_OR, LOCK_AND, FENCE, PAUSE, COPY, COPY_BACKWARD, FILL, TRAP, GOTO, BRANCH, SWITCH,
                    RETURN -> false;
            case CALL -> !isVoid;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return op == Op.CONST ? Long.toString(imm) : "v" + id;
    }

    String describe() {
        StringBuilder out = new StringBuilder();
        if (hasResult()) {
            out.append(this).append(" = ");
        }
        out.append(op.name().toLowerCase(java.util.Locale.ROOT)).append(size);
        if (op == Op.BRANCH) {
            out.append(bitTest ? " test" : "").append(" cc").append(cond);
        }
        if (callee != null) {
            out.append(' ').append(callee);
        }
        for (Value input : in) {
            out.append(' ').append(input == null ? "-" : input.toString());
        }
        if (imm != 0) {
            out.append(" #").append(imm);
        }
        return out.toString();
    }
}
