// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import java.util.HashMap;
import java.util.Map;

import muninn.runtime.definedness.Operation;

/** Rules of vector, MMX and mask instructions by mnemonic, without the v of VEX and EVEX. What is missing here has no rule of its own. */
final class VectorRules {
    private static final Map<String, Rule> RULES = new HashMap<>();
    private static final int A = 1 << 1;
    private static final int B = 1 << 2;
    private static final int C = 1 << 3;
    private static final String[] INTEGERS = {"b", "w", "d", "q"};

    static {
        moves();
        logic();
        lanes();
        floats();
        conversions();
        masks();
    }

    private VectorRules() {}

    static Rule of(String name) {
        return RULES.get(name);
    }

    private static void put(int operation, int size, int parameter, String names) {
        for (String name : names.split(" ")) {
            RULES.put(name, new Rule(operation, size, parameter));
        }
    }

    private static void template(int steering, String names) {
        put(Operation.BY_TEMPLATE, 0, steering, names);
    }

    /** One name for each element size, from the given one on. */
    private static void integers(int operation, int from, int to, String stems) {
        for (String stem : stems.split(" ")) {
            for (int i = from; i <= to; i++) {
                RULES.put(stem + INTEGERS[i], new Rule(operation, 1 << i, 0));
            }
        }
    }

    private static void moves() {
        template(0, "movapd movaps movdqa movdqu movupd movups movdqa32 movdqa64 movdqu8 movdqu16 movdqu32 movdqu64 lddqu movntdq movntdqa "
                + "movntps movntpd movd movq movw movhpd movhps movlpd movlps movhlps movlhps movss movsd movsh movddup movshdup movsldup");
        template(0, "pshufd pshufhw pshuflw shufps shufpd palignr blendps blendpd pblendw pblendd insertps pinsrb pinsrw pinsrd pinsrq "
                + "pextrb pextrw pextrd pextrq extractps perm2f128 perm2i128 valignd valignq alignd alignq shuff32x4 shuff64x2 shufi32x4 "
                + "shufi64x2 unpckhps unpckhpd unpcklps unpcklpd punpckhbw punpckhwd punpckhdq punpckhqdq punpcklbw punpcklwd punpckldq "
                + "punpcklqdq pslldq psrldq blendmps blendmpd pblendmb pblendmw pblendmd pblendmq");
        for (String kind : new String[] {"f", "i"}) {
            for (String shape : new String[] {"128", "32x2", "32x4", "32x8", "64x2", "64x4"}) {
                template(0, "insert" + kind + shape + " extract" + kind + shape + " broadcast" + kind + shape);
            }
        }
        template(0, "broadcastss broadcastsd pbroadcastb pbroadcastw pbroadcastd pbroadcastq pbroadcastmb2q pbroadcastmw2d");
        template(0, "pmovzxbw pmovzxbd pmovzxbq pmovzxwd pmovzxwq pmovzxdq pmovsxbw pmovsxbd pmovsxbq pmovsxwd pmovsxwq pmovsxdq "
                + "pmovdb pmovdw pmovqb pmovqw pmovqd pmovwb pmovmskb movmskps movmskpd pmovm2b pmovm2w pmovm2d pmovm2q pmovb2m pmovw2m "
                + "pmovd2m pmovq2m");
        // Shifts by a register or by elements of one: the count steers.
        template(B, "psllw pslld psllq psrlw psrld psrlq psraw psrad psraq psllvw psllvd psllvq psrlvw psrlvd psrlvq psravw psravd psravq "
                + "prolvd prolvq prorvd prorvq prold prolq prord prorq pshufb permilps permilpd");
        template(0, "pshldw pshldd pshldq pshrdw pshrdd pshrdq");
        template(C, "pshldvw pshldvd pshldvq pshrdvw pshrdvd pshrdvq blendvps blendvpd pblendvb");
        template(A, "permb permw permd permps permq permpd permi2b permi2w permi2d permi2q permi2ps permi2pd pmultishiftqb");
        template(B, "permt2b permt2w permt2d permt2q permt2ps permt2pd");
        template(0, "compressps compresspd pcompressb pcompressw pcompressd pcompressq expandps expandpd "
                + "pexpandb pexpandw pexpandd pexpandq");
        put(Operation.ZERO_UPPERS, 0, 0, "zeroupper");
        put(Operation.ZERO_ALL, 0, 0, "zeroall");
    }

