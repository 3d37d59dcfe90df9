// SPDX-License-Identifier: MIT
package muninn.tool.host;

import java.util.ArrayList;
import java.util.List;

import muninn.engine.BlockCounts;
import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.tool.Block;
import muninn.tool.Counting;
import muninn.tool.Instruction;

/** A block as the engine has it, in the words of the tool's interface. */
final class EngineBlock implements Block, Counting {
    private static final int PUSHED = 8;

    private final List<Instruction> instructions = new ArrayList<>();
    private final BlockCounts counts;
    private final boolean endsWithBranch;

    EngineBlock(List<Insn> insns, BlockCounts counts) {
        this.counts = counts;
        insns.forEach(i -> instructions.add(new EngineInstruction(i)));
        endsWithBranch = insns.getLast().flow() == Flow.BRANCH;
    }

    @Override
    public List<Instruction> instructions() {
        return instructions;
    }

    @Override
    public Counter counter() {
        int number = counts.newCounter();
        if (number < 0) {
            throw new IllegalStateException("the tool has used all counters there are");
        }
        return new Counter(number);
    }

    @Override
    public void add(int instruction, Counter counter, int amount) {
        if (instruction < 0 || instruction >= instructions.size()) {
            throw new IllegalArgumentException("the block has no instruction " + instruction + ", but " + instructions.size());
        }
        check(amount);
        counts.add(instruction, counter.number(), amount);
    }

    @Override
    public void addWhenTaken(Counter counter, int amount) {
        if (!endsWithBranch) {
            throw new IllegalArgumentException("the block does not end with a conditional jump");
        }
        check(amount);
        counts.addWhenTaken(counter.number(), amount);
    }

    private static void check(int amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("amounts are not negative: " + amount);
        }
    }

    private record EngineInstruction(Insn insn) implements Instruction {
        @Override
        public long address() {
            return insn.address();
        }

        @Override
        public int length() {
            return insn.length();
        }

        @Override
        public String mnemonic() {
            return insn.mnemonic();
        }

        @Override
        public Kind kind() {
            return switch (insn.flow()) {
                case NEXT -> Kind.PLAIN;
                case JUMP -> Kind.JUMP;
                case BRANCH, LOOP -> Kind.BRANCH;
                case CALL -> Kind.CALL;
                case JUMP_INDIRECT -> Kind.JUMP_INDIRECT;
                case CALL_INDIRECT -> Kind.CALL_INDIRECT;
                case RETURN -> Kind.RETURN;
                case SYSCALL -> Kind.SYSCALL;
                case INTERRUPT, FAR, XBEGIN, TRAP -> Kind.OTHER;
            };
        }

        @Override
        public long target() {
            return switch (insn.flow()) {
                case JUMP, BRANCH, LOOP, CALL -> insn.target();
                default -> throw new IllegalStateException(mnemonic() + " leads to no known address");
            };
        }

        @Override
        public int loadBytes() {
            int operand = insn.hasMemory() && insn.readsMemory() ? insn.memSize() : 0;
            int string = insn.isString() && insn.readsRsi() ? insn.stringSize() : 0;
            return operand + string + (insn.flow() == Flow.RETURN ? PUSHED : insn.stackPop());
        }

        @Override
        public int storeBytes() {
            int operand = insn.hasMemory() && insn.writesMemory() ? insn.memSize() : 0;
            int string = insn.isString() && insn.writesRdi() ? insn.stringSize() : 0;
            boolean call = insn.flow() == Flow.CALL || insn.flow() == Flow.CALL_INDIRECT;
            return operand + string + (call ? PUSHED : insn.stackPush());
        }
    }
}
