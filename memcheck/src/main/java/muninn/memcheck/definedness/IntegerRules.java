// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.runtime.definedness.Descriptor;
import muninn.runtime.definedness.Operation;

/** Rules of the general instructions. */
final class IntegerRules {
    private IntegerRules() {}

    static void apply(Descriptors d, Insn insn) {
        String name = insn.mnemonic();
        if (insn.flow() != Flow.NEXT) {
            flow(d, insn, name);
            return;
        }
        if (name.startsWith("set") && insn.operandSize() <= 1 && isCondition(name, 3)) {
            d.rule(Operation.SET_IF, 1, insn.condition());
            return;
        }
        if (name.startsWith("cmov")) {
            d.rule(Operation.MOVE_IF, 0, insn.condition());
            return;
        }
        switch (name) {
            case "mov", "movabs", "movzx", "movnti", "movdiri" -> move(d);
            case "movsx", "movsxd" -> sized(d, Operation.SIGN_EXTEND, 0);
            case "movbe" -> sized(d, Operation.BYTE_SWAP, 0);
            case "lea" -> {
                d.rule(Operation.ADDRESS, insn.operandBytes(0), 0);
                d.noLoad();
            }
            case "add" -> same(d, Operation.ADD);
            case "sub" -> same(d, Operation.SUBTRACT);
            case "adc" -> d.rule(Operation.ADD_CARRY);
            case "sbb" -> same(d, Operation.SUBTRACT_BORROW);
            case "adcx" -> sized(d, Operation.ADD_CARRY, 1);
            case "adox" -> sized(d, Operation.ADD_CARRY, 2);
            case "cmp" -> same(d, Operation.COMPARE);
            case "neg" -> d.rule(Operation.NEGATE);
            case "not" -> d.rule(Operation.MOVE);
            case "inc" -> d.rule(Operation.INCREMENT);
            case "dec" -> d.rule(Operation.DECREMENT);
            case "and" -> same(d, Operation.AND);
            case "or" -> same(d, Operation.OR);
            case "xor" -> same(d, Operation.XOR);
            case "test" -> same(d, Operation.TEST);
            case "andn" -> sized(d, Operation.AND_NOT, 0);
            case "shl" -> d.rule(Operation.SHIFT_LEFT);
            case "shr" -> d.rule(Operation.SHIFT_RIGHT);
            case "sar" -> d.rule(Operation.SHIFT_ARITHMETIC);
            case "rol" -> d.rule(Operation.ROTATE_LEFT);
            case "ror" -> d.rule(Operation.ROTATE_RIGHT);
            case "rcl" -> d.rule(Operation.ROTATE_CARRY_LEFT);
            case "rcr" -> d.rule(Operation.ROTATE_CARRY_RIGHT);
            case "shlx" -> sized(d, Operation.SHIFT_LEFT, 1);
            case "shrx" -> sized(d, Operation.SHIFT_RIGHT, 1);
            case "sarx" -> sized(d, Operation.SHIFT_ARITHMETIC, 1);
            case "rorx" -> sized(d, Operation.ROTATE_RIGHT, 1);
            case "shld" -> d.rule(Operation.SHIFT_DOUBLE_LEFT);
            case "shrd" -> d.rule(Operation.SHIFT_DOUBLE_RIGHT);
            case "mul" -> {
                d.rule(Operation.MULTIPLY_WIDE, d.bytes(1), 0);
            }
            case "imul" -> {
                if (insn.operandCount() == 1) {
                    d.rule(Operation.MULTIPLY_WIDE, d.bytes(1), 0);
                } else {
                    d.rule(Operation.MULTIPLY);
                }
            }
            case "div", "idiv" -> d.rule(Operation.DIVIDE, d.bytes(1), 0);
            case "mulx" -> {
                d.operand(2, Descriptor.GPR, insn.vexNumber(), d.bytes(0));
                sized(d, Operation.MULTIPLY_TWO, 0);
            }
            case "bswap" -> d.rule(Operation.BYTE_SWAP);
            case "bt" -> d.rule(Operation.BIT_TEST);
            case "bts" -> d.rule(Operation.BIT_CHANGE, 0, 1);
            case "btr" -> d.rule(Operation.BIT_CHANGE, 0, 2);
            case "btc" -> d.rule(Operation.BIT_CHANGE, 0, 3);
            case "bsf" -> scan(d, Operation.SCAN_FORWARD, 0);
            case "bsr" -> scan(d, Operation.SCAN_REVERSE, 0);
            case "tzcnt" -> d.rule(Operation.SCAN_FORWARD, 0, 1);
            case "lzcnt" -> d.rule(Operation.SCAN_REVERSE, 0, 1);
            case "popcnt" -> d.rule(Operation.POPULATION);
            case "blsr" -> sized(d, Operation.LOWEST_BIT, 0);
            case "blsi", "blsmsk" -> sized(d, Operation.LOWEST_BIT, 1);
            case "bextr" -> sized(d, Operation.BIT_FIELD, 0);
            case "bzhi" -> sized(d, Operation.ZERO_HIGH, 0);
            case "pdep" -> sized(d, Operation.DEPOSIT, 0);
            case "pext" -> sized(d, Operation.EXTRACT, 0);
            case "xchg" -> d.rule(Operation.EXCHANGE);
            case "xadd" -> d.rule(Operation.EXCHANGE_ADD);
            case "cmpxchg" -> d.rule(Operation.COMPARE_EXCHANGE);
            case "cmpxchg8b" -> d.rule(Operation.COMPARE_EXCHANGE_DOUBLE, 4, 0);
            case "cmpxchg16b" -> d.rule(Operation.COMPARE_EXCHANGE_DOUBLE, 8, 0);
            case "cbw" -> d.rule(Operation.WIDEN_RAX, 2, 0);
            case "cwde" -> d.rule(Operation.WIDEN_RAX, 4, 0);
            case "cdqe" -> d.rule(Operation.WIDEN_RAX, 8, 0);
            case "cwd" -> d.rule(Operation.SIGN_TO_RDX, 2, 0);
            case "cdq" -> d.rule(Operation.SIGN_TO_RDX, 4, 0);
            case "cqo" -> d.rule(Operation.SIGN_TO_RDX, 8, 0);
            case "lahf" -> d.rule(Operation.LOAD_FLAGS);
            case "sahf" -> d.rule(Operation.STORE_FLAGS);
            case "pushf" -> d.rule(Operation.PUSH_FLAGS, insn.stackPush(), 0);
            case "popf" -> d.rule(Operation.POP_FLAGS, insn.stackPop(), 0);
            case "push" -> d.rule(Operation.PUSH, insn.stackPush(), 0);
            case "pop" -> pop(d, insn);
            case "leave" -> d.rule(Operation.LEAVE);
            case "enter" -> d.rule(Operation.ANY, 0, 8);
            case "clc", "stc", "cld", "std" -> {
                d.rule(Operation.DEFINE_FLAGS);
                d.immediate(d.statusFlags());
            }
            case "cmc" -> d.rule(Operation.COMPLEMENT_CARRY);
            case "xlat" -> d.rule(Operation.TRANSLATE_BYTE);
            case "cpuid", "rdtsc", "rdtscp", "rdrand", "rdseed", "rdpid", "xgetbv", "rdpkru", "rdfsbase", "rdgsbase", "rdpmc", "rdpru",
                "in", "sldt", "str", "smsw", "sgdt", "sidt", "lar", "lsl" -> d.rule(Operation.DEFINE);
            case "fxsave", "xsave", "xsavec", "xsaveopt", "xsaves" -> {
                // What is saved is only ever restored: it counts as defined, and nothing else reads it.
                d.rule(Operation.DEFINE);
                d.noLoad();
                d.onlyWrites(0);
            }
            case "fxrstor", "xrstor", "xrstors", "nop", "prefetchw", "clflush", "clflushopt", "clwb", "cldemote", "pause", "endbr64",
                "endbr32", "lfence", "mfence", "sfence", "prefetchnta", "prefetcht0", "prefetcht1", "prefetcht2" -> {
                d.rule(Operation.DEFINE);
                d.noLoad();
                d.onlyWrites(0);
            }
            default -> d.rule(Operation.ANY, 0, insn.stackPush());
        }
    }

