// SPDX-License-Identifier: MIT
package muninn.isa;

/**
 * Reads one x86-64 instruction. This class finds where the parts of the instruction are and which row of
 * {@link InsnTable} describes it; {@link Facts} then derives what the instruction touches.
 *
 * <p>The bytes come from a client and may be anything, so every read is checked against the end. The parse methods return
 * the index after what they read, or -1 when the bytes end first.
 */
public final class Decoder {
    /** No instruction is longer; more prefixes raise #GP (SDM 2, 2.3.11). */
    static final int MAX_LENGTH = 15;

    private static final int PP_66 = 1;
    private static final int PP_F3 = 2;
    private static final int PP_F2 = 3;

    private Decoder() {}

    /**
     * Decodes one instruction. Never throws, never reads at or beyond {@code limit}; if the bytes end before the
     * instruction does: length 0 and {@link Insn#isTruncated()}. Certainly invalid bytes give flow {@link Flow#TRAP} with
     * the best length (at least 1).
     */
    public static Insn decode(byte[] code, int offset, int limit, long address) {
        Insn in = new Insn(address);
        int bound = limit < code.length ? limit : code.length;
        if (offset < 0 || offset >= bound) {
            in.truncated = true;
            return in;
        }
        in.start = offset;
        boolean whole = bound - offset >= MAX_LENGTH;
        int end = whole ? offset + MAX_LENGTH : bound;
        int next = prefixes(in, code, offset, end);
        if (next < 0) {
            if (!whole) {
                Insn cut = new Insn(address);
                cut.truncated = true;
                return cut;
            }
            in = new Insn(address);
            in.invalid = true;
            next = end;
        }
        in.setBytes(code, offset, next - offset);
        Facts.derive(in);
        return in;
    }

    private static int prefixes(Insn in, byte[] code, int offset, int end) {
        int prefixes = 0;
        int rex = 0;
        int at = offset;
        while (at < end) {
            int b = code[at++] & 0xff;
            switch (b) {
                case 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f -> {
                    rex = b;
                    continue;
                }
                case 0x26, 0x2e, 0x36 -> { }
                case 0x3e -> prefixes |= Insn.PREFIX_3E;
                case 0x64 -> prefixes = prefixes & ~Insn.PREFIX_GS | Insn.PREFIX_FS;
                case 0x65 -> prefixes = prefixes & ~Insn.PREFIX_FS | Insn.PREFIX_GS;
                case 0x66 -> prefixes |= Insn.PREFIX_66;
                case 0x67 -> prefixes |= Insn.PREFIX_67;
                case 0xf0 -> prefixes |= Insn.PREFIX_LOCK;
                case 0xf2 -> prefixes = prefixes & ~Insn.PREFIX_REP | Insn.PREFIX_REPNE;
                case 0xf3 -> prefixes = prefixes & ~Insn.PREFIX_REPNE | Insn.PREFIX_REP;
                default -> {
                    in.prefixes = prefixes;
                    return opcode(in, code, at, end, b, rex);
                }
            }
            // A REX prefix counts only directly before the opcode (SDM 2, 2.2.1).
            rex = 0;
        }
        return -1;
    }

    private static int opcode(Insn in, byte[] code, int at, int end, int first, int rex) {
        if (first == 0xc5 || first == 0xc4 || first == 0x62) {
            checkVectorPrefixes(in, rex);
            return first == 0xc5 ? vex2(in, code, at, end) : first == 0xc4 ? vex3(in, code, at, end) : evex(in, code, at, end);
        }
        if (first == 0x8f) {
            if (at >= end) {
                return -1;
            }
            if ((code[at] & 0x1f) >= 8) {
                checkVectorPrefixes(in, rex);
                return xop(in, code, at, end);
            }
        }
        int map = InsnTable.MAP_ONE;
        int opcode = first;
        if (first == 0x0f) {
            if (at >= end) {
                return -1;
            }
            opcode = code[at++] & 0xff;
            map = opcode == 0x38 ? InsnTable.MAP_0F38 : opcode == 0x3a ? InsnTable.MAP_0F3A
                : opcode == 0x0f ? InsnTable.MAP_3DNOW : InsnTable.MAP_0F;
            if (map == InsnTable.MAP_0F38 || map == InsnTable.MAP_0F3A) {
                if (at >= end) {
                    return -1;
                }
                opcode = code[at++] & 0xff;
            }
        }
        in.rex = rex;
        int prefixes = in.prefixes;
        boolean w = (rex & 8) != 0;
        boolean data = (prefixes & Insn.PREFIX_66) != 0;
        int pp = (prefixes & Insn.PREFIX_REP) != 0 ? PP_F3 : (prefixes & Insn.PREFIX_REPNE) != 0 ? PP_F2 : data ? PP_66 : 0;
        in.operandSize = w ? 8 : data ? 2 : 4;
        int key = pp << InsnTable.KEY_PP | (w ? InsnTable.KEY_W | 2 << InsnTable.KEY_OSZ : data ? 0 : 1 << InsnTable.KEY_OSZ);
        if ((rex & 1) != 0) {
            key |= InsnTable.KEY_REX_B;
        }
        return body(in, code, at, end, map, opcode, key);
    }

