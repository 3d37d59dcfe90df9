// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

import muninn.linux.FileStatus;
import muninn.linux.Mapping;
import muninn.linux.Syscall;

/**
 * Translations that outlive an address space: those of this run by key, and those of earlier runs as files. A file belongs to the
 * user alone, is checked whole before it is used (owner, key, length, checksum) and is replaced by renaming; what does not
 * pass is as good as absent.
 *
 * <pre>
 * 0   magic            8 bytes
 * 8   checksum         CRC-32C of everything from byte 16 on
 * 16  distance         long
 * 24  bytes of code, then the lengths of the tables (ints), and of the key
 *     key, UTF-8, padded to 8
 *     code, padded to 8
 *     tables of ints, in the order of {@link ModuleCode#tables}
 * </pre>
 */
final class TranslationCache {
    private static final long MAGIC = 0x3130_656e_756d_6e69L;
    private static final int COUNTS = 24;
    private static final int HEADER = COUNTS + 4 * (ModuleCode.TABLES + 2) + 4 & -8;
    /** Less new code than this is not worth a new file. */
    private static final int WORTHWHILE = 4096;
    /** All files together: the oldest are removed above it. */
    private static final long LIMIT = 2L << 30;

    private final String folder;
    private final String prefix;
    private final Map<String, List<ModuleCode>> known = new HashMap<>();

    /**
     * @param folder where files are kept; {@code null} for none
     * @param prefix part of every key: tool, options that change code; {@code null}: nothing is kept
     */
    TranslationCache(String folder, String prefix) {
        this.folder = folder;
        this.prefix = prefix;
    }

    /** What identifies the code of a mapping that cannot change unseen; {@code null} if nothing does. */
    String key(Mapping module) {
        if (prefix == null || module.writable() || module.shared() || module.inode() == 0) {
            return null;
        }
        FileStatus file = FileStatus.of(module.path());
        if (file == null || file.inode() != module.inode()) {
            return null;
        }
        return prefix + '\n' + module.path() + '\n' + file.device() + ' ' + file.inode() + ' ' + file.size() + ' ' + file.modified() + ' '
                + file.changed() + ' ' + module.offset() + ' ' + (module.end() - module.start());
    }

    /** Translations with this key that are in use or were in this run. */
    List<ModuleCode> known(String key) {
        return key == null ? List.of() : known.getOrDefault(key, List.of());
    }

    void add(ModuleCode code) {
        if (code.key != null) {
            known.computeIfAbsent(code.key, k -> new ArrayList<>()).add(code);
        }
    }

    /** The code's memory will be used for something else. */
    void forget(ModuleCode code) {
        List<ModuleCode> list = code.key == null ? null : known.get(code.key);
        if (list != null) {
            list.remove(code);
            if (list.isEmpty()) {
                known.remove(code.key);
            }
        }
    }

    /** Forgets the translations that are not in use, once they have been saved; returns them. */
    List<ModuleCode> evict(Predicate<ModuleCode> isUsed) {
        save();
        List<ModuleCode> unused = known.values().stream().flatMap(List::stream).filter(isUsed.negate()).toList();
        unused.forEach(this::forget);
        return unused;
    }

    /** A saved translation: its code, and its tables as {@link ModuleCode} takes them. */
    record Saved(long distance, MemorySegment code, IntBuffer[] tables) {}

    /** The same as a saved translation, from one in use. */
    static Saved copyOf(ModuleCode code) {
        int[][] tables = code.tables();
        IntBuffer[] buffers = new IntBuffer[tables.length];
        for (int i = 0; i < tables.length; i++) {
            buffers[i] = IntBuffer.wrap(tables[i]);
        }
        return new Saved(code.distance, code.bytes.asSlice(0, code.used()), buffers);
    }

    // ---- files ----

    private String path(String key) {
        long h = 0xcbf2_9ce4_8422_2325L;
        long g = 0x9e37_79b9_7f4a_7c15L;
        for (int i = 0; i < key.length(); i++) {
            h = (h ^ key.charAt(i)) * 0x100_0000_01b3L;
            g = Long.rotateLeft(g ^ key.charAt(i), 23) * 0xff51_afd7_ed55_8ccdL;
        }
        return folder + '/' + Long.toHexString(h) + Long.toHexString(g);
    }

