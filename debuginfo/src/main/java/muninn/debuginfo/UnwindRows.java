// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.Arrays;

import muninn.runtime.UnwindWalk;

/**
 * Compact unwind rows made of an ELF file's {@code .eh_frame}: for each change of the rules a pc and one packed rule, in the
 * form that {@link UnwindWalk} documents. Rules that do not fit (expressions other than the PLT's, odd registers) become "stop".
 */
public final class UnwindRows {
    private static final int DW_RBP = 6;
    private static final int DW_RSP = 7;
    private static final int DW_RA = 16;
    private static final int MAX_DEPTH = 16;

    private final byte[] data;
    private final long sectionAddress;
    private long[] pcs = new long[1024];
    private int[] rules = new int[1024];
    private int count;

    // state of the program being run
    private int cfaRegister;
    private long cfaOffset;
    private boolean cfaExpression;
    private long rbpAt;
    private boolean raUndefined;

    private UnwindRows(byte[] data, long sectionAddress) {
        this.data = data;
        this.sectionAddress = sectionAddress;
    }

    /** Rows of the file, pcs as the file's own addresses, ascending; empty if it has no usable {@code .eh_frame}. */
    public static UnwindRows of(ElfFile elf) {
        Section section = elf.section(".eh_frame");
        byte[] bytes = section == null ? null : elf.content(".eh_frame");
        UnwindRows rows = new UnwindRows(bytes == null ? new byte[0] : bytes, section == null ? 0 : section.address());
        try {
            rows.read();
        } catch (IndexOutOfBoundsException e) {
            // A broken section: what was read so far is good.
            rows.at = 0;
        }
        rows.sort();
        return rows;
    }

    public int count() {
        return count;
    }

    public long pc(int row) {
        return pcs[row];
    }

    /** Packed rule that holds from {@link #pc} on. */
    public int rule(int row) {
        return rules[row];
    }

    /** The rule at a pc, 0 ("stop") if there is none. */
    public int ruleAt(long pc) {
        int i = Arrays.binarySearch(pcs, 0, count, pc);
        if (i < 0) {
            i = -i - 2;
        }
        return i < 0 ? 0 : rules[i];
    }

    // ---- reading ----

    private int at;

    private int u1() {
        return data[at++] & 0xff;
    }

    private long fixed(int bytes) {
        long v = 0;
        for (int i = 0; i < bytes; i++) {
            v |= (data[at + i] & 0xffL) << 8 * i;
        }
        at += bytes;
        return v;
    }

