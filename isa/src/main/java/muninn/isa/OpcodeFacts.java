// SPDX-License-Identifier: MIT
package muninn.isa;

/** Memory accesses and flags of instructions, by opcode map. What it does not know stays without an access and reads all flags. */
final class OpcodeFacts {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int BOTH = 3;
    private static final int ALL = Flags.STATUS;
    private static final int NOT_CARRY = ALL & ~Flags.CF;

    private OpcodeFacts() {}

    /**
     * @param map 0 one-byte, 1 0f, 2 0f38, 3 0f3a
     * @param vector 0 for legacy encodings, else the vector length in bytes of a VEX instruction
     * @param size operand size of integer instructions in bytes
     * @param prefix 0, 0x66, 0xf2 or 0xf3
     */
    static void fill(Insn x, int map, int op, int modRm, int size, int prefix, boolean w, int vector, int immediate) {
        int ext = modRm >> 3 & 7;
        if (map == 0) {
            one(x, op, ext, modRm, size, prefix, immediate);
        } else if (map == 1) {
            two(x, op, ext, size, prefix, w, vector, immediate);
        } else if (map == 2) {
            three(x, op, size, prefix, w, vector);
        } else {
            threeImmediate(x, op, w, vector, prefix);
        }
    }

    private static void access(Insn x, int size, int kind) {
        x.memSize = size;
        x.reads = (kind & READ) != 0;
        x.writes = (kind & WRITE) != 0;
    }

    private static void one(Insn x, int op, int ext, int modRm, int size, int prefix, int immediate) {
        int byteOr = (op & 1) == 0 ? 1 : size;
        if (op < 0x40) {
            int operation = op >> 3;
            if ((op & 7) < 6) {
                x.flagsWritten = ALL;
                x.flagsRead = operation == 2 || operation == 3 ? Flags.CF : 0;
                access(x, byteOr, (op & 7) >= 2 || operation == 7 ? READ : BOTH);
            }
            return;
        }
        switch (op) {
            case 0x63 -> access(x, 4, READ);
            case 0x69, 0x6b -> {
                x.flagsWritten = ALL;
                access(x, size, READ);
            }
            case 0x80, 0x81, 0x83 -> {
                x.flagsWritten = ALL;
                x.flagsRead = ext == 2 || ext == 3 ? Flags.CF : 0;
                access(x, op == 0x80 ? 1 : size, ext == 7 ? READ : BOTH);
            }
            case 0x84, 0x85 -> {
                x.flagsWritten = ALL;
                access(x, byteOr, READ);
            }
            case 0xa8, 0xa9 -> x.flagsWritten = ALL;
            case 0x86, 0x87 -> access(x, byteOr, BOTH);
            case 0x88, 0x89 -> access(x, byteOr, WRITE);
            case 0x8a, 0x8b -> access(x, byteOr, READ);
            case 0x8c -> access(x, 2, WRITE);
            case 0x8e -> access(x, 2, READ);
            case 0x8f -> access(x, prefix == 0x66 ? 2 : 8, WRITE);
            case 0x9c, 0x9f, 0xf5 -> x.flagsRead = ALL;
            case 0x9d -> x.flagsWritten = ALL;
            case 0x9e -> x.flagsWritten = ALL & ~Flags.OF;
            case 0xf8, 0xf9 -> x.flagsWritten = Flags.CF;
            case 0xa4, 0xa5, 0xaa, 0xab, 0xac, 0xad, 0x6c, 0x6d, 0x6e, 0x6f -> x.string = true;
            case 0xa6, 0xa7, 0xae, 0xaf -> {
                // With a repeat count of zero the flags stay.
                x.string = true;
                x.flagsRead = ALL;
            }
            case 0xc0, 0xc1, 0xd0, 0xd1 -> {
                access(x, byteOr, BOTH);
                int count = op >= 0xd0 ? 1 : immediate & (size == 8 ? 63 : 31);
                x.flagsRead = ext == 2 || ext == 3 ? Flags.CF : 0;
                if (count != 0) {
                    x.flagsWritten = ext >= 4 ? ALL : Flags.CF | Flags.OF;
                }
            }
            case 0xd2, 0xd3 -> {
                access(x, byteOr, BOTH);
                x.flagsRead = ext == 2 || ext == 3 ? Flags.CF : 0;
            }
            case 0xc6, 0xc7 -> access(x, byteOr, WRITE);
            case 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf -> floating(x, op, ext, modRm);
            case 0xf6, 0xf7 -> {
                x.flagsWritten = ext == 2 ? 0 : ALL;
                access(x, byteOr, ext == 2 || ext == 3 ? BOTH : READ);
            }
            case 0xfe -> {
                x.flagsWritten = NOT_CARRY;
                access(x, 1, BOTH);
            }
            case 0xff -> {
                x.flagsWritten = ext < 2 ? NOT_CARRY : 0;
                access(x, ext == 2 || ext == 4 || ext == 6 ? 8 : size, ext < 2 ? BOTH : READ);
            }
            default -> {
                if (op >= 0x70 && op < 0x80 || op >= 0xe0 && op <= 0xe2 || x.flow != Flow.NEXT && op != 0xe9 && op != 0xeb && op != 0xe3) {
                    x.flagsRead = ALL;
                }
            }
        }
    }

