// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Aligned words of the client's memory, read in windows of 8 KiB, of which the latest 32 MiB are kept: small neighbouring blocks then
 * cost one read together, and a jump to a far block costs little more than a system call (64 KiB windows took twice the time on
 * random graphs). A word counts only where its page can be read and its shadow says that all eight bytes are good.
 */
final class WordReader {
    private static final int BITS = 13;
    private static final int WINDOW = 1 << BITS;
    private static final int PAGE = 4096;
    private static final int ALL_PAGES = (1 << (WINDOW / PAGE)) - 1;
    private static final int SLOTS = 4096;

    private static final class Window {
        final byte[] bytes = new byte[WINDOW];
        final byte[] codes = new byte[WINDOW >> 2];
        final ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final ByteBuffer shadow = ByteBuffer.wrap(codes);
        long base = -1;
        int pages;
        boolean shadowed;
    }

    private final ClientMemory memory;
    private final ClientMemory shadow;
    private final long shadowBase;
    private final Window[] windows = new Window[SLOTS];
    private Window current;

    /** @param shadow reader of shadow memory, or {@code null} when every readable word counts */
    WordReader(ClientMemory memory, ClientMemory shadow, long shadowBase) {
        this.memory = memory;
        this.shadow = shadow;
        this.shadowBase = shadowBase;
    }

    /** Whether the word at {@code address} (a multiple of 8) may be looked at by {@link #get}. */
    boolean select(long address) {
        long base = address & -WINDOW;
        if (current == null || current.base != base) {
            current = window(base);
        }
        int offset = (int) (address - base);
        if ((current.pages >>> (offset / PAGE) & 1) == 0) {
            return false;
        }
        return !current.shadowed || current.shadow.getShort(offset >> 2) == 0;
    }

    /** The word that was selected last. */
    long get(long address) {
        return current.words.getLong((int) (address & (WINDOW - 1)));
    }

    /** First address behind the unreadable page of {@code address}, or the next word when the page is readable. */
    long next(long address) {
        int offset = (int) (address & (WINDOW - 1));
        if (current.pages == 0) {
            return (address & -WINDOW) + WINDOW;
        }
        return (current.pages >>> (offset / PAGE) & 1) == 0 ? (address & -PAGE) + PAGE : address + 8;
    }

    private Window window(long base) {
        int slot = (int) (base >>> BITS) & (SLOTS - 1);
        Window window = windows[slot];
        if (window == null) {
            window = new Window();
            windows[slot] = window;
        }
        if (window.base != base) {
            fill(window, base);
        }
        return window;
    }

    private void fill(Window window, long base) {
        window.base = base;
        window.pages = 0;
        int have = Math.max(0, memory.read(base, window.bytes, 0, WINDOW));
        if (have == WINDOW) {
            window.pages = ALL_PAGES;
        } else {
            for (int page = 0; page < WINDOW / PAGE; page++) {
                boolean read = (page + 1) * PAGE <= have
                        || memory.read(base + (long) page * PAGE, window.bytes, page * PAGE, PAGE) == PAGE;
                window.pages |= read ? 1 << page : 0;
            }
        }
        window.shadowed = window.pages != 0 && shadow != null
                && shadow.read(shadowBase + (base >>> 2), window.codes, 0, WINDOW >> 2) == WINDOW >> 2;
    }
}