    /** The saved translation, or {@code null} if there is none that can be used. */
    Saved load(String key) {
        if (folder == null || key == null) {
            return null;
        }
        long fd = Syscall.open(path(key), 0, 0);
        if (fd < 0) {
            return null;
        }
        try {
            FileStatus status = FileStatus.of((int) fd);
            if (status == null || !status.isPrivate() || status.size() < HEADER || status.size() > Integer.MAX_VALUE) {
                return null;
            }
            return parse(Syscall.map(status.size(), Syscall.PROT_READ, Syscall.MAP_PRIVATE, (int) fd, 0), key);
        } finally {
            Syscall.close((int) fd);
        }
    }

    private static Saved parse(MemorySegment file, String key) {
        long[] at = new long[ModuleCode.TABLES + 3];
        byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
        int[] counts = new int[ModuleCode.TABLES + 2];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = file.get(ValueLayout.JAVA_INT, COUNTS + 4L * i);
            if (counts[i] < 0) {
                return null;
            }
        }
        layout(counts, at);
        if (file.get(ValueLayout.JAVA_LONG, 0) != MAGIC || at[at.length - 1] != file.byteSize()
                || counts[ModuleCode.TABLES + 1] != wanted.length
                || file.asSlice(HEADER, wanted.length).mismatch(MemorySegment.ofArray(wanted)) != -1
                || checksum(file) != file.get(ValueLayout.JAVA_LONG, 8)) {
            return null;
        }
        IntBuffer[] tables = new IntBuffer[ModuleCode.TABLES];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = file.asSlice(at[2 + i], 4L * counts[1 + i]).asByteBuffer().order(ByteOrder.nativeOrder()).asIntBuffer();
        }
        return new Saved(file.get(ValueLayout.JAVA_LONG, 16), file.asSlice(at[1], counts[0]), tables);
    }

    /** Where key, code, each table and the end lie, from the counts: bytes of code, ints of the tables, bytes of the key. */
    private static void layout(int[] counts, long[] at) {
        at[0] = HEADER;
        at[1] = at[0] + counts[ModuleCode.TABLES + 1] + 7 & -8;
        at[2] = at[1] + counts[0] + 7 & -8;
        for (int i = 0; i < ModuleCode.TABLES; i++) {
            at[3 + i] = at[2 + i] + 4L * counts[1 + i];
        }
    }

    private static long checksum(MemorySegment file) {
        CRC32C crc = new CRC32C();
        crc.update(file.asSlice(16).asByteBuffer());
        return crc.getValue();
    }

    /** Saves what has grown. A file that another run has written meanwhile is replaced; nothing is lost but time. */
    void save() {
        if (folder == null) {
            return;
        }
        boolean written = false;
        for (List<ModuleCode> codes : known.values()) {
            ModuleCode best = codes.getFirst();
            for (ModuleCode c : codes) {
                best = c.used() > best.used() ? c : best;
            }
            if (best.grown() >= Math.max(WORTHWHILE, best.used() >> 5)) {
                written |= write(best);
            }
        }
        if (written) {
            CacheFolder.limit(folder, LIMIT);
        }
    }

    private boolean write(ModuleCode code) {
        if (!CacheFolder.prepare(folder)) {
            return false;
        }
        byte[] key = code.key.getBytes(StandardCharsets.UTF_8);
        int[][] tables = code.tables();
        int[] counts = new int[ModuleCode.TABLES + 2];
        counts[0] = code.used();
        for (int i = 0; i < tables.length; i++) {
            counts[1 + i] = tables[i].length;
        }
        counts[ModuleCode.TABLES + 1] = key.length;
        long[] at = new long[ModuleCode.TABLES + 3];
        layout(counts, at);
        if (at[at.length - 1] > Integer.MAX_VALUE) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = arena.allocate(at[at.length - 1], 8);
            file.set(ValueLayout.JAVA_LONG, 0, MAGIC);
            file.set(ValueLayout.JAVA_LONG, 16, code.distance);
            for (int i = 0; i < counts.length; i++) {
                file.set(ValueLayout.JAVA_INT, COUNTS + 4L * i, counts[i]);
            }
            MemorySegment.copy(key, 0, file, ValueLayout.JAVA_BYTE, at[0], key.length);
            MemorySegment.copy(code.bytes, 0, file, at[1], code.used());
            for (int i = 0; i < tables.length; i++) {
                MemorySegment.copy(tables[i], 0, file, ValueLayout.JAVA_INT, at[2 + i], tables[i].length);
            }
            file.set(ValueLayout.JAVA_LONG, 8, checksum(file));
            return CacheFolder.replace(path(code.key), file);
        }
    }
}
