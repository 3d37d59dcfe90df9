// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.Arrays;

/**
 * What makes two errors the same error: the kind (a read and a write of one instruction are of one kind, as in Valgrind), the
 * size or the names involved, and the innermost frames. The address does not count.
 */
final class ErrorKey {
    private final int kind;
    private final int size;
    private final String words;
    private final long[] frames;
    private final int hash;

    ErrorKey(MemoryError error, int depth) {
        kind = switch (error) {
            case MemoryError.InvalidRead e -> 1;
            case MemoryError.InvalidWrite e -> 1;
            case MemoryError.InvalidJump e -> 2;
            case MemoryError.InvalidFree e -> 3;
            case MemoryError.MismatchedFree e -> 4;
            case MemoryError.FishyValue e -> 5;
            case MemoryError.SyscallParam e -> e.undefined() ? 12 : 6;
            case MemoryError.Overlap e -> 7;
            case MemoryError.UndefinedCondition e -> 8;
            case MemoryError.UndefinedValue e -> 9;
            case MemoryError.ClientCheck e -> e.undefined() ? 11 : 10;
            case MemoryError.InvalidPool e -> 13;
        };
        size = switch (error) {
            case MemoryError.InvalidRead e -> e.size();
            case MemoryError.InvalidWrite e -> e.size();
            case MemoryError.UndefinedValue e -> e.size();
            default -> 0;
        };
        words = switch (error) {
            case MemoryError.FishyValue e -> e.function() + "(" + e.argument() + ")";
            case MemoryError.SyscallParam e -> e.parameter();
            default -> "";
        };
        long[] stack = error.stack();
        frames = Arrays.copyOf(stack, Math.min(stack.length, depth));
        hash = ((kind * 31 + size) * 31 + words.hashCode()) * 31 + Arrays.hashCode(frames);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ErrorKey key && key.hash == hash && key.kind == kind && key.size == size
                && key.words.equals(words) && Arrays.equals(key.frames, frames);
    }
}
