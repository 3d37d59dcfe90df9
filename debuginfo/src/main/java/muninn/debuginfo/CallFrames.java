// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The frame descriptions of {@code .eh_frame} or {@code .debug_frame} (DWARF 5, 6.4; LSB, "Exception Frames"), sorted by
 * address. Only the headers are read here; {@link UnwindTableBuilder} and {@link FrameRow} run the instructions.
 */
final class CallFrames {
    /** What a common information entry says for its frame descriptions. */
    record Common(int from, int to, long codeAlign, long dataAlign, int returnColumn, boolean signal, int encoding,
                  boolean augmented, int addressSize) {}

    private static final int OMITTED = 0xff;

    final byte[] bytes;
    private final boolean eh;
    private final long address;
    private final Map<Integer, Common> commons = new HashMap<>();
    int count;
    long[] starts = new long[256];
    long[] ends = new long[256];
    int[] froms = new int[256];
    int[] tos = new int[256];
    Common[] common = new Common[256];

    private CallFrames(byte[] bytes, boolean eh, long address) {
        this.bytes = bytes;
        this.eh = eh;
        this.address = address;
        try {
            readAll();
        } catch (BrokenInput e) {
            // What came before the damage is kept.
            count = Math.min(count, starts.length);
        }
        sort();
    }

    /** The frames that are loaded with the program; found by section, else by the program header. */
    static CallFrames ofLoaded(ElfFile file) {
        Section section = file.section(".eh_frame");
        if (section != null && section.type() != Section.SHT_NOBITS && section.size() > 0) {
            return new CallFrames(file.content(".eh_frame"), true, section.address());
        }
        for (Segment segment : file.segments()) {
            if (segment.type() == Segment.PT_GNU_EH_FRAME) {
                try {
                    Cursor c = new Cursor(file.bytesAt(segment.address(), 16));
                    c.skip(1);
                    int encoding = c.u8();
                    c.skip(2);
                    long at = pointer(c, encoding, segment.address(), segment.address(), 8);
                    return new CallFrames(file.bytesAt(at, Integer.MAX_VALUE), true, at);
                } catch (BrokenInput e) {
                    break;
                }
            }
        }
        return new CallFrames(new byte[0], true, 0);
    }

    static CallFrames ofDebug(ElfFile file) {
        return new CallFrames(file.content(".debug_frame"), false, 0);
    }

    private void readAll() {
        Cursor c = new Cursor(bytes);
        while (c.remaining() >= 4) {
            int unit = c.at;
            long length = c.initialLength();
            if (length == 0) {
                if (eh) {
                    return;
                }
                continue;
            }
            if (length > c.remaining()) {
                throw new BrokenInput("frame description cut off");
            }
            int body = c.at;
            int next = body + (int) length;
            try {
                readEntry(c, unit, body, next);
            } catch (BrokenInput e) {
                // A broken description costs its own function only.
                c.at = next;
            }
            c.at = next;
        }
    }

    private void readEntry(Cursor c, int unit, int body, int next) {
        long id = eh ? c.u32() : c.offset();
        boolean isCommon = eh ? id == 0 : id == (c.offsetSize == 8 ? -1L : 0xffff_ffffL);
        if (isCommon) {
            return;
        }
        long home = eh ? body - id : id;
        if (home < 0 || home >= unit) {
            throw new BrokenInput("common entry out of place");
        }
        int idEnd = c.at;
        Common entry = common((int) home);
        Cursor d = new Cursor(bytes, idEnd, next);
        long start = pointer(d, entry.encoding, address, 0, entry.addressSize);
        long size = pointer(d, entry.encoding & 0xf, 0, 0, entry.addressSize);
        if (entry.augmented) {
            d.skip(d.uleb());
        }
        if (size <= 0 || start == 0) {
            return;
        }
        if (count == starts.length) {
            grow();
        }
        starts[count] = start;
        ends[count] = start + size;
        froms[count] = d.at;
        tos[count] = next;
        common[count++] = entry;
    }

