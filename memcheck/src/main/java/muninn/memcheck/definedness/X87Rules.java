// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import muninn.isa.Insn;
import muninn.runtime.definedness.Descriptor;
import muninn.runtime.definedness.Operation;

/** Rules of the x87. */
final class X87Rules {
    private X87Rules() {}

    static void apply(Descriptors d, Insn insn) {
        d.flag(Descriptor.NEEDS_X87);
        String name = insn.mnemonic();
        boolean pops = name.endsWith("p") && !name.equals("fbstp") && !name.equals("fdecstp") && !name.equals("fincstp");
        switch (name) {
            case "fld", "fild", "fbld" -> d.rule(Operation.X87_LOAD);
            case "fld1", "fldl2t", "fldl2e", "fldpi", "fldlg2", "fldln2", "fldz" -> d.rule(Operation.X87_LOAD);
            case "fst", "fstp", "fist", "fistp", "fisttp", "fbstp" -> {
                if (d.kind(0) == Descriptor.NONE) {
                    // To a register: the table's only operand.
                    d.operand(0, Descriptor.X87, d.number(1), 10);
                }
                top(d, 1);
                d.rule(Operation.X87_STORE, 0, name.equals("fst") || name.equals("fist") ? 0 : 1);
            }
            case "fcom", "fcomp", "fucom", "fucomp", "ficom", "ficomp" -> {
                d.operand(2, Descriptor.X87, 0, 10);
                if (d.kind(1) == Descriptor.X87 && insn.operandCount() == 2) {
                    d.operand(1, Descriptor.X87, insn.rmNumber() & 7, 10);
                }
                d.rule(Operation.X87_COMPARE, 0, pops ? 1 : 0);
            }
            case "fcompp", "fucompp" -> {
                top(d, 1);
                d.operand(2, Descriptor.X87, 1, 10);
                d.rule(Operation.X87_COMPARE, 0, 2);
            }
            case "fcomi", "fcomip", "fucomi", "fucomip" -> {
                d.operand(0, Descriptor.CONSTANT, 0, 0);
                d.rule(Operation.X87_COMPARE, 0, name.endsWith("p") ? 1 : 0);
            }
            case "ftst", "fxam" -> {
                top(d, 1);
                d.rule(Operation.X87_COMPARE);
            }
            case "fxch" -> d.rule(Operation.X87_EXCHANGE);
            case "fnstsw" -> d.rule(Operation.X87_STATUS);
            case "fcmovb" -> conditional(d, insn, 2);
            case "fcmovnb" -> conditional(d, insn, 3);
            case "fcmove" -> conditional(d, insn, 4);
            case "fcmovne" -> conditional(d, insn, 5);
            case "fcmovbe" -> conditional(d, insn, 6);
            case "fcmovnbe" -> conditional(d, insn, 7);
            case "fcmovu" -> conditional(d, insn, 10);
            case "fcmovnu" -> conditional(d, insn, 11);
            case "fchs", "fabs", "f2xm1", "fsqrt", "frndint", "fsin", "fcos" -> {
                d.operand(0, Descriptor.X87, 0, 10);
                top(d, 1);
                d.rule(Operation.X87_OPERATE);
            }
            case "fprem", "fprem1", "fscale" -> {
                d.operand(0, Descriptor.X87, 0, 10);
                top(d, 1);
                d.operand(2, Descriptor.X87, 1, 10);
                d.rule(Operation.X87_OPERATE);
            }
            case "fyl2x", "fpatan", "fyl2xp1" -> {
                d.operand(0, Descriptor.X87, 1, 10);
                top(d, 1);
                d.operand(2, Descriptor.X87, 1, 10);
                d.rule(Operation.X87_OPERATE, 0, 1);
            }
            case "fptan", "fsincos", "fxtract" -> d.rule(Operation.ANY);
            case "fninit", "frstor" -> {
                d.noLoad();
                d.rule(Operation.X87_DEFINE);
            }
            case "fnop", "fldcw", "fnstcw", "fldenv", "fnstenv", "fnsave", "fnclex", "ffree", "ffreep", "fincstp", "fdecstp", "fwait",
                "fneni", "fndisi", "fnsetpm" -> {
                d.noLoad();
                d.onlyWrites(0);
                d.rule(Operation.DEFINE);
            }
            default -> {
                // Arithmetic: with memory on st, else as the operands say.
                if (d.kind(1) == Descriptor.MEMORY) {
                    d.operand(2, Descriptor.X87, 0, 10);
                    d.operand(0, Descriptor.X87, 0, 10);
                } else {
                    d.operand(0, Descriptor.X87, d.number(1), 10);
                }
                d.rule(Operation.X87_OPERATE, 0, pops ? 1 : 0);
            }
        }
    }

    private static void top(Descriptors d, int i) {
        d.operand(i, Descriptor.X87, 0, 10);
    }

    private static void conditional(Descriptors d, Insn insn, int condition) {
        d.operand(1, Descriptor.X87, insn.rmNumber() & 7, 10);
        d.rule(Operation.X87_CONDITIONAL, 0, condition);
    }
}
