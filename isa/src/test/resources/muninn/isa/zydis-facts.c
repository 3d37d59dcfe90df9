// SPDX-License-Identifier: MIT
// Reads one instruction a line in hexadecimal; prints what Zydis says of it, in the order of ZydisCorpus.
#include <Zydis/Zydis.h>
#include <stdio.h>


static int gpr(ZydisRegister r) {
    ZydisRegister wide = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, r);
    return wide >= ZYDIS_REGISTER_RAX && wide <= ZYDIS_REGISTER_R15 ? wide - ZYDIS_REGISTER_RAX : -1;
}

static unsigned flags(ZydisAccessedFlagsMask m) {
    return (m & 1) | (m >> 2 & 1) << 1 | (m >> 4 & 1) << 2 | (m >> 6 & 1) << 3 | (m >> 7 & 1) << 4 | (m >> 11 & 1) << 5
        | (m >> 10 & 1) << 6;
}

int main(void) {
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        unsigned char code[16];
        int n = 0;
        unsigned byte;
        for (char *p = line; n < 15 && sscanf(p, "%2x", &byte) == 1; p += 2) {
            code[n++] = byte;
        }
        ZydisDecodedInstruction in;
        ZydisDecodedOperand ops[ZYDIS_MAX_OPERAND_COUNT];
        if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, n, &in, ops))) {
            puts("0");
            continue;
        }
        unsigned reads = 0, writes = 0;
        int base = -9, index = -9, scale = 0, size = -1, access = 0, index_vector = 0;
        long long disp = 0;
        for (int i = 0; i < in.operand_count; i++) {
            ZydisDecodedOperand *o = &ops[i];
            int read = (o->actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
            int write = (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
            int maybe = (o->actions & ZYDIS_OPERAND_ACTION_CONDWRITE) != 0;
            if (o->type == ZYDIS_OPERAND_TYPE_REGISTER) {
                int r = gpr(o->reg.value);
                if (r >= 0) {
                    if (read || maybe || (write && o->size < 32)) reads |= 1u << r;
                    if (write) writes |= 1u << r;
                }
            } else if (o->type == ZYDIS_OPERAND_TYPE_MEMORY) {
                int b = gpr(o->mem.base), x = gpr(o->mem.index);
                if (b >= 0) reads |= 1u << b;
                if (x >= 0) reads |= 1u << x;
                if (o->visibility == ZYDIS_OPERAND_VISIBILITY_EXPLICIT && size < 0
                    && !(in.attributes & ZYDIS_ATTRIB_HAS_MODRM && in.raw.modrm.mod == 3)
                    && (in.attributes & ZYDIS_ATTRIB_HAS_MODRM || in.raw.disp.size)) {
                    base = b >= 0 ? b : o->mem.base == ZYDIS_REGISTER_RIP || o->mem.base == ZYDIS_REGISTER_EIP ? -2 : -1;
                    index_vector = o->mem.index != ZYDIS_REGISTER_NONE && x < 0;
                    index = index_vector ? o->mem.index - (o->mem.index >= ZYDIS_REGISTER_ZMM0 ? ZYDIS_REGISTER_ZMM0
                        : o->mem.index >= ZYDIS_REGISTER_YMM0 ? ZYDIS_REGISTER_YMM0 : ZYDIS_REGISTER_XMM0) : x;
                    scale = o->mem.scale;
                    disp = o->mem.disp.value;
                    size = o->mem.type == ZYDIS_MEMOP_TYPE_AGEN || o->mem.type == ZYDIS_MEMOP_TYPE_MIB ? 0 : o->size / 8;
                    access = read | write << 1;
                    if (in.avx.broadcast.mode != ZYDIS_BROADCAST_MODE_INVALID && !in.avx.broadcast.is_static) size = o->element_size / 8;
                    if (index_vector) size = o->element_size / 8;
                }
            }
        }
        const ZydisAccessedFlags *f = in.cpu_flags;
        unsigned fr = 0, fw = 0, fu = 0;
        if (f) {
            fr = flags(f->tested);
            fu = flags(f->undefined);
            fw = flags(f->modified | f->set_0 | f->set_1 | f->undefined);
        }
        printf("%d %s %x %x %x %x %x %d %d %d %lld %d %d %d\n", in.length, ZydisMnemonicGetString(in.mnemonic), reads, writes, fr, fw,
               fu, base, index, scale, disp, size, access, index_vector);
    }
    return 0;
}