    private static void logic() {
        put(Operation.UNION, 0, 0, "pxor xorps xorpd pxord pxorq");
        put(Operation.VECTOR_TERNARY, 0, 0, "pternlogd pternlogq");
        put(Operation.VECTOR_AND, 0, 0, "pand andps andpd pandd pandq");
        put(Operation.VECTOR_OR, 0, 0, "por orps orpd pord porq");
        put(Operation.VECTOR_AND_NOT, 0, 0, "pandn andnps andnpd pandnd pandnq");
        put(Operation.VECTOR_TEST, 1, 0, "ptest");
        put(Operation.VECTOR_TEST, 4, 0, "testps");
        put(Operation.VECTOR_TEST, 8, 0, "testpd");
        put(Operation.STRING_INDEX, 0, 0, "pcmpistri pcmpistrm");
    }

    private static void lanes() {
        integers(Operation.LANES, 0, 3, "padd psub pcmpgt pabs popcnt");
        for (int i = 0; i < 4; i++) {
            put(Operation.LANES_EXTREME, 1 << i, 0, "pminu" + INTEGERS[i]);
            put(Operation.LANES_EXTREME, 1 << i, 1, "pmaxu" + INTEGERS[i]);
            put(Operation.LANES_EXTREME, 1 << i, 2, "pmins" + INTEGERS[i]);
            put(Operation.LANES_EXTREME, 1 << i, 3, "pmaxs" + INTEGERS[i]);
        }
        integers(Operation.LANES, 0, 2, "psign");
        integers(Operation.LANES_EQUAL, 0, 3, "pcmpeq");
        put(Operation.LANES, 1, 0, "paddsb paddusb psubsb psubusb pavgb pavgusb gf2p8mulb popcntb");
        put(Operation.LANES, 2, 0, "paddsw paddusw psubsw psubusw pavgw pmullw pmulhw pmulhuw pmulhrsw pmaddubsw");
        put(Operation.LANES, 4, 0, "pmulld pmaddwd plzcntd pdpbusd pdpbusds pdpwssd pdpwssds dpbf16ps");
        put(Operation.LANES, 8, 0, "pmuludq pmuldq pmullq plzcntq psadbw pmadd52luq pmadd52huq");
        put(Operation.PACK, 2, 0, "packsswb packuswb");
        put(Operation.PACK, 4, 0, "packssdw packusdw");
        put(Operation.BLOCKS, 0, 0, "haddps haddpd hsubps hsubpd phaddw phaddd phaddsw phsubw phsubd phsubsw dpps dppd mpsadbw phminposuw "
                + "aesenc aesenclast aesdec aesdeclast aesimc aeskeygenassist pclmulqdq gf2p8affineqb gf2p8affineinvqb dbpsadbw sha1msg1 "
                + "sha1msg2 sha1nexte sha1rnds4 sha256msg1 sha256msg2 sha256rnds2 pshufw pswapd");
    }

    private static void floats() {
        String packed = "add sub mul div min max addsub sqrt rcp rsqrt round cmp rcp14 rsqrt14 rcp28 rsqrt28 exp2 range reduce rndscale "
                + "scalef getexp getmant fixupimm";
        for (String stem : packed.split(" ")) {
            put(Operation.LANES, 4, 0, stem + "ps");
            put(Operation.LANES, 8, 0, stem + "pd");
            put(Operation.LANES, 2, 0, stem + "ph");
        }
        for (String stem : "add sub mul div min max cmp range fixupimm scalef".split(" ")) {
            put(Operation.LOWEST_LANE, 4, 0, stem + "ss");
            put(Operation.LOWEST_LANE, 8, 0, stem + "sd");
            put(Operation.LOWEST_LANE, 2, 0, stem + "sh");
        }
        for (String stem : "sqrt rcp rsqrt round rcp14 rsqrt14 rcp28 rsqrt28 reduce rndscale getexp getmant".split(" ")) {
            put(Operation.CONVERT_LOWEST, 4, 4, stem + "ss");
            put(Operation.CONVERT_LOWEST, 8, 8, stem + "sd");
            put(Operation.CONVERT_LOWEST, 2, 2, stem + "sh");
        }
        for (String stem : "fmadd fmsub fnmadd fnmsub fmaddsub fmsubadd".split(" ")) {
            for (String order : new String[] {"132", "213", "231"}) {
                put(Operation.LANES, 4, 0, stem + order + "ps");
                put(Operation.LANES, 8, 0, stem + order + "pd");
                put(Operation.LANES, 2, 0, stem + order + "ph");
                put(Operation.LOWEST_LANE, 4, 0, stem + order + "ss");
                put(Operation.LOWEST_LANE, 8, 0, stem + order + "sd");
                put(Operation.LOWEST_LANE, 2, 0, stem + order + "sh");
            }
        }
        put(Operation.FLAGS_FROM_ALL, 4, 0, "comiss ucomiss");
        put(Operation.FLAGS_FROM_ALL, 8, 0, "comisd ucomisd");
        put(Operation.FLAGS_FROM_ALL, 2, 0, "comish ucomish");
    }