    private static boolean isCondition(String name, int from) {
        return switch (name.substring(from)) {
            case "a", "ae", "b", "be", "e", "g", "ge", "l", "le", "ne", "no", "np", "ns", "o", "p", "s" -> true;
            default -> false;
        };
    }


    /** The operation is as wide as its destination. */
    private static void sized(Descriptors d, int operation, int parameter) {
        d.rule(operation, d.bytes(0), parameter);
    }

    private static void same(Descriptors d, int operation) {
        d.rule(operation);
        if (d.isSame()) {
            d.flag(Descriptor.IDIOM);
        }
    }

    /** bsf, bsr: "+G E", where the destination only stays if there is no bit. */
    private static void scan(Descriptors d, int operation, int parameter) {
        d.operand(1, d.kind(2), d.number(2), d.bytes(2));
        d.operand(2, d.kind(0), d.number(0), d.bytes(0));
        d.rule(operation, 0, parameter);
    }

    private static void move(Descriptors d) {
        if (d.kind(0) == Descriptor.NONE || d.kind(1) == Descriptor.NONE) {
            // Segment, control and debug registers.
            d.rule(Operation.DEFINE);
        } else {
            d.rule(Operation.MOVE, d.bytes(0), 0);
        }
    }

    private static void pop(Descriptors d, Insn insn) {
        if (d.kind(0) == Descriptor.MEMORY) {
            d.rule(Operation.ANY);
        } else if (d.kind(0) == Descriptor.NONE) {
            d.rule(Operation.DEFINE);
            d.onlyWrites(0);
        } else {
            d.rule(Operation.POP, insn.stackPop(), 0);
        }
    }

    private static void flow(Descriptors d, Insn insn, String name) {
        switch (insn.flow()) {
            case BRANCH -> d.rule(Operation.JUMP_IF, 0, insn.condition());
            case LOOP -> d.rule(Operation.LOOP, 8, name.startsWith("j") ? 0 : name.equals("loop") ? 1 : 2);
            case CALL -> {
                d.operand(1, Descriptor.NONE, 0, 0);
                d.rule(Operation.JUMP_TO, 8, 1);
            }
            case CALL_INDIRECT -> d.rule(Operation.JUMP_TO, 8, 1);
            case JUMP_INDIRECT -> d.rule(Operation.JUMP_TO, 8, 0);
            case RETURN -> d.rule(Operation.RETURN, 8, 0);
            default -> d.rule(Operation.DEFINE);
        }
    }
}
