// SPDX-License-Identifier: MIT
package muninn.isa;

/** Decodes 64-bit code: legacy, VEX, XOP and EVEX encodings by maps that say what follows each opcode. */
public final class Decoder {
    private Decoder() {}
    // one-byte map: m modrm, b imm8, w imm16, z imm16/32, v imm full, n none, p prefix, o moffs
    private static final String ONE =
        "mmmmbznnmmmmbzn0mmmmbznnmmmmbznnmmmmbzpnmmmmbzpnmmmmbzpnmmmmbzpn" +
        "ppppppppppppppppnnnnnnnnnnnnnnnnnnnmppppzMbBnnnnbbbbbbbbbbbbbbbb" +
        "BMmBmmmmmmmmmmmmnnnnnnnnnnnnnnnnoooonnnnbznnnnnnbbbbbbbbvvvvvvvv" +
        "BBwnmmBMenwnnbnnmmmmbbnnmmmmmmmmbbbbbbbbzznbnnnnpnppnnFGnnnnnnmm";
    // 0f map
    private static final String TWO =
        "mmmmnnnnnnnnnmnBmmmmmmmmmmmmmmmmmmmmnnnnmmmmmmmmnnnnnnnn3n4nnnnn" +
        "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmBBBBmmmnmmmmmmmm" +
        "zzzzzzzzzzzzzzzzmmmmmmmmmmmmmmmmnnnmBmnnnnnmBmmmmmmmmmmmmmBmmmmm" +
        "mmBmBBBmnnnnnnnnmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm";
    static { if (ONE.length() != 256 || TWO.length() != 256) throw new IllegalStateException(ONE.length() + " " + TWO.length()); }

    public static Insn decode(byte[] code, int offset, int limit, long address) {
        Insn x = new Insn(address);
        try {
            int n = parse(x, code, offset, Math.min(limit, offset + 15), address);
            System.arraycopy(code, offset, x.bytes, 0, n);
            x.length = n;
        } catch (ArrayIndexOutOfBoundsException e) {
            // Ran over the end of what may be read.
            x.truncated = true;
        }
        return x;
    }