    private void grow() {
        int more = 2 * count;
        starts = Arrays.copyOf(starts, more);
        ends = Arrays.copyOf(ends, more);
        froms = Arrays.copyOf(froms, more);
        tos = Arrays.copyOf(tos, more);
        common = Arrays.copyOf(common, more);
    }

    private Common common(int at) {
        Common known = commons.get(at);
        if (known == null) {
            known = readCommon(at);
            commons.put(at, known);
        }
        return known;
    }

    private Common readCommon(int at) {
        Cursor c = new Cursor(bytes, at, bytes.length);
        long length = c.initialLength();
        if (length > c.remaining()) {
            throw new BrokenInput("common entry cut off");
        }
        c.end = c.at + (int) length;
        long id = eh ? c.u32() : c.offset();
        if (eh ? id != 0 : id != (c.offsetSize == 8 ? -1L : 0xffff_ffffL)) {
            throw new BrokenInput("no common entry");
        }
        int version = c.u8();
        String augmentation = c.string();
        int addressSize = 8;
        if (version >= 4 && !eh) {
            addressSize = c.u8();
            c.skip(1);
        }
        long codeAlign = c.uleb();
        long dataAlign = c.sleb();
        int column = version == 1 ? c.u8() : c.ulebInt();
        int encoding = 0;
        boolean signal = false;
        boolean augmented = augmentation.startsWith("z");
        if (augmented) {
            int size = c.ulebInt();
            int end = c.at + size;
            for (int i = 1; i < augmentation.length(); i++) {
                switch (augmentation.charAt(i)) {
                    case 'R' -> encoding = c.u8();
                    case 'L' -> c.skip(1);
                    case 'P' -> {
                        int how = c.u8();
                        pointer(c, how & 0x7f, 0, 0, addressSize);
                    }
                    case 'S' -> signal = true;
                    default -> i = augmentation.length();
                }
            }
            c.seek(end);
        } else if (!augmentation.isEmpty()) {
            throw new BrokenInput("unknown augmentation");
        }
        return new Common(c.at, c.end, codeAlign, dataAlign, column, signal, encoding, augmented, addressSize);
    }

    private static long pointer(Cursor c, int encoding, long sectionAddress, long dataBase, int addressSize) {
        if (encoding == OMITTED) {
            return 0;
        }
        long here = sectionAddress + c.at;
        long value = switch (encoding & 0xf) {
            case 0 -> c.unsigned(addressSize);
            case 1 -> c.uleb();
            case 2 -> c.u16();
            case 3 -> c.u32();
            case 4, 12 -> c.u64();
            case 9 -> c.sleb();
            case 10 -> (short) c.u16();
            case 11 -> c.s32();
            default -> throw new BrokenInput("pointer encoding");
        };
        return switch (encoding & 0xf0) {
            case 0x00 -> value;
            case 0x10 -> value + here;
            case 0x30 -> value + dataBase;
            default -> throw new BrokenInput("pointer encoding");
        };
    }

    private void sort() {
        boolean sorted = true;
        for (int i = 1; i < count && sorted; i++) {
            sorted = Long.compareUnsigned(starts[i - 1], starts[i]) <= 0;
        }
        if (sorted) {
            return;
        }
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        long[] keys = starts;
        Arrays.sort(order, (a, b) -> Long.compareUnsigned(keys[a], keys[b]));
        long[] newStarts = new long[count];
        long[] newEnds = new long[count];
        int[] newFroms = new int[count];
        int[] newTos = new int[count];
        Common[] newCommon = new Common[count];
        for (int i = 0; i < count; i++) {
            int j = order[i];
            newStarts[i] = starts[j];
            newEnds[i] = ends[j];
            newFroms[i] = froms[j];
            newTos[i] = tos[j];
            newCommon[i] = common[j];
        }
        starts = newStarts;
        ends = newEnds;
        froms = newFroms;
        tos = newTos;
        common = newCommon;
    }

    /** Index of the description that covers the address, or -1. */
    int find(long vaddr) {
        int low = 0;
        int high = count;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (Long.compareUnsigned(starts[mid], vaddr) <= 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low > 0 && Long.compareUnsigned(vaddr, ends[low - 1]) < 0 ? low - 1 : -1;
    }
}
