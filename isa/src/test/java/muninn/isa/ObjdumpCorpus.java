// SPDX-License-Identifier: MIT
package muninn.isa;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares lengths, names and memory operands with those of objdump for every instruction of ELF files. */
final class ObjdumpCorpus {
    /** Kind of difference and names, to the first instruction that shows it. */
    final Map<String, String> differences = new TreeMap<>();
    final Map<String, Integer> counts = new HashMap<>();
    long instructions;
    private final Set<String> seen = new HashSet<>();

    public static void main(String[] args) throws IOException, InterruptedException {
        ObjdumpCorpus corpus = new ObjdumpCorpus();
        for (String file : args) {
            corpus.add(Path.of(file));
        }
        corpus.differences.forEach((k, v) -> System.out.println(corpus.counts.get(k) + " " + k + " | " + v));
        System.out.println(corpus.instructions + " instructions, " + corpus.seen.size() + " distinct, "
            + corpus.differences.size() + " kinds of difference");
    }

    void add(Path file) throws IOException, InterruptedException {
        Process p = new ProcessBuilder("objdump", "-d", "-w", "-M", "intel", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(p.getInputStream()))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int first = line.indexOf(":\t");
                int second = first < 0 ? -1 : line.indexOf('\t', first + 2);
                if (second > 0 && line.charAt(0) == ' ') {
                    instructions++;
                    String bytes = line.substring(first + 2, second).strip();
                    String text = line.substring(second + 1).strip();
                    if (seen.add(bytes)) {
                        compare(Long.parseUnsignedLong(line.substring(0, first).strip(), 16), bytes, text);
                    }
                }
            }
        }
        p.waitFor();
    }

    private void compare(long address, String bytes, String text) {
        String[] hex = bytes.split(" ");
        byte[] code = new byte[hex.length];
        for (int i = 0; i < code.length; i++) {
            code[i] = (byte) Integer.parseInt(hex[i], 16);
        }
        String name = Names.ofObjdump(text);
        if (name == null) {
            return;
        }
        Insn in = Decoder.decode(code, 0, code.length, address);
        if (in.length() != code.length) {
            differ("length " + in.length() + "/" + code.length + " " + name, bytes + " " + text + " / " + in);
        } else if (!name.equals(Names.ofOurs(in))) {
            differ("name " + Names.ofOurs(in) + "/" + name, bytes + " " + text);
        }
        String direct = Names.targetOf(text);
        if (direct != null && in.target() != Long.parseUnsignedLong(direct, 16)) {
            differ("target " + name, bytes + " " + text + " / " + in);
        }
        int comment = text.indexOf("# ");
        if (comment > 0 && text.contains("[rip")) {
            String at = text.substring(comment + 2).split(" ")[0];
            if (in.ripTarget() != Long.parseUnsignedLong(at.replace("0x", ""), 16)) {
                differ("rip " + name, bytes + " " + text + " / " + in);
            }
        }
        int size = Names.memorySize(text);
        if (size > 0 && in.memSize() > 0 && in.memSize() != size && !in.isVariableSize()) {
            differ("size " + in.memSize() + "/" + size + " " + name, bytes + " " + text + " / " + in);
        }
    }

    private void differ(String kind, String example) {
        differences.putIfAbsent(kind, example);
        counts.merge(kind, 1, Integer::sum);
    }

    /** How objdump's spelling differs from ours. */
    static final class Names {
        private static final Set<String> PREFIXES = Set.of("rep", "repz", "repnz", "lock", "bnd", "notrack", "data16", "addr32",
            "cs", "ds", "es", "ss", "fs", "gs", "rex.W", "rex.WB", "rex.X", "rex", "rex.B", "rex.R", "rex.WRXB", "rex.WR", "rex.RB",
            "rex.WX", "rex.XB", "rex.WRX", "rex.RX", "rex.RXB", "rex.WRB", "rex.WXB", "xacquire", "xrelease");
        private static final String[] VPCMP = {"eq", "lt", "le", "false", "neq", "nlt", "nle", "true"};

        private Names() {}

        /** Null: no instruction. */
        static String ofObjdump(String text) {
            for (String word : text.split("[ \t]+")) {
                String w = word.endsWith(",pt") || word.endsWith(",pn") ? word.substring(0, word.length() - 3) : word;
                if (w.startsWith("(bad)") || w.startsWith(".byte") || w.startsWith("{") || w.startsWith("<")) {
                    return null;
                }
                if (!PREFIXES.contains(w)) {
                    return canonical(w);
                }
            }
            return null;
        }

        static String ofOurs(Insn in) {
            return canonical(in.mnemonic());
        }

        private static String canonical(String s) {
            if (s.startsWith("pcmp") || s.startsWith("vpcmp")) {
                if (s.matches("vpcmp(eq|lt|le|neq|nlt|nle|false|true)u?[bwdq]") && !s.matches("vpcmpeq[bwdq]")) {
                    return "vpcmp" + s.replaceAll("vpcmp(eq|lt|le|neq|nlt|nle|false|true)", "");
                }
                return s;
            }
            if (s.matches("v?cmp.*[ps][sdh]") && !s.contains("xchg")) {
                return (s.startsWith("v") ? "vcmp" : "cmp") + s.substring(s.length() - 2);
            }
            return switch (s) {
                case "sal" -> "shl";
                case "iretq", "iretw" -> "iret";
                case "pushw", "pushq" -> "push";
                case "popw" -> "pop";
                case "popfw" -> "popf";
                case "pushfw" -> "pushf";
                case "callw" -> "call";
                case "jmpw" -> "jmp";
                case "retw" -> "ret";
                case "rex.W" -> "";
                case "sysretq", "sysretl" -> "sysret";
                case "retfq", "retfw" -> "retf";
                case "pclmullqlqdq", "pclmulhqlqdq", "pclmullqhqdq", "pclmulhqhqdq" -> "pclmulqdq";
                case "vpclmullqlqdq", "vpclmulhqlqdq", "vpclmullqhqdq", "vpclmulhqhqdq" -> "vpclmulqdq";
                case "rdsspq", "rdsspd" -> "rdssp";
                case "incsspq", "incsspd" -> "incssp";
                case "int1", "icebp" -> "int1";
                case "fxsave64", "fxrstor64", "xsave64", "xrstor64", "xsavec64", "xsaveopt64", "xsaves64", "xrstors64" ->
                    s.substring(0, s.length() - 2);
                case "xchg" -> "xchg";
                case "movsxd" -> "movsxd";
                case "movabs" -> "mov";
                default -> s.startsWith("j") && s.contains(",") ? s.substring(0, s.indexOf(',')) : s;
            };
        }

        static String targetOf(String text) {
            int end = text.indexOf(" <");
            if (end < 0 || text.contains("[") || text.contains("#")) {
                return null;
            }
            String t = text.substring(0, end);
            t = t.substring(t.lastIndexOf(' ') + 1);
            return t.startsWith("0x") ? t.substring(2) : t.matches("[0-9a-f]+") ? t : null;
        }

        static int memorySize(String text) {
            if (text.contains("BCST")) {
                return 0;
            }
            String[] names = {"BYTE", "WORD", "DWORD", "QWORD", "TBYTE", "XMMWORD", "YMMWORD", "ZMMWORD"};
            int[] sizes = {1, 2, 4, 8, 10, 16, 32, 64};
            int at = text.indexOf(" PTR ");
            if (at < 0 || text.contains("ds:[rsi]") || text.contains("es:[rdi]")) {
                return 0;
            }
            String word = text.substring(0, at);
            word = word.substring(Math.max(word.lastIndexOf(' '), word.lastIndexOf(',')) + 1);
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(word)) {
                    return sizes[i];
                }
            }
            return 0;
        }
    }
}
