// SPDX-License-Identifier: MIT
package muninn.memcheck.definedness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import muninn.debuginfo.ElfException;
import muninn.debuginfo.ElfFile;
import muninn.debuginfo.Segment;
import muninn.isa.Decoder;
import muninn.isa.Flow;
import muninn.isa.Insn;
import muninn.isa.Operand;

/** One instruction of each form that libraries and programs of this machine contain and that can be executed by itself. */
final class Forms {
    private static final List<String> FILES = List.of("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libm.so.6",
            "/usr/lib/x86_64-linux-gnu/libcrypto.so.3", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
            "/usr/lib/x86_64-linux-gnu/libgcc_s.so.1",
            "/usr/bin/python3.11", "/usr/bin/perl", "/usr/lib/x86_64-linux-gnu/libgmp.so.10", "/usr/lib/x86_64-linux-gnu/libisl.so.23");
    private static final Set<String> EXCLUDED = Set.of("div", "idiv", "hlt", "in", "out", "ins", "outs", "cli", "sti", "rdmsr", "wrmsr",
            "cpuid",
            "rdtsc", "rdtscp", "rdrand", "rdseed", "rdpmc", "xgetbv", "xsetbv", "wrfsbase", "wrgsbase", "rdfsbase", "rdgsbase", "swapgs",
            "clflush", "clflushopt", "clwb", "monitor", "mwait", "std", "cld", "popf", "pushf", "leave", "enter", "push", "pop", "ldmxcsr",
            "stmxcsr", "vldmxcsr", "vstmxcsr", "lar", "lsl", "verr", "verw", "str", "sldt", "smsw", "lmsw", "ltr", "lldt", "clts", "invd",
            "wbinvd", "xabort", "xtest", "xend", "rdpkru", "wrpkru", "sgdt", "sidt", "lgdt", "lidt", "invlpg", "lfs", "lgs", "lss", "rdpid",
            "clac", "stac", "incsspd", "rdsspd", "endbr64", "pause", "tpause", "umwait", "umonitor", "senduipi", "serialize", "ptwrite",
            "movdir64b", "enqcmd", "enqcmds", "cldemote", "hreset", "rsm", "getsec", "vmread", "vmwrite", "xlat", "nop", "emms");

    private Forms() {}

    /** @param most samples of a form */
    static List<Insn> all(boolean wide, int most) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        List<Insn> out = new ArrayList<>();
        try (Probe probe = new Probe()) {
            for (String file : FILES) {
                Path path = Path.of(file);
                if (Files.exists(path)) {
                    collect(path, wide, most, seen, out, probe);
                }
            }
        }
        return out;
    }

    private static void collect(Path file, boolean wide, int most, Map<String, Integer> seen, List<Insn> out, Probe probe) {
        try {
            ElfFile elf = ElfFile.open(file);
            byte[] bytes = Files.readAllBytes(file);
            for (Segment s : elf.segments()) {
                if (s.type() != Segment.PT_LOAD || (s.flags() & 1) == 0) {
                    continue;
                }
                int at = (int) s.offset();
                int end = (int) (s.offset() + s.fileSize());
                while (at < end) {
                    Insn insn = Decoder.decode(bytes, at, Math.min(end, at + 15), s.address() + at - s.offset());
                    if (insn.isTruncated() || insn.length() == 0) {
                        at++;
                        continue;
                    }
                    at += insn.length();
                    if (isUsable(insn, wide) && seen.getOrDefault(form(insn), 0) < most && probe.knows(insn)) {
                        seen.merge(form(insn), 1, Integer::sum);
                        out.add(insn);
                    }
                }
            }
        } catch (IOException | ElfException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isUsable(Insn i, boolean wide) {
        boolean simple = i.isKnown() && i.flow() == Flow.NEXT && !i.isString() && !i.hasHiddenMemory() && i.segment() < 0
                && i.addressSize() == 8 && !i.isVariableSize() && ((i.gprReads() | i.gprWrites()) & 1 << 4) == 0
                && i.vectorKind() != Insn.VECTOR_X87 && i.vectorKind() != Insn.VECTOR_MMX && i.vectorKind() != Insn.VECTOR_TILE;
        boolean mmx = false;
        for (int k = 0; k < i.operandCount(); k++) {
            int kind = Operand.kind(i.operand(k));
            mmx |= kind == Operand.MMX_REG || kind == Operand.MMX_RM || kind == Operand.MMX_RM_REG || kind == Operand.SEGMENT
                    || kind == Operand.CONTROL || kind == Operand.DEBUG || kind == Operand.OTHER || kind == Operand.FIXED_SEGMENT;
        }
        boolean memory = !i.hasMemory() || i.memBase() >= 0 && i.memIndex() != i.memBase() && !i.memIndexIsVector() && i.memSize() <= 64
                && !i.isBitString();
        return simple && !mmx && memory && !i.hasLock() && !EXCLUDED.contains(i.mnemonic()) && !i.mnemonic().startsWith("prefetch")
                && (wide || !i.isEvex());
    }

    private static String form(Insn i) {
        StringBuilder s = new StringBuilder(i.mnemonic()).append(i.isVectorEncoded() ? i.isEvex() ? 'e' : 'v' : 'l')
                .append(i.vectorLength()).append(i.opmask() != 0).append(i.isZeroing()).append(i.isBroadcast()).append(i.operandSize());
        for (int k = 0; k < i.operandCount(); k++) {
            int kind = Operand.kind(i.operand(k));
            s.append(' ').append(kind).append(':').append(i.operandBytes(k));
        }
        return s.append(i.hasMemory()).toString();
    }
}