    /** REX, 66, F2, F3 and F0 before VEX, EVEX or XOP raise #UD (SDM 2, 2.3.2 to 2.3.4). */
    private static void checkVectorPrefixes(Insn in, int rex) {
        int bad = Insn.PREFIX_66 | Insn.PREFIX_REP | Insn.PREFIX_REPNE | Insn.PREFIX_LOCK;
        in.invalid = rex != 0 || (in.prefixes & bad) != 0;
    }

    private static int vex2(Insn in, byte[] code, int at, int end) {
        if (at + 2 > end) {
            return -1;
        }
        int p = code[at] & 0xff;
        in.encoding = Insn.ENCODING_VEX;
        in.rex = 0x40 | (~p >>> 5 & 4);
        return vectorBody(in, code, at + 2, end, InsnTable.MAP_VEX + 1, code[at + 1] & 0xff, p);
    }

    private static int vex3(Insn in, byte[] code, int at, int end) {
        if (at + 3 > end) {
            return -1;
        }
        int p = code[at] & 0xff;
        int p2 = code[at + 1] & 0xff;
        in.encoding = Insn.ENCODING_VEX;
        in.rex = 0x40 | ~p >>> 5 & 7 | p2 >>> 4 & 8;
        int map = p & 0x1f;
        return vectorBody(in, code, at + 3, end, map < 8 ? InsnTable.MAP_VEX + map : InsnTable.MAP_VEX, code[at + 2] & 0xff, p2);
    }

    private static int xop(Insn in, byte[] code, int at, int end) {
        if (at + 3 > end) {
            return -1;
        }
        int p = code[at] & 0xff;
        int p2 = code[at + 1] & 0xff;
        in.encoding = Insn.ENCODING_XOP;
        in.rex = 0x40 | ~p >>> 5 & 7 | p2 >>> 4 & 8;
        int map = p & 0x1f;
        if (map > 10) {
            in.invalid = true;
            map = 10;
        }
        return vectorBody(in, code, at + 3, end, InsnTable.MAP_XOP + map - 8, code[at + 2] & 0xff, p2);
    }

    /** {@code p}: the byte with W, vvvv, L and pp. Two-byte VEX has R where W is, and no W. */
    private static int vectorBody(Insn in, byte[] code, int at, int end, int map, int opcode, int p) {
        int l = p >>> 2 & 1;
        in.vvvv = ~p >>> 3 & 15;
        in.vectorLength = 16 << l;
        boolean w = (in.rex & 8) != 0;
        in.operandSize = w ? 8 : 4;
        int key = (p & 3) << InsnTable.KEY_PP | l << InsnTable.KEY_L
            | (w ? InsnTable.KEY_W | 2 << InsnTable.KEY_OSZ : 1 << InsnTable.KEY_OSZ);
        return body(in, code, at, end, map, opcode, key);
    }

    private static int evex(Insn in, byte[] code, int at, int end) {
        if (at + 4 > end) {
            return -1;
        }
        int p0 = code[at] & 0xff;
        int p1 = code[at + 1] & 0xff;
        int p2 = code[at + 2] & 0xff;
        in.encoding = Insn.ENCODING_EVEX;
        in.rex = 0x40 | ~p0 >>> 5 & 7 | p1 >>> 4 & 8;
        in.evexR = ~p0 & 0x10;
        in.evexV = ~p2 << 1 & 0x10;
        in.vvvv = ~p1 >>> 3 & 15 | in.evexV;
        in.opmask = p2 & 7;
        in.zeroing = (p2 & 0x80) != 0;
        in.evexB = (p2 & 0x10) != 0;
        int l = p2 >>> 5 & 3;
        in.vectorLength = 16 << l;
        boolean w = (p1 & 0x80) != 0;
        in.operandSize = w ? 8 : 4;
        int key = (p1 & 3) << InsnTable.KEY_PP | l << InsnTable.KEY_L
            | (w ? InsnTable.KEY_W | 2 << InsnTable.KEY_OSZ : 1 << InsnTable.KEY_OSZ);
        // Bit 3 of P0 and bit 2 of P1 are fixed without APX; map 0 has no opcodes, so its rows never match.
        boolean plain = (p0 & 8) == 0 && (p1 & 4) != 0;
        return body(in, code, at + 4, end, InsnTable.MAP_EVEX + (plain ? p0 & 7 : 0), code[at + 3] & 0xff, key);
    }