    /** x87 memory forms: sizes by opcode and extension, 0 for none; negative is a write. */
    private static final int[][] FLOATING = {
        {4, 4, 4, 4, 4, 4, 4, 4}, {4, 0, -4, -4, 28, 2, -28, -2}, {4, 4, 4, 4, 4, 4, 4, 4}, {4, -4, -4, -4, 0, 10, 0, -10},
        {8, 8, 8, 8, 8, 8, 8, 8}, {8, -8, -8, -8, 108, 0, -108, -2}, {2, 2, 2, 2, 2, 2, 2, 2}, {2, -2, -2, -2, 10, 8, -10, -8},
    };

    private static void floating(Insn x, int op, int ext, int modRm) {
        if (x.memory) {
            int size = FLOATING[op - 0xd8][ext];
            access(x, Math.abs(size), size < 0 ? WRITE : READ);
        } else if ((op == 0xda || op == 0xdb) && (modRm & 0xe0) == 0xc0) {
            x.flagsRead = ALL;
        } else if ((op == 0xdb || op == 0xdf) && ext >= 5) {
            x.flagsWritten = Flags.CF | Flags.PF | Flags.ZF;
        }
    }

    private static void two(Insn x, int op, int ext, int size, int prefix, boolean w, int vector, int immediate) {
        int full = vector != 0 ? vector : prefix == 0x66 ? 16 : 8;
        int packed = vector != 0 ? vector : 16;
        int scalar = prefix == 0xf3 ? 4 : prefix == 0xf2 ? 8 : packed;
        int high = op & 0xf0;
        if (vector == 0) {
            if (high == 0x40) {
                x.flagsRead = ALL;
                access(x, size, READ);
                return;
            }
            if (high == 0x80 || high == 0x90) {
                x.flagsRead = ALL;
                if (high == 0x90) {
                    access(x, 1, WRITE);
                }
                return;
            }
        }
        switch (op) {
            case 0x10, 0x51, 0x52, 0x53, 0x58, 0x59, 0x5c, 0x5d, 0x5e, 0x5f, 0xc2 -> access(x, scalar, READ);
            case 0x11 -> access(x, scalar, WRITE);
            case 0x12, 0x16 -> access(x, prefix == 0xf3 ? packed : prefix == 0xf2 && vector == 32 ? 32 : 8, READ);
            case 0x13, 0x17 -> access(x, 8, WRITE);
            case 0x14, 0x15, 0x28, 0x54, 0x55, 0x56, 0x57, 0x5b, 0x7c, 0x7d, 0xc6, 0xd0 -> access(x, packed, READ);
            case 0x29, 0x2b -> access(x, packed, WRITE);
            case 0x2a -> access(x, prefix == 0xf2 || prefix == 0xf3 ? w ? 8 : 4 : 8, READ);
            case 0x2c, 0x2d -> access(x, prefix == 0xf3 ? 4 : prefix == 0x66 ? 16 : 8, READ);
            case 0x2e, 0x2f -> {
                x.flagsWritten = ALL;
                access(x, prefix == 0x66 ? 8 : 4, READ);
            }
            case 0x5a -> access(x, prefix == 0xf3 ? 4 : prefix == 0xf2 ? 8 : prefix == 0x66 ? packed : packed / 2, READ);
            case 0x60, 0x61, 0x62 -> access(x, full == 8 ? 4 : full, READ);
            case 0x6e -> access(x, w ? 8 : 4, READ);
            case 0x6f -> access(x, prefix == 0 && vector == 0 ? 8 : packed, READ);
            case 0x70 -> access(x, prefix == 0 && vector == 0 ? 8 : packed, READ);
            case 0x7e -> {
                if (prefix == 0xf3) {
                    access(x, 8, READ);
                } else {
                    access(x, w ? 8 : 4, WRITE);
                }
            }
            case 0x7f -> access(x, prefix == 0 && vector == 0 ? 8 : packed, WRITE);
            case 0xa4, 0xac -> {
                access(x, size, BOTH);
                if ((immediate & (size == 8 ? 63 : 31)) != 0) {
                    x.flagsWritten = ALL;
                }
            }
            case 0xa5, 0xad -> access(x, size, BOTH);
            case 0xa3, 0xab, 0xb3, 0xbb -> x.flagsWritten = Flags.CF;
            case 0xba -> {
                x.flagsWritten = Flags.CF;
                access(x, size, ext == 4 ? READ : BOTH);
            }
            case 0xaf -> {
                x.flagsWritten = ALL;
                access(x, size, READ);
            }
            case 0xb0, 0xc0 -> {
                x.flagsWritten = ALL;
                access(x, 1, BOTH);
            }
            case 0xb1, 0xc1 -> {
                x.flagsWritten = ALL;
                access(x, size, BOTH);
            }
            case 0xb6, 0xbe -> access(x, 1, READ);
            case 0xb7, 0xbf -> access(x, 2, READ);
            case 0xb8, 0xbc, 0xbd -> access(x, size, READ);
            case 0xc3 -> access(x, size, WRITE);
            case 0xc4 -> access(x, 2, READ);
            case 0xc7 -> {
                if (ext == 1) {
                    x.flagsWritten = Flags.ZF;
                    access(x, w ? 16 : 8, BOTH);
                } else if (ext >= 6) {
                    x.flagsWritten = ALL;
                }
            }
            case 0xd6 -> access(x, 8, WRITE);
            case 0xe6 -> access(x, prefix == 0xf3 ? packed / 2 : packed, READ);
            case 0xe7 -> access(x, full, WRITE);
            case 0xf0 -> access(x, packed, READ);
            case 0x05, 0x34, 0xa2, 0x01, 0x31, 0xae, 0x0d, 0x18, 0x1f, 0x1e, 0x77, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
                0x50, 0xc5, 0xd7, 0xf7 -> { }
            default -> {
                if (op >= 0x60 && op <= 0x6d || op >= 0x74 && op <= 0x76 || op >= 0xd1) {
                    access(x, full, READ);
                } else if (x.flow == Flow.NEXT && vector == 0) {
                    x.flagsRead = ALL;
                }
            }
        }
    }