    private static int elementBytes(String letters) {
        return switch (letters) {
            case "pd", "qq", "uqq" -> 8;
            case "ps", "psx", "dq", "udq", "pi" -> 4;
            default -> 2;
        };
    }

    private static void conversions() {
        String[] kinds = {"pd", "qq", "uqq", "ps", "psx", "dq", "udq", "ph", "phx", "w", "uw"};
        for (String from : kinds) {
            for (String to : kinds) {
                for (String stem : new String[] {"cvt", "cvtt"}) {
                    put(Operation.CONVERT, elementBytes(to), elementBytes(from), stem + from + "2" + to);
                }
            }
        }
        put(Operation.CONVERT, 2, 4, "cvtneps2bf16");
        int[] scalar = {4, 8, 2};
        String[] names = {"ss", "sd", "sh"};
        for (int from = 0; from < 3; from++) {
            for (int to = 0; to < 3; to++) {
                put(Operation.CONVERT_LOWEST, scalar[to], scalar[from], "cvt" + names[from] + "2" + names[to]);
            }
            // The size of the integer is that of the operand.
            put(Operation.CONVERT_LOWEST, scalar[from], 0, "cvtsi2" + names[from] + " cvtusi2" + names[from]);
            put(Operation.CONVERT, 0, scalar[from], "cvt" + names[from] + "2si cvtt" + names[from] + "2si cvt" + names[from] + "2usi cvtt"
                    + names[from] + "2usi");
        }
        String[] letters = {"b", "w", "d", "q"};
        for (int from = 1; from < 4; from++) {
            for (int to = 0; to < from; to++) {
                put(Operation.CONVERT, 1 << to, 1 << from, "pmovs" + letters[from] + letters[to] + " pmovus" + letters[from] + letters[to]);
            }
        }
    }

    private static void masks() {
        integers(Operation.MOVE, 0, 3, "kmov");
        integers(Operation.VECTOR_AND, 0, 3, "kand");
        integers(Operation.VECTOR_AND_NOT, 0, 3, "kandn");
        integers(Operation.VECTOR_OR, 0, 3, "kor");
        integers(Operation.UNION, 0, 3, "kxor kxnor");
        integers(Operation.LANES, 0, 3, "kadd");
        integers(Operation.MASK_NOT, 0, 3, "knot");
        integers(Operation.MASK_SHIFT_LEFT, 0, 3, "kshiftl");
        integers(Operation.MASK_SHIFT_RIGHT, 0, 3, "kshiftr");
        integers(Operation.MASK_OR_TEST, 0, 3, "kortest");
        integers(Operation.MASK_TEST, 0, 3, "ktest");
        put(Operation.MASK_UNPACK, 2, 0, "kunpckbw");
        put(Operation.MASK_UNPACK, 4, 0, "kunpckwd");
        put(Operation.MASK_UNPACK, 8, 0, "kunpckdq");
        integers(Operation.TO_MASK, 0, 3, "pcmp pcmpu ptestm ptestnm");
        put(Operation.TO_MASK, 1, 0, "pcmpub");
        put(Operation.TO_MASK, 4, 0, "fpclassps fpclassss");
        put(Operation.TO_MASK, 8, 0, "fpclasspd fpclasssd");
        put(Operation.TO_MASK, 2, 0, "fpclassph fpclasssh");
        put(Operation.GATHER, 4, 4, "gatherdps pgatherdd");
        put(Operation.GATHER, 8, 4, "gatherdpd pgatherdq");
        put(Operation.GATHER, 4, 8, "gatherqps pgatherqd");
        put(Operation.GATHER, 8, 8, "gatherqpd pgatherqq");
        put(Operation.SCATTER, 4, 4, "scatterdps pscatterdd");
        put(Operation.SCATTER, 8, 4, "scatterdpd pscatterdq");
        put(Operation.SCATTER, 4, 8, "scatterqps pscatterqd");
        put(Operation.SCATTER, 8, 8, "scatterqpd pscatterqq");
        put(Operation.MASKED_LOAD, 4, 0, "maskmovps pmaskmovd");
        put(Operation.MASKED_LOAD, 8, 0, "maskmovpd pmaskmovq");
        put(Operation.MASKED_STORE, 1, 0, "maskmovdqu maskmovq");
    }
}