    private long uleb() {
        long v = 0;
        for (int shift = 0;; shift += 7) {
            int b = u1();
            v |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return v;
            }
        }
    }

    private long sleb() {
        long v = 0;
        for (int shift = 0;;) {
            int b = u1();
            v |= (long) (b & 0x7f) << shift;
            shift += 7;
            if (b < 0x80) {
                return shift < 64 && (b & 0x40) != 0 ? v | -1L << shift : v;
            }
        }
    }

    /** A pointer in one of the DW_EH_PE encodings of the LSB specification, chapter 10.5. */
    private long pointer(int encoding) {
        long here = sectionAddress + at;
        long v = switch (encoding & 0xf) {
            case 0, 4, 0xc -> fixed(8);
            case 1 -> uleb();
            case 2 -> fixed(2);
            case 3 -> fixed(4);
            case 9 -> sleb();
            case 0xa -> (short) fixed(2);
            case 0xb -> (int) fixed(4);
            default -> throw new IndexOutOfBoundsException();
        };
        return (encoding & 0x70) == 0x10 ? v + here : v;
    }

    private int codeAlign;
    private long dataAlign;
    private int pointerEncoding;
    private boolean augmented;
    private int programStart;
    private int programEnd;

    private void read() {
        int lastCie = -1;
        boolean usable = false;
        while (at + 4 <= data.length) {
            int start = at;
            long length = fixed(4);
            if (length == 0) {
                return;
            }
            if (length == 0xffff_ffffL) {
                length = fixed(8);
            }
            int body = at;
            int end = (int) Math.min(body + length, data.length);
            long id = fixed(4);
            if (id != 0) {
                int cie = (int) (body - id);
                if (cie != lastCie) {
                    usable = cie >= 0 && cie < start && cie(cie);
                    lastCie = cie;
                }
                if (usable) {
                    at = body + 4;
                    fde(end);
                }
            }
            at = end;
        }
    }

    /** Reads the CIE at {@code offset}; false if it is of a kind that is not understood. */
    private boolean cie(int offset) {
        at = offset;
        long length = fixed(4);
        int body = at;
        if (length == 0xffff_ffffL) {
            length = fixed(8);
            body = at;
        }
        programEnd = (int) Math.min(body + length, data.length);
        fixed(4);
        int version = u1();
        int from = at;
        while (u1() != 0) { }
        String augmentation = new String(data, from, at - from - 1, java.nio.charset.StandardCharsets.ISO_8859_1);
        codeAlign = (int) uleb();
        dataAlign = sleb();
        long ra = version == 1 ? u1() : uleb();
        pointerEncoding = 0;
        augmented = augmentation.startsWith("z");
        if (augmented) {
            long size = uleb();
            int after = (int) (at + size);
            for (int i = 1; i < augmentation.length(); i++) {
                switch (augmentation.charAt(i)) {
                    case 'R' -> pointerEncoding = u1();
                    case 'P' -> pointer(u1());
                    case 'L' -> u1();
                    default -> { }
                }
            }
            at = after;
        } else if (!augmentation.isEmpty()) {
            return false;
        }
        programStart = at;
        return ra == DW_RA;
    }

    private void fde(int end) {
        long pc = pointer(pointerEncoding);
        long range = pointer(pointerEncoding & 0xf);
        if (augmented) {
            long size = uleb();
            at += (int) size;
        }
        int program = at;
        if (range <= 0 || pc == 0) {
            return;
        }
        cfaRegister = -1;
        cfaOffset = 0;
        cfaExpression = false;
        rbpAt = 0;
        raUndefined = false;
        run(programStart, programEnd, pc, pc + range, false);
        long[] initial = {cfaRegister, cfaOffset, rbpAt};
        initialState = initial;
        run(program, end, pc, pc + range, true);
        add(pc + range, 0);
    }

    private long[] initialState = new long[3];

    private void run(int from, int end, long pc, long limit, boolean emit) {
        at = from;
        long[][] saved = new long[MAX_DEPTH][];
        int depth = 0;
        long here = pc;
        while (at < end) {
            int op = u1();
            int low = op & 0x3f;
            long advance = -1;
            switch (op >> 6) {
                case 1 -> advance = (long) low * codeAlign;
                case 2 -> offset(low, uleb() * dataAlign);
                case 3 -> restore(low);
                default -> {
                    switch (op) {
                        case 0x00 -> { }
                        case 0x01 -> {
                            pointer(pointerEncoding);
                            cfaRegister = -1;
                        }
                        case 0x02 -> advance = fixed(1) * codeAlign;
                        case 0x03 -> advance = fixed(2) * codeAlign;
                        case 0x04 -> advance = fixed(4) * codeAlign;
                        case 0x05 -> offset((int) uleb(), uleb() * dataAlign);
                        case 0x06 -> restore((int) uleb());
                        case 0x07 -> {
                            if (uleb() == DW_RA) {
                                raUndefined = true;
                            }
                        }
                        case 0x08 -> same((int) uleb());
                        case 0x09 -> {
                            uleb();
                            uleb();
                        }
                        case 0x0a -> {
                            if (depth < MAX_DEPTH) {
                                saved[depth++] = new long[] {cfaRegister, cfaOffset, rbpAt, cfaExpression ? 1 : 0};
                            }
                        }
                        case 0x0b -> {
                            if (depth > 0) {
                                long[] s = saved[--depth];
                                cfaRegister = (int) s[0];
                                cfaOffset = s[1];
                                rbpAt = s[2];
                                cfaExpression = s[3] != 0;
                            }
                        }
                        case 0x0c -> {
                            cfaRegister = (int) uleb();
                            cfaOffset = uleb();
                            cfaExpression = false;
                        }
                        case 0x0d -> {
                            cfaRegister = (int) uleb();
                            cfaExpression = false;
                        }
                        case 0x0e -> cfaOffset = uleb();
                        case 0x0f -> {
                            block();
                            cfaExpression = true;
                        }
                        case 0x10, 0x16 -> {
                            int register = (int) uleb();
                            block();
                            if (register == DW_RA) {
                                raUndefined = true;
                            }
                        }
                        case 0x11 -> offset((int) uleb(), sleb() * dataAlign);
                        case 0x12 -> {
                            cfaRegister = (int) uleb();
                            cfaOffset = sleb() * dataAlign;
                            cfaExpression = false;
                        }
                        case 0x13 -> cfaOffset = sleb() * dataAlign;
                        case 0x2e -> uleb();
                        default -> throw new IndexOutOfBoundsException();
                    }
                }
            }
            if (advance > 0 && emit) {
                if (here < limit) {
                    add(here, pack());
                }
                here += advance;
            }
        }
        if (emit && here < limit) {
            add(here, pack());
        }
    }

    /** Passes over a block of bytes. */
    private void block() {
        long length = uleb();
        at += (int) length;
    }

    private void offset(int register, long at) {
        if (register == DW_RBP) {
            rbpAt = at;
        }
    }

    private void restore(int register) {
        if (register == DW_RBP) {
            rbpAt = initialState[2];
        }
    }

    private void same(int register) {
        if (register == DW_RBP) {
            rbpAt = 0;
        }
    }

    private int pack() {
        if (raUndefined) {
            return UnwindWalk.CFA_STOP;
        }
        if (cfaExpression) {
            return UnwindWalk.CFA_PLT;
        }
        if (cfaRegister != DW_RSP && cfaRegister != DW_RBP || (cfaOffset & 7) != 0 || cfaOffset >> 3 != (short) (cfaOffset >> 3)
                || (rbpAt & 7) != 0 || rbpAt > 0 || -rbpAt >> 3 > 0x1fff) {
            return UnwindWalk.CFA_STOP;
        }
        int rule = cfaRegister == DW_RSP ? UnwindWalk.CFA_RSP : UnwindWalk.CFA_RBP;
        if (rbpAt != 0) {
            rule |= 4 | (int) (-rbpAt >> 3) << 3;
        }
        return rule | (int) (cfaOffset >> 3) << 16;
    }

    private void add(long pc, int rule) {
        if (count == pcs.length) {
            pcs = Arrays.copyOf(pcs, count * 2);
            rules = Arrays.copyOf(rules, count * 2);
        }
        pcs[count] = pc;
        rules[count++] = rule;
    }

    /** By pc; where one function ends and the next begins at the same pc, the beginning counts. */
    private void sort() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            // File addresses fit in 43 bits; the index makes the order stable.
            keys[i] = pcs[i] << 20 | i & 0xf_ffff;
        }
        boolean ordered = true;
        for (int i = 1; i < count && ordered; i++) {
            ordered = pcs[i - 1] < pcs[i];
        }
        if (ordered) {
            return;
        }
        Arrays.sort(keys);
        long[] newPcs = new long[count];
        int[] newRules = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            int old = (int) keys[i] & 0xf_ffff;
            if (n > 0 && newPcs[n - 1] == pcs[old]) {
                if (rules[old] != 0 || newRules[n - 1] == 0) {
                    newRules[n - 1] = rules[old];
                }
            } else {
                newPcs[n] = pcs[old];
                newRules[n++] = rules[old];
            }
        }
        pcs = newPcs;
        rules = newRules;
        count = n;
    }
}