    private static void three(Insn x, int op, int size, int prefix, boolean w, int vector) {
        int full = vector != 0 ? vector : prefix == 0x66 ? 16 : 8;
        int packed = vector != 0 ? vector : 16;
        switch (op) {
            case 0x20, 0x22, 0x24, 0x25, 0x23, 0x30, 0x33, 0x35, 0x32, 0x34, 0x21, 0x31 -> {
                int part = switch (op & 15) {
                    case 1, 4 -> 4;
                    case 2 -> 8;
                    default -> 2;
                };
                access(x, packed / part, READ);
            }
            case 0x10, 0x14, 0x15, 0x28, 0x29, 0x2b, 0x2a, 0x16, 0x36, 0x0c, 0x0d, 0x45, 0x46, 0x47 -> access(x, packed, READ);
            case 0x17, 0x0e, 0x0f -> {
                x.flagsWritten = ALL;
                access(x, packed, READ);
            }
            case 0x18, 0x58 -> access(x, 4, READ);
            case 0x19, 0x59 -> access(x, 8, READ);
            case 0x1a, 0x5a -> access(x, 16, READ);
            case 0x78 -> access(x, 1, READ);
            case 0x79 -> access(x, 2, READ);
            case 0x2c, 0x2d, 0x2e, 0x2f, 0x8c, 0x8e, 0x90, 0x91, 0x92, 0x93 -> x.masked = true;
            case 0xf0 -> access(x, prefix == 0xf2 ? 1 : size, READ);
            case 0xf1 -> access(x, size, prefix == 0xf2 ? READ : WRITE);
            case 0xf2, 0xf3 -> {
                x.flagsWritten = ALL;
                access(x, size, READ);
            }
            case 0xf5 -> {
                x.flagsWritten = prefix == 0 ? ALL : 0;
                access(x, size, READ);
            }
            case 0xf6 -> {
                // adcx and adox keep all flags but one; mulx keeps all
                x.flagsRead = vector == 0 ? ALL : 0;
                access(x, size, READ);
            }
            case 0xf7 -> {
                x.flagsWritten = prefix == 0 ? ALL : 0;
                access(x, size, READ);
            }
            default -> {
                if (vector != 0 && op >= 0x96 && op <= 0xbf) {
                    boolean single = (op & 1) == 1 && (op & 15) >= 9;
                    access(x, single ? w ? 8 : 4 : packed, READ);
                } else if (op < 0x20) {
                    access(x, full, READ);
                } else {
                    access(x, packed, READ);
                }
            }
        }
    }

    private static void threeImmediate(Insn x, int op, boolean w, int vector, int prefix) {
        int packed = vector != 0 ? vector : 16;
        switch (op) {
            case 0x0a -> access(x, 4, READ);
            case 0x0b -> access(x, 8, READ);
            case 0x0f -> access(x, vector != 0 ? vector : prefix == 0x66 ? 16 : 8, READ);
            case 0x14 -> access(x, 1, WRITE);
            case 0x15 -> access(x, 2, WRITE);
            case 0x16 -> access(x, w ? 8 : 4, WRITE);
            case 0x17 -> access(x, 4, WRITE);
            case 0x18, 0x38 -> access(x, 16, READ);
            case 0x19, 0x39 -> access(x, 16, WRITE);
            case 0x20 -> access(x, 1, READ);
            case 0x21 -> access(x, 4, READ);
            case 0x22 -> access(x, w ? 8 : 4, READ);
            case 0xf0 -> access(x, w ? 8 : 4, READ);
            case 0x60, 0x61, 0x62, 0x63 -> {
                x.flagsWritten = ALL;
                access(x, 16, READ);
            }
            default -> access(x, packed, READ);
        }
    }
}