    private static int body(Insn in, byte[] code, int at, int end, int map, int opcode, int key) {
        if (in.encoding == Insn.ENCODING_EVEX && in.evexB) {
            key |= InsnTable.KEY_EVEX_B;
        }
        if ((in.prefixes & Insn.PREFIX_67) != 0) {
            key |= InsnTable.KEY_ADDRESS32;
        }
        in.opcode = opcode;
        in.map = map;
        int next = at;
        if (map > InsnTable.MAP_0F || InsnTable.hasModRm(map, opcode)) {
            // vzeroupper is the one opcode of VEX and EVEX maps without ModRM.
            if (map != InsnTable.MAP_VEX + 1 || opcode != 0x77) {
                next = modRm(in, code, at, end);
                if (next < 0) {
                    return -1;
                }
                int m = in.modRm;
                key |= m >>> 3 & 7 | (m & 7) << 3;
                if (m >= 0xc0) {
                    key |= InsnTable.KEY_MOD3;
                    if (in.evexB) {
                        // Embedded rounding: L'L is the rounding mode and the length is 64 (SDM 2, 2.7.8).
                        in.vectorLength = 64;
                        key = key & ~(3 << InsnTable.KEY_L) | 2 << InsnTable.KEY_L;
                    }
                }
            }
        }
        if (map == InsnTable.MAP_3DNOW) {
            if (next >= end) {
                return -1;
            }
            in.opcode = code[next++] & 0xff;
        }
        in.row = InsnTable.find(map, in.opcode, key);
        return immediate(in, code, next, end);
    }

    private static int modRm(Insn in, byte[] code, int at, int end) {
        if (at >= end) {
            return -1;
        }
        int m = code[at] & 0xff;
        in.modRm = m;
        in.modRmOffset = at - in.start;
        int next = at + 1;
        // Moves of control and debug registers ignore mod (SDM 2, MOV CRn and MOV DRn).
        if (in.map == InsnTable.MAP_0F && in.opcode >= 0x20 && in.opcode <= 0x23) {
            in.modRm = m | 0xc0;
            return next;
        }
        int mod = m >>> 6;
        if (mod == 3) {
            return next;
        }
        int dispSize = mod == 1 ? 1 : mod == 2 ? 4 : 0;
        in.hasMemory = true;
        in.memScale = 1;
        if ((m & 7) == 4) {
            if (next >= end) {
                return -1;
            }
            int sib = code[next++] & 0xff;
            int index = sib >>> 3 & 7 | (in.rex & 2) << 2;
            in.memIndex = index == 4 ? Insn.NO_REG : index;
            in.sib = sib;
            in.memScale = 1 << (sib >>> 6);
            if ((sib & 7) == 5 && mod == 0) {
                dispSize = 4;
            } else {
                in.memBase = sib & 7 | (in.rex & 1) << 3;
            }
        } else if ((m & 7) == 5 && mod == 0) {
            in.memBase = Insn.RIP;
            dispSize = 4;
        } else {
            in.memBase = m & 7 | (in.rex & 1) << 3;
        }
        if (dispSize == 0) {
            return next;
        }
        if (next + dispSize > end) {
            return -1;
        }
        in.dispOffset = next - in.start;
        in.dispSize = dispSize;
        in.memDisp = dispSize == 1 ? code[next] : readInt(code, next);
        return next + dispSize;
    }

    private static int readInt(byte[] code, int at) {
        return code[at] & 0xff | (code[at + 1] & 0xff) << 8 | (code[at + 2] & 0xff) << 16 | code[at + 3] << 24;
    }

    private static long readLong(byte[] code, int at) {
        return readInt(code, at) & 0xffffffffL | (long) readInt(code, at + 4) << 32;
    }

    private static int immediate(Insn in, byte[] code, int at, int end) {
        int size;
        if (in.row >= 0) {
            long traits = InsnTable.SHAPES[InsnTable.shape(in.row) + 2];
            int kind = (int) (traits >>> InsnTable.TRAIT_IMMEDIATE) & 63;
            if (kind == 0) {
                return at;
            }
            size = kind & 7;
            if ((kind & InsnTable.IMMEDIATE_Z) != 0) {
                size += in.operandSize == 2 ? 2 : 4;
            } else if ((kind & InsnTable.IMMEDIATE_V) != 0) {
                size += in.operandSize;
            } else if ((kind & InsnTable.IMMEDIATE_ADDRESS) != 0) {
                size += in.addressSize();
                if (at + size > end) {
                    return -1;
                }
                in.hasMemory = true;
                in.memScale = 1;
                in.dispOffset = at - in.start;
                in.dispSize = size;
                in.memDisp = size == 8 ? readLong(code, at) : readInt(code, at) & 0xffffffffL;
                return at + size;
            }
        } else {
            // Unknown but not known to be invalid: the maps with an immediate have one in all their opcodes.
            size = switch (in.map) {
                case InsnTable.MAP_0F3A, InsnTable.MAP_VEX + 3, InsnTable.MAP_EVEX + 3, InsnTable.MAP_XOP -> 1;
                case InsnTable.MAP_XOP + 2 -> 4;
                default -> 0;
            };
        }
        if (at + size > end) {
            return -1;
        }
        in.immediateOffset = at - in.start;
        in.immediateSize = size;
        return at + size;
    }
}