    private static int parse(Insn x, byte[] c, int o, int end, long address) {
        int i = o; boolean p66 = false, p67 = false; int rex = 0; int rep = 0;
        int op;
        for (;; i++) {
            if (i >= end) throw new ArrayIndexOutOfBoundsException();
            op = c[i] & 255;
            if (op == 0x66) p66 = true; else if (op == 0x67) p67 = true; else if (op == 0xf2 || op == 0xf3) rep = op; else if (op == 0xf0) { }
            else if (op == 0x64) x.segment = 4; else if (op == 0x65) x.segment = 5; else if (op == 0x2e || op == 0x36 || op == 0x3e || op == 0x26) { }
            else break;
        }
        if ((op & 0xf0) == 0x40) { rex = op; op = c[++i] & 255; }
        boolean w = (rex & 8) != 0;
        char kind; int map = 0; int imm = 0; int vvvv = -1; int vector = 0; int pp = -1;
        if (op == 0xc5) { int v = c[i + 1] & 255; rex = (~v >> 5 & 4); vvvv = ~v >> 3 & 15; vector = (v & 4) != 0 ? 32 : 16; pp = v & 3; op = c[i + 2] & 255; i += 2; map = 1; kind = TWO.charAt(op); if (op != 0x77) kind = kind == 'B' ? 'B' : 'm'; }
        else if (op == 0xc4 || op == 0x8f && (c[i + 1] & 0x1f) >= 8) {
            int v = c[i + 1] & 255, v2 = c[i + 2] & 255; boolean xop = op == 0x8f; rex = (~v >> 5 & 7) | (v2 >> 4 & 8); vvvv = ~v2 >> 3 & 15; map = v & 31; vector = (v2 & 4) != 0 ? 32 : 16; pp = v2 & 3; w = (v2 & 0x80) != 0; op = c[i + 3] & 255; i += 3;
            kind = map == 1 ? op == 0x77 ? 'n' : TWO.charAt(op) == 'B' ? 'B' : 'm' : map == 2 || map == 9 ? 'm' : map == 10 ? 'M' : 'B';
        } else if (op == 0x62) {
            int v = c[i + 1] & 255, v2 = c[i + 2] & 255, v3 = c[i + 3] & 255; rex = (~v >> 5 & 7) | (v2 >> 4 & 8); vvvv = ~v2 >> 3 & 15; map = v & 7; op = c[i + 4] & 255; i += 4;
            kind = map == 3 ? 'B' : map == 1 && TWO.charAt(op) == 'B' ? 'B' : 'm'; vector = 64;
        } else if (op == 0x0f) { op = c[++i] & 255; map = 1; kind = TWO.charAt(op);
            if (kind == '3') { op = c[++i] & 255; map = 2; kind = 'm'; } else if (kind == '4') { op = c[++i] & 255; map = 3; kind = 'B'; }
        } else kind = ONE.charAt(op);
        i++;
        int modrm = 0;
        boolean m = kind == 'm' || kind == 'B' || kind == 'M' || kind == 'F' || kind == 'G';
        if (vvvv >= 0 && vvvv != 0) gpr(x, vvvv);
        if (m) {
            x.modRmOffset = i - o;
            modrm = c[i++] & 255;
            int mod = modrm >> 6, rm = modrm & 7;
            gpr(x, modrm >> 3 & 7 | (rex & 4) << 1);
            if (mod == 3 || map == 1 && (op >= 0x20 && op <= 0x23) && vvvv < 0) gpr(x, rm | (rex & 1) << 3);
            else {
                x.memory = true;
                int base = rm | (rex & 1) << 3; int ds = mod == 1 ? 1 : mod == 2 ? 4 : 0;
                if (rm == 4) { int sib = c[i++] & 255; int ix = sib >> 3 & 7 | (rex & 2) << 2; if (ix != 4) { x.index = ix; x.scale = 1 << (sib >> 6); gpr(x, ix); } base = sib & 7 | (rex & 1) << 3; if ((sib & 7) == 5 && mod == 0) { base = -1; ds = 4; } }
                else if (rm == 5 && mod == 0) { base = -2; ds = 4; }
                x.base = base; if (base >= 0) gpr(x, base);
                x.dispOffset = i - o;
                if (ds == 1) x.disp = c[i]; else if (ds == 4) x.disp = c[i] & 255 | (c[i + 1] & 255) << 8 | (c[i + 2] & 255) << 16 | c[i + 3] << 24;
                i += ds;
            }
        }
        switch (kind) {
            case 'b', 'B' -> imm = 1; case 'w' -> imm = 2; case 'z' -> imm = p66 ? 2 : 4; case 'M' -> imm = map == 0 && op == 0x69 || op == 0x81 || op == 0xc7 ? p66 && !w ? 2 : 4 : map == 10 ? 4 : 0;
            case 'v' -> imm = w ? 8 : p66 ? 2 : 4; case 'o' -> imm = p67 ? 4 : 8; case 'e' -> imm = 3; case 'F' -> imm = (modrm & 0x38) < 0x10 ? 1 : 0; case 'G' -> imm = (modrm & 0x38) < 0x10 ? p66 && !w ? 2 : 4 : 0; default -> { } }
        if (map == 0 && op == 0x81 && imm == 0) imm = p66 ? 2 : 4;
        if (map == 0 && op >= 0xe8 && op <= 0xe9 || map == 1 && vvvv < 0 && op >= 0x80 && op <= 0x8f) imm = 4;
        if (map == 1 && vvvv < 0 && op == 0x78 && (p66 || rep == 0xf2)) imm = 2;
        if (map == 0 && op >= 0x50 && op <= 0x5f || map == 0 && op >= 0xb0 && op <= 0xbf || map == 0 && op >= 0x90 && op <= 0x97 || map == 1 && vvvv < 0 && op >= 0xc8 && op <= 0xcf) gpr(x, op & 7 | (rex & 1) << 3);
        i += imm;
        if (i > end) throw new ArrayIndexOutOfBoundsException();
        if (p67) x.addressSize = 4;
        int len = i - o; long next = address + len;
        long rel = imm == 1 ? c[i - 1] : imm == 4 ? c[i - 4] & 255 | (c[i - 3] & 255) << 8 | (c[i - 2] & 255) << 16 | c[i - 1] << 24 : 0;
        if (map == 0) {
            if (op >= 0x70 && op <= 0x7f) { x.flow = Flow.BRANCH; x.condition = op & 15; x.target = next + rel; }
            else if (op == 0xeb || op == 0xe9) { x.flow = Flow.JUMP; x.target = next + rel; }
            else if (op == 0xe8) { x.flow = Flow.CALL; x.target = next + rel; }
            else if (op >= 0xe0 && op <= 0xe3) { x.flow = Flow.LOOP; x.target = next + rel; }
            else if (op == 0xc3 || op == 0xc2) x.flow = Flow.RETURN;
            else if (op == 0xcc || op == 0xcd || op == 0xf1) x.flow = Flow.INTERRUPT;
            else if (op == 0xca || op == 0xcb || op == 0xcf) x.flow = Flow.FAR;
            else if (op == 0xf4) x.flow = Flow.TRAP;
            else if (op == 0xc7 && modrm == 0xf8) { x.flow = Flow.XBEGIN; x.target = next + rel; }
            else if (op == 0xff) { int e = modrm >> 3 & 7; if (e == 2) x.flow = Flow.CALL_INDIRECT; else if (e == 4) x.flow = Flow.JUMP_INDIRECT; else if (e == 3 || e == 5) x.flow = Flow.FAR; }
        } else if (map == 1 && vvvv < 0) {
            if (op >= 0x80 && op <= 0x8f) { x.flow = Flow.BRANCH; x.condition = op & 15; x.target = next + rel; }
            else if (op == 5) x.flow = Flow.SYSCALL; else if (op == 0x0b || op == 0xb9 || op == 0xff) x.flow = Flow.TRAP;
        }
        if (vector == 64 || map > 3) {
            x.masked = true;
        } else {
            int prefix = pp >= 0 ? pp == 1 ? 0x66 : pp == 2 ? 0xf3 : pp == 3 ? 0xf2 : 0 : rep != 0 ? rep : p66 ? 0x66 : 0;
            OpcodeFacts.fill(x, map, op, modrm, w ? 8 : p66 && pp < 0 ? 2 : 4, prefix, w, vector, imm == 1 ? c[i - 1] : imm);
        }
        if (!x.memory) { x.memSize = 0; x.reads = false; x.writes = false; }
        return len;
    }

    private static void gpr(Insn x, int n) { x.gprs |= 1 << n; }
}
