// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.List;

/** The words of each error, equal to those of Valgrind 3.19 (golden cases in cases/memcheck). */
final class ErrorText {
    private final ShownStack stacks;
    private final List<ReportWriter.Part> parts = new ArrayList<>();

    private ErrorText(ShownStack stacks) {
        this.stacks = stacks;
    }

    /**
     * What happened, the stack, what lies at the address, and where the undefined value was created.
     *
     * @param where {@code null} for errors without an address
     * @param origin {@code null} if it is not known or does not matter
     */
    static List<ReportWriter.Part> parts(MemoryError error, AddressDescription where, Origin origin, ShownStack stacks) {
        ErrorText text = new ErrorText(stacks);
        text.line(headline(error));
        text.stack(error.stack());
        if (where != null) {
            text.describe(address(error), where);
        }
        if (origin != null) {
            text.line(" Uninitialised value was created " + origin.kind().words);
            text.stack(origin.stack());
        }
        return text.parts;
    }

    private void line(String words) {
        parts.add(ReportWriter.Part.of(words));
    }

    private void stack(long[] pcs) {
        parts.add(ReportWriter.Part.of(pcs));
    }

    /** Address whose place is told along with the error; meaningful where {@link #hasAddress} says so. */
    static long address(MemoryError error) {
        return switch (error) {
            case MemoryError.InvalidRead e -> e.address();
            case MemoryError.InvalidWrite e -> e.address();
            case MemoryError.InvalidJump e -> e.address();
            case MemoryError.InvalidFree e -> e.address();
            case MemoryError.MismatchedFree e -> e.address();
            case MemoryError.InvalidPool e -> e.address();
            case MemoryError.SyscallParam e -> e.address();
            case MemoryError.FishyValue e -> 0;
            case MemoryError.Overlap e -> 0;
            case MemoryError.UndefinedCondition e -> 0;
            case MemoryError.ClientCheck e -> e.address();
            case MemoryError.UndefinedValue e -> 0;
        };
    }

    static boolean hasAddress(MemoryError error) {
        return switch (error) {
            case MemoryError.FishyValue e -> false;
            case MemoryError.SyscallParam e -> e.memory();
            case MemoryError.Overlap e -> false;
            case MemoryError.UndefinedCondition e -> false;
            case MemoryError.UndefinedValue e -> false;
            default -> true;
        };
    }

    private static String headline(MemoryError error) {
        return switch (error) {
            case MemoryError.InvalidRead e -> "Invalid read of size " + e.size();
            case MemoryError.InvalidWrite e -> "Invalid write of size " + e.size();
            case MemoryError.InvalidJump e -> "Jump to the invalid address stated on the next line";
            case MemoryError.InvalidFree e -> "Invalid free() / delete / delete[] / realloc()";
            case MemoryError.InvalidPool e -> "Illegal memory pool address";
            case MemoryError.MismatchedFree e -> "Mismatched free() / delete / delete []";
            case MemoryError.FishyValue e -> "Argument '" + e.argument() + "' of function " + e.function()
                    + " has a fishy (possibly negative) value: " + e.value();
            case MemoryError.UndefinedCondition e -> "Conditional jump or move depends on uninitialised value(s)";
            case MemoryError.UndefinedValue e -> "Use of uninitialised value of size " + e.size();
            case MemoryError.ClientCheck e ->
                (e.undefined() ? "Uninitialised" : "Unaddressable") + " byte(s) found during client check request";
            case MemoryError.SyscallParam e -> "Syscall param " + e.parameter() + (e.memory() ? " points to " : " contains ")
                    + (e.undefined() ? "uninitialised" : "unaddressable") + " byte(s)";
            case MemoryError.Overlap e -> "Source and destination overlap in " + e.function() + "("
                    + Decimal.address(e.destination()) + ", " + Decimal.address(e.source())
                    + (e.size() < 0 ? ")" : ", " + e.size() + ")");
        };
    }

    private void describe(long address, AddressDescription where) {
        String subject = " Address " + Decimal.address(address) + " is ";
        switch (where) {
            case AddressDescription.InBlock in -> describeBlock(subject, address, in.block());
            case AddressDescription.InNamedBlock in -> {
                line(subject + Decimal.grouped(in.offset()) + " bytes inside a " + in.name() + " of size " + Decimal.grouped(in.size())
                        + " client-defined");
                stack(in.stack());
            }
            case AddressDescription.OnStack on -> {
                line(subject + "on thread " + on.tid() + "'s stack");
                if (on.belowPointer() > 0) {
                    line(" " + on.belowPointer() + " bytes below stack pointer");
                } else if (on.frame() >= 0 && on.creator() != null) {
                    line(" in frame #" + on.frame() + ", created by " + on.creator().place(on.creator().function(), stacks.file(on.creator())));
                }
            }
            case AddressDescription.InDataSymbol in ->
                line(subject + Decimal.grouped(in.offset()) + " bytes inside data symbol \"" + in.symbol() + "\"");
            case AddressDescription.InSection in -> line(subject + "in the " + in.kind() + " segment of " + in.object());
            case AddressDescription.InMapping in -> line(subject + "in a " + in.permissions()
                    + (in.path() == null ? " anonymous segment" : " mapped file " + in.path() + " segment"));
            case AddressDescription.Unknown u -> line(subject + "not stack'd, malloc'd or (recently) free'd");
        }
    }

    private void describeBlock(String subject, long address, HeapBlock block) {
        long offset = address - block.address();
        String place;
        if (offset < 0) {
            place = Decimal.grouped(-offset) + " bytes before";
        } else if (offset >= block.size()) {
            place = Decimal.grouped(offset - block.size()) + " bytes after";
        } else {
            place = Decimal.grouped(offset) + " bytes inside";
        }
        line(subject + place + " a " + block.name() + " of size " + Decimal.grouped(block.size()) + " " + block.state());
        if (block.freed()) {
            if (block.freeStack() != null) {
                stack(block.freeStack());
            }
            line(" Block was alloc'd at");
        }
        stack(block.allocStack());
    }
}
