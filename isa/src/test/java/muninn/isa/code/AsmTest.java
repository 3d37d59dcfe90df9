// SPDX-License-Identifier: MIT
package muninn.isa.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each form against the text of objdump: all cases are written one after the other and disassembled in one go. */
class AsmTest {
    private static final String[] R64 = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11",
        "r12", "r13", "r14", "r15"};
    private static final String[] R32 = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d",
        "r12d", "r13d", "r14d", "r15d"};
    private static final String[] R16 = {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w",
        "r13w", "r14w", "r15w"};
    private static final String[] R8 = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b",
        "r12b", "r13b", "r14b", "r15b"};
    private static final String[] ALU = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};
    private static final String[] CC = {"o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"};
    private static final int[] SIZES = {8, 16, 32, 64};

    @TempDir
    Path temp;

    private final Asm asm = new Asm();
    private final TreeMap<Integer, String> wanted = new TreeMap<>();

    private static String reg(int size, int reg) {
        return (size == 8 ? R8 : size == 16 ? R16 : size == 32 ? R32 : R64)[reg];
    }

    private static String width(int size) {
        return size == 8 ? "BYTE PTR " : size == 16 ? "WORD PTR " : size == 32 ? "DWORD PTR " : "QWORD PTR ";
    }

    private static String hex(long value) {
        return value < 0 ? "-0x" + Long.toHexString(-value) : "0x" + Long.toHexString(value);
    }

    /** A constant as objdump shows it, cut to the size. */
    private static String imm(int size, int value) {
        return "0x" + Long.toHexString(size == 64 ? value : value & (1L << size) - 1);
    }

    private static String text(Mem mem) {
        StringBuilder out = new StringBuilder(mem.gs() ? "gs:" : "");
        if (mem.base() == Mem.NONE && mem.index() == Mem.NONE) {
            return (mem.gs() ? "gs:" : "ds:") + "0x" + Long.toHexString(mem.disp());
        }
        out.append('[');
        if (mem.base() != Mem.NONE) {
            out.append(R64[mem.base()]);
        }
        if (mem.index() != Mem.NONE) {
            out.append(mem.base() != Mem.NONE ? "+" : "").append(R64[mem.index()]).append('*').append(mem.scale());
        }
        if (mem.disp() != 0 || mem.base() == Mem.NONE || (mem.base() & 7) == 5) {
            out.append(mem.disp() < 0 ? "-" : "+").append(hex(Math.abs((long) mem.disp())));
        }
        return out.append(']').toString();
    }

    /** Remembers what the bytes written next have to be. */
    private Asm want(String text) {
        wanted.put(asm.position(), text);
        return asm;
    }

    private static List<Mem> memories() {
        List<Mem> out = new ArrayList<>();
        for (int base = 0; base < 16; base++) {
            out.add(Mem.at(base));
            out.add(Mem.at(base, -8));
            out.add(Mem.at(base, 0x12345));
            out.add(Mem.at(base, base == 4 ? 0 : base, 2, 0x7f));
        }
        out.add(Mem.at(5, 13, 8, 0));
        out.add(Mem.at(13, 12, 1, -0x2000));
        out.add(Mem.at(Mem.NONE, 9, 8, 0x1000));
        out.add(Mem.absolute(0x10008));
        out.add(Mem.gs(0x40));
        out.add(Mem.gs(11, 8, 0x100));
        return out;
    }

    private void moves() {
        for (int a = 0; a < 16; a++) {
            int b = a * 7 + 3 & 15;
            want("mov " + R64[a] + "," + R64[b]).mov64(a, b);
            want("mov " + R32[a] + "," + R32[b]).mov32(a, b);
            want("mov " + R32[a] + ",0x80000000").movImm(a, 0x8000_0000L);
            want("mov " + R64[a] + ",0xffffffffffffff85").movImm(a, -123);
            want("movabs " + R64[a] + ",0x123456789abcdef0").movImm(a, 0x123456789abcdef0L);
            want("movabs " + R64[a] + ",0x7").movImm64(a, 7);
            want("xor " + R32[a] + "," + R32[a]).zero(a);
            want("movzx " + R32[a] + "," + R8[b]).movzx(8, a, b);
            want("movzx " + R32[a] + "," + R16[b]).movzx(16, a, b);
            want("movsx " + R32[a] + "," + R8[b]).movsx(32, 8, a, b);
            want("movsx " + R64[a] + "," + R8[b]).movsx(64, 8, a, b);
            want("movsx " + R64[a] + "," + R16[b]).movsx(64, 16, a, b);
            want("movsxd " + R64[a] + "," + R32[b]).movsx(64, 32, a, b);
            want("bswap " + R32[a]).bswap(32, a);
            want("bswap " + R64[a]).bswap(64, a);
            want("cmov" + CC[a] + " " + R64[a] + "," + R64[b]).cmov(a, 64, a, b);
            want("cmov" + CC[a] + " " + R32[b] + "," + R32[a]).cmov(a, 32, b, a);
            want("set" + CC[a] + " " + R8[b]).setcc(a, b);
            want("push " + R64[a]).push(a);
            want("pop " + R64[a]).pop(a);
            want("call " + R64[a]).call(a);
            want("jmp " + R64[a]).jmp(a);
            want("rdgsbase " + R64[a]).rdgsbase(a);
            want("wrgsbase " + R64[a]).wrgsbase(a);
            want("rdfsbase " + R64[a]).rdfsbase(a);
            for (int size : SIZES) {
                want("xchg " + reg(size, 1) + "," + reg(size, a)).xchg(size, 1, a);
            }
        }
    }

    private void memory() {
        int r = 0;
        for (Mem mem : memories()) {
            r = r + 5 & 15;
            String at = text(mem);
            for (int size : SIZES) {
                String p = width(size) + at;
                want("mov " + reg(size, r) + "," + p).load(size, r, mem);
                want("mov " + p + "," + reg(size, r)).store(size, mem, r);
                want("mov " + p + "," + imm(size, -5)).storeImm(size, mem, -5);
                want("xchg " + p + "," + reg(size, r)).xchg(size, mem, r);
                want("test " + p + "," + reg(size, r)).test(size, mem, r);
                want("test " + p + "," + imm(size, 0x55)).testImm(size, mem, 0x55);
                want("inc " + p).inc(size, mem);
                want("dec " + p).dec(size, mem);
                want("neg " + p).unary(Alu.NEG, size, mem);
                want("div " + p).unary(Alu.DIV, size, mem);
                want("lock cmpxchg " + p + "," + reg(size, r)).lockCmpxchg(size, mem, r);
                want("lock xadd " + p + "," + reg(size, r)).lockXadd(size, mem, r);
                for (int op = 0; op < 8; op++) {
                    want(ALU[op] + " " + reg(size, r) + "," + p).alu(op, size, r, mem);
                    want(ALU[op] + " " + p + "," + reg(size, r)).alu(op, size, mem, r);
                    want(ALU[op] + " " + p + "," + imm(size, -2)).aluImm(op, size, mem, -2);
                    want(ALU[op] + " " + p + "," + imm(size, 0x1234 & (size == 8 ? 0x7f : -1))).aluImm(op, size, mem,
                            size == 8 ? 0x34 : 0x1234);
                }
                if (size >= 16) {
                    want("cmovne " + reg(size, r) + "," + p).cmov(Cond.NE, size, r, mem);
                    want("imul " + reg(size, r) + "," + p).imul(size, r, mem);
                    want("bt " + p + ",0x3").btImm(size, mem, 3);
                    want("bts " + p + ",0x3").btsImm(size, mem, 3);
                    want("btr " + p + ",0x3").btrImm(size, mem, 3);
                }
            }
            asm.position();
            want("movzx " + R32[r] + ",BYTE PTR " + at).movzx(8, r, mem);
            want("movzx " + R32[r] + ",WORD PTR " + at).movzx(16, r, mem);
            want("mov " + R32[r] + ",DWORD PTR " + at).movzx(32, r, mem);
            want("movsx " + R64[r] + ",BYTE PTR " + at).movsx(64, 8, r, mem);
            want("movsx " + R32[r] + ",WORD PTR " + at).movsx(32, 16, r, mem);
            want("movsxd " + R64[r] + ",DWORD PTR " + at).movsx(64, 32, r, mem);
            want("lea " + R64[r] + "," + at).lea(r, mem);
            want("lea " + R32[r] + "," + at).lea32(r, mem);
            want("setle BYTE PTR " + at).setcc(Cond.LE, mem);
            want("push QWORD PTR " + at).push(mem);
            want("pop QWORD PTR " + at).pop(mem);
            want("call QWORD PTR " + at).call(mem);
            want("jmp QWORD PTR " + at).jmp(mem);
            asm.lock();
            wanted.put(asm.position() - 1, "lock or " + width(8) + at + "," + R8[r]);
            asm.alu(Alu.OR, 8, mem, r);
        }
        want("mov rbx,QWORD PTR [r12+0x10]").load64(3, 12, 16);
        want("mov ebx,DWORD PTR [r12-0x10]").load32(3, 12, -16);
        want("mov QWORD PTR [rsp+0x10],r9").store64(4, 16, 9);
        want("mov DWORD PTR [rsp],r9d").store32(4, 0, 9);
        want("mov r9,QWORD PTR gs:0x18").loadGs64(9, 0x18);
        want("mov r9,QWORD PTR fs:0x18").loadFs64(9, 0x18);
        want("mov r9d,DWORD PTR gs:0x18").loadGs32(9, 0x18);
        want("mov QWORD PTR gs:0x18,rsi").storeGs64(0x18, 6);
        want("mov DWORD PTR gs:0x18,esi").storeGs32(0x18, 6);
        want("lea rsi,[rsp+0x80]").lea(6, 4, 128);
    }

    private void arithmetic() {
        for (int a = 0; a < 16; a++) {
            int b = a * 5 + 6 & 15;
            for (int size : SIZES) {
                String x = reg(size, a);
                String y = reg(size, b);
                for (int op = 0; op < 8; op++) {
                    want(ALU[op] + " " + x + "," + y).alu(op, size, a, b);
                    want(ALU[op] + " " + x + "," + imm(size, -7)).aluImm(op, size, a, -7);
                    if (size >= 16) {
                        want(ALU[op] + " " + x + "," + imm(size, 0x4321)).aluImm(op, size, a, 0x4321);
                    }
                }
                want("test " + x + "," + y).test(size, a, b);
                want("test " + x + ",0x41").testImm(size, a, 0x41);
                want("inc " + x).inc(size, a);
                want("dec " + x).dec(size, a);
                String[] unary = {"", "", "not", "neg", "mul", "imul", "div", "idiv"};
                for (int op = 2; op < 8; op++) {
                    want(unary[op] + " " + x).unary(op, size, a);
                }
                String[] shifts = {"rol", "ror", "", "", "shl", "shr", "", "sar"};
                for (int op : new int[] {Alu.ROL, Alu.ROR, Alu.SHL, Alu.SHR, Alu.SAR}) {
                    want(shifts[op] + " " + x + ",1").shiftImm(op, size, a, 1);
                    want(shifts[op] + " " + x + ",0x5").shiftImm(op, size, a, 5);
                    want(shifts[op] + " " + x + ",cl").shiftCl(op, size, a);
                }
                if (size >= 32) {
                    want("imul " + x + "," + y).imul(size, a, b);
                    want("imul " + x + "," + y + ",0x5").imulImm(size, a, b, 5);
                    want("imul " + x + "," + y + ",0x12345").imulImm(size, a, b, 0x12345);
                    want("shlx " + x + "," + y + "," + reg(size, 9)).shlx(size, a, b, 9);
                    want("shrx " + x + "," + y + "," + reg(size, 1)).shrx(size, a, b, 1);
                    want("sarx " + x + "," + y + "," + reg(size, a)).sarx(size, a, b, a);
                    want("rorx " + x + "," + y + ",0x7").rorx(size, a, b, 7);
                    want("bt " + x + "," + y).bt(size, a, b);
                    want("bts " + x + "," + y).bts(size, a, b);
                    want("btr " + x + "," + y).btr(size, a, b);
                    want("bt " + x + ",0x11").btImm(size, a, 17);
                    want("bts " + x + ",0x11").btsImm(size, a, 17);
                    want("btr " + x + ",0x11").btrImm(size, a, 17);
                    want("bsf " + x + "," + y).bsf(size, a, b);
                    want("bsr " + x + "," + y).bsr(size, a, b);
                    want("tzcnt " + x + "," + y).tzcnt(size, a, b);
                    want("lzcnt " + x + "," + y).lzcnt(size, a, b);
                    want("popcnt " + x + "," + y).popcnt(size, a, b);
                }
            }
        }
    }

    private void plain() {
        want("cqo").cqo();
        want("cdq").cdq();
        want("mfence").mfence();
        want("pause").pause();
        want("ret").ret();
        want("push 0xfffffffffffffff0").pushImm(-16);
        want("push 0x12345").pushImm(0x12345);
        want("pushf").pushfq();
        want("popf").popfq();
        want("lahf").lahf();
        want("sahf").sahf();
        want("syscall").syscall();
        want("ud2").ud2();
        want("int3").int3();
        want("cld").cld();
        want("std").std();
        want("rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi]").repMovsb();
        want("rep movs QWORD PTR es:[rdi],QWORD PTR ds:[rsi]").repMovsq();
        want("rep stos BYTE PTR es:[rdi],al").repStosb();
        want("rep stos QWORD PTR es:[rdi],rax").repStosq();
    }

    private void branches() {
        Label back = asm.newLabel();
        Label ahead = asm.newLabel();
        Label near = asm.newLabel();
        asm.bind(back);
        String b = "0x" + Integer.toHexString(asm.position());
        int start = asm.position();
        // The lengths say where the labels ahead will be.
        int nearAt = start + 2 + 6 + 5 + 5 + 2 + 2 + 2 + 7 + 5;
        int aheadAt = nearAt + 5 + 6 + 7 + 11 + 200;
        String n = "0x" + Integer.toHexString(nearAt);
        String a = "0x" + Integer.toHexString(aheadAt);
        want("jmp " + b).jmp(back);
        want("jl " + b).jcc32(Cond.L, back);
        want("jmp " + b).jmp32(back);
        want("call " + b).call(back);
        want("jne " + b).jcc(Cond.NE, back);
        want("jg " + n).jccShort(Cond.G, near);
        want("jrcxz " + n).jrcxz(near);
        want("lea rax,[rip+D] # " + b).lea(0, back);
        want("jmp " + a).jmp(ahead);
        asm.bind(near);
        want("jmp " + a).jmp32(ahead);
        want("ja " + a).jcc(Cond.A, ahead);
        want("lea r9,[rip+D] # " + a).lea(9, ahead);
        want("mov QWORD PTR [rip+D],0x12345 # " + a).storeImm(64, Mem.rip(ahead), 0x12345);
        assertThat(asm.position()).isEqualTo(aheadAt - 200);
        for (int i = 0; i < 200; i++) {
            want("nop").nop(1);
        }
        asm.bind(ahead);
        want("jmp " + b).jmp(back);
        want("je " + b).jcc(Cond.E, back);
        want("jmp 0x10").jmpTo(16);
        want("cmp BYTE PTR [rip+D],0x1 # " + b).aluImm(Alu.CMP, 8, Mem.rip(back), 1);
        want("mov ecx,DWORD PTR [rip+D] # 0x" + Integer.toHexString(start + 8))
                .load(32, 1, new Mem(Mem.NONE, Mem.NONE, 1, 8, false, back));
    }

    @Test
    void disassemblesToWhatWasMeant() throws IOException, InterruptedException {
        assumeTrue(onPath("objdump"));
        moves();
        memory();
        arithmetic();
        plain();
        branches();
        Path file = temp.resolve("code.bin");
        Files.write(file, asm.bytes());
        Process process = new ProcessBuilder("objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel",
                "--no-show-raw-insn", file.toString()).redirectErrorStream(true).start();
        TreeMap<Integer, String> seen = new TreeMap<>();
        for (String line : new String(process.getInputStream().readAllBytes()).split("\n")) {
            int colon = line.indexOf(":\t");
            if (colon > 0) {
                seen.put(Integer.parseInt(line.substring(0, colon).strip(), 16), normal(line.substring(colon + 2)));
            }
        }
        process.waitFor();
        wanted.replaceAll((at, text) -> normal(text));
        assertThat(wanted.size()).isGreaterThan(10_000);
        for (var each : wanted.entrySet()) {
            assertThat(seen.get(each.getKey())).as("at %x", each.getKey()).isEqualTo(each.getValue());
        }
        assertThat(seen.keySet()).isEqualTo(wanted.keySet());
    }

    private static String normal(String line) {
        String text = line.replaceAll("\\s+", " ").strip().replaceFirst("rip[+-]0x[0-9a-f]+", "rip+D");
        text = text.replaceFirst("^(j[a-z]+|call) (0x[0-9a-f]+)$", "$1 $2");
        // Later versions of objdump write the prefix in front; older ones differ in the suffixless forms.
        return Set.of("pushfq", "popfq").contains(text) ? text.substring(0, text.length() - 1) : text;
    }

    private static boolean onPath(String tool) {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, tool))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void nopsHaveTheirLength() throws IOException, InterruptedException {
        for (int length = 0; length < 40; length++) {
            Asm nops = new Asm();
            nops.nop(length);
            assertThat(nops.position()).isEqualTo(length);
        }
        Asm aligned = new Asm();
        aligned.ret();
        aligned.align(16);
        assertThat(aligned.position()).isEqualTo(16);
        aligned.align(16);
        assertThat(aligned.position()).isEqualTo(16);
    }

    @Test
    void patchesAndRefuses() {
        Asm code = new Asm(1);
        code.movImm64(0, 1);
        code.patchInt(2, 0x11223344);
        assertThat(code.intAt(2)).isEqualTo(0x11223344);
        code.patchByte(2, 9);
        assertThat(code.byteAt(2)).isEqualTo(9);
        assertThatThrownBy(() -> code.patchInt(7, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        Label far = code.newLabel();
        code.jmpShort(far);
        code.nop(128);
        assertThatThrownBy(() -> code.bind(far)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Mem.at(0, Reg.RSP, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mem.at(0, 1, 3, 0)).isInstanceOf(IllegalArgumentException.class);
        int before = code.position();
        code.ret();
        code.truncate(before);
        assertThat(code.bytes()).hasSize(before);
        code.clear();
        assertThat(code.position()).isZero();
    }
}
