// SPDX-License-Identifier: MIT
package muninn.isa;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The compiled instruction table. Its source is the text in {@code src/main/table}; the test class {@code TableCompiler}
 * writes the resource {@code insns.bin} from it, and a test fails while the two differ.
 *
 * <p>A row is one form of an instruction: a mask and a value over the selection key (see the {@code KEY_} constants), a
 * shape and a name. Rows of one opcode are neighbours and the first that matches wins. A shape is three words:
 * <pre>
 * operands  four 16-bit operands, see Operand, first operand in the low bits
 * implicit  bits 0..15 general registers read, 16..31 written, 32..38 flags read, 39..45 written, 46..52 undefined
 * traits    see the TRAIT_ constants
 * </pre>
 */
final class InsnTable {
    static final int MAP_ONE = 0;
    static final int MAP_0F = 1;
    static final int MAP_0F38 = 2;
    static final int MAP_0F3A = 3;
    static final int MAP_3DNOW = 4;
    /** VEX maps 0..7 are MAP_VEX + map. */
    static final int MAP_VEX = 8;
    /** EVEX maps 0..7 are MAP_EVEX + map. */
    static final int MAP_EVEX = 16;
    /** XOP maps 8..10 are MAP_XOP + map - 8. */
    static final int MAP_XOP = 24;
    static final int MAPS = 27;

    /** Selection key: ModRM.reg 0..2, ModRM.rm 3..5. */
    static final int KEY_MOD3 = 1 << 6;
    static final int KEY_W = 1 << 7;
    /** Two bits of vector length. */
    static final int KEY_L = 8;
    /** Two bits of mandatory prefix: none, 66, F3, F2. */
    static final int KEY_PP = 10;
    /** Two bits of operand size: 16, 32, 64. */
    static final int KEY_OSZ = 12;
    static final int KEY_ADDRESS32 = 1 << 14;
    static final int KEY_REX_B = 1 << 15;
    static final int KEY_EVEX_B = 1 << 16;
    static final int KEY_BITS = 17;

    /** Bits 0..3 of the traits: ordinal of {@link Flow}. */
    static final int TRAIT_FLOW = 0;
    /** Three bits: vector kind. */
    static final int TRAIT_VECTOR = 4;
    /** Three bits each: values of stack size pushed and popped. */
    static final int TRAIT_PUSH = 7;
    static final int TRAIT_POP = 10;
    static final long STRING = 1L << 13;
    static final long MASKED = 1L << 14;
    static final long VARIABLE = 1L << 15;
    /** The stack is addressed in units of 8 whatever the prefixes are (near calls and returns). */
    static final long STACK64 = 1L << 16;
    static final long VSIB = 1L << 17;
    /** Shift by immediate: a masked count of zero changes no flags. */
    static final long SHIFT_IMMEDIATE = 1L << 18;
    /** The memory operand takes disp8*N of the element, not of the whole (compress, expand, gather, scatter). */
    static final long ELEMENT_DISPLACEMENT = 1L << 19;
    /** Two bits: element size of compressed displacement and broadcast: 2, 4, 8 bytes for 1, 2, 3; 0 none. */
    static final int TRAIT_ELEMENT = 20;
    /** Six bits: immediate bytes; fixed count in the low three, then operand size capped at 4, operand size, address size. */
    static final int TRAIT_IMMEDIATE = 22;
    static final int IMMEDIATE_Z = 8;
    static final int IMMEDIATE_V = 16;
    static final int IMMEDIATE_ADDRESS = 32;
    /** Five bits: size code of the integer operation. */
    static final int TRAIT_OPERAND_SIZE = 28;
    /** Executing it depends on the processor's vendor: facts are not to be trusted. */
    static final long VENDOR = 1L << 33;
    /** Reads or writes memory that no operand names (at rsi, rdi, rax...) other than stack and strings. */
    static final long HIDDEN_MEMORY = 1L << 34;
    /** Element 1 byte (with TRAIT_ELEMENT 0). */
    static final long ELEMENT_BYTE = 1L << 36;

    static final short[] INDEX;
    static final byte[] MODRM;
    static final long[] MATCH;
    static final int[] ROW;
    static final long[] SHAPES;
    private static final short[] NAME_START;
    private static final byte[] NAME_BYTES;
    private static final String[] NAMES;

    static {
        ByteBuffer in = ByteBuffer.wrap(resource());
        int rows = in.getInt();
        int shapes = in.getInt();
        int names = in.getInt();
        int nameBytes = in.getInt();
        MATCH = new long[rows];
        SHAPES = new long[shapes * 3];
        ROW = new int[rows];
        INDEX = new short[MAPS * 256 + 1];
        NAME_START = new short[names + 1];
        MODRM = new byte[MAPS * 32];
        NAME_BYTES = new byte[nameBytes];
        NAMES = new String[names];
        in.asLongBuffer().get(MATCH).get(SHAPES);
        in.position(in.position() + 8 * (rows + SHAPES.length));
        in.asIntBuffer().get(ROW);
        in.position(in.position() + 4 * rows);
        in.asShortBuffer().get(INDEX).get(NAME_START);
        in.position(in.position() + 2 * (INDEX.length + NAME_START.length));
        in.get(MODRM).get(NAME_BYTES);
    }

    private InsnTable() {}

    private static byte[] resource() {
        try (InputStream in = InsnTable.class.getResourceAsStream("insns.bin")) {
            if (in == null) {
                throw new ExceptionInInitializerError("insns.bin is missing beside the classes of muninn.isa");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static boolean hasModRm(int map, int opcode) {
        return (MODRM[map << 5 | opcode >>> 3] >>> (opcode & 7) & 1) != 0;
    }

    /** Row for the key, or -1. */
    static int find(int map, int opcode, int key) {
        int at = map << 8 | opcode;
        int end = INDEX[at + 1] & 0xffff;
        for (int row = INDEX[at] & 0xffff; row < end; row++) {
            long match = MATCH[row];
            if ((key & (int) (match >>> 32)) == (int) match) {
                return row;
            }
        }
        return -1;
    }

    static String name(int row) {
        int n = ROW[row] & 0xffff;
        String name = NAMES[n];
        if (name == null) {
            int from = NAME_START[n] & 0xffff;
            int to = NAME_START[n + 1] & 0xffff;
            name = new String(NAME_BYTES, from, to - from, StandardCharsets.ISO_8859_1);
            NAMES[n] = name;
        }
        return name;
    }

    /** Index of the row's first shape word in {@link #SHAPES}. */
    static int shape(int row) {
        return (ROW[row] >>> 16) * 3;
    }
}
