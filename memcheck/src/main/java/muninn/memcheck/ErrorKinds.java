// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** The names that XML reports and suppressions have for each error. */
final class ErrorKinds {
    private ErrorKinds() {}

    /** The {@code kind} element of an XML report. */
    static String xml(MemoryError error) {
        return switch (error) {
            case MemoryError.InvalidRead e -> "InvalidRead";
            case MemoryError.InvalidWrite e -> "InvalidWrite";
            case MemoryError.InvalidJump e -> "InvalidJump";
            case MemoryError.InvalidFree e -> "InvalidFree";
            case MemoryError.MismatchedFree e -> "MismatchedFree";
            case MemoryError.InvalidPool e -> "InvalidMemPool";
            case MemoryError.FishyValue e -> "FishyValue";
            case MemoryError.UndefinedCondition e -> "UninitCondition";
            case MemoryError.UndefinedValue e -> "UninitValue";
            case MemoryError.ClientCheck e -> "ClientCheck";
            case MemoryError.SyscallParam e -> "SyscallParam";
            case MemoryError.Overlap e -> "Overlap";
        };
    }

    /** The word behind {@code Memcheck:}. */
    static String suppression(MemoryError error) {
        return switch (error) {
            case MemoryError.InvalidRead e -> "Addr" + e.size();
            case MemoryError.InvalidWrite e -> "Addr" + e.size();
            case MemoryError.InvalidJump e -> "Jump";
            case MemoryError.InvalidFree e -> "Free";
            case MemoryError.MismatchedFree e -> "Free";
            case MemoryError.InvalidPool e -> "Mempool";
            case MemoryError.FishyValue e -> "FishyValue";
            case MemoryError.UndefinedCondition e -> "Cond";
            case MemoryError.UndefinedValue e -> "Value" + e.size();
            case MemoryError.ClientCheck e -> "User";
            case MemoryError.SyscallParam e -> "Param";
            case MemoryError.Overlap e -> "Overlap";
        };
    }

    /** The additional line of a suppression; {@code null} for kinds that have none. */
    static String extra(MemoryError error) {
        return switch (error) {
            case MemoryError.FishyValue e -> e.function() + "(" + e.argument() + ")";
            case MemoryError.SyscallParam e -> e.parameter();
            default -> null;
        };
    }

    static String xml(LeakKind kind) {
        return switch (kind) {
            case DEFINITE -> "Leak_DefinitelyLost";
            case INDIRECT -> "Leak_IndirectlyLost";
            case POSSIBLE -> "Leak_PossiblyLost";
            case REACHABLE -> "Leak_StillReachable";
        };
    }
}
