// SPDX-License-Identifier: MIT
package muninn.isa;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Compares facts with those of Zydis, through a small C program that is compiled when the test runs. */
final class ZydisCorpus {
    final Map<String, String> differences = new TreeMap<>();
    final Map<String, Integer> counts = new HashMap<>();
    long valid;
    private final Path program;

    ZydisCorpus(Path program) {
        this.program = program;
    }

    /** Null if there is no gcc or no Zydis. */
    static Path compile(Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve("zydis-facts.c");
        try (InputStream in = ZydisCorpus.class.getResourceAsStream("zydis-facts.c")) {
            Files.write(source, in.readAllBytes());
        }
        Path out = directory.resolve("zydis-facts");
        try {
            Process p = new ProcessBuilder("gcc", "-O1", "-o", out.toString(), source.toString(), "-lZydis")
                .redirectErrorStream(true).start();
            String messages = new String(p.getInputStream().readAllBytes());
            if (p.waitFor() != 0 && !messages.contains("Zydis.h: No such file")) {
                throw new IllegalStateException(messages);
            }
            return Files.exists(out) ? out : null;
        } catch (IOException e) {
            return null;
        }
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("zydis");
        ZydisCorpus corpus = new ZydisCorpus(compile(directory));
        corpus.run(random(Long.parseLong(args[0]), Integer.parseInt(args[1])));
        corpus.differences.forEach((k, v) -> System.out.println(corpus.counts.get(k) + " " + k + " | " + v));
        System.out.println(corpus.valid + " valid, " + corpus.differences.size() + " kinds of difference");
        for (String name : new String[] {"zydis-facts", "zydis-facts.c"}) {
            Files.delete(directory.resolve(name));
        }
        Files.delete(directory);
    }

    /** 15 random bytes each; most start with an interesting prefix or opcode map. */
    static List<byte[]> random(long seed, int count) {
        Random random = new Random(seed);
        int[] starts = {0x66, 0xf2, 0xf3, 0x48, 0x0f, 0x0f, 0xc4, 0xc5, 0x62, 0x62, 0x62, 0x8f, 0x67, 0x4c};
        List<byte[]> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] b = new byte[15];
            random.nextBytes(b);
            int at = 0;
            while (random.nextInt(3) != 0 && at < 4) {
                b[at++] = (byte) starts[random.nextInt(starts.length)];
            }
            int last = at == 0 ? b[0] & 0xff : b[at - 1] & 0xff;
            if (last == 0x0f && random.nextBoolean()) {
                b[at] = (byte) (random.nextBoolean() ? 0x38 : 0x3a);
            } else if (last == 0xc4) {
                b[at] = (byte) (b[at] & 0xe0 | 1 + random.nextInt(3));
                b[at + 1] = (byte) (random.nextBoolean() ? b[at + 1] | 0x78 : b[at + 1]);
            } else if (last == 0x8f) {
                b[at] = (byte) (b[at] & 0xe0 | 8 + random.nextInt(3));
            } else if (last == 0x62) {
                int[] maps = {1, 2, 3, 5, 6};
                b[at] = (byte) (b[at] & 0xf0 | maps[random.nextInt(5)]);
                b[at + 1] = (byte) (b[at + 1] | 4 | (random.nextBoolean() ? 0x78 : 0));
                b[at + 2] = (byte) (random.nextInt(3) == 0 ? b[at + 2] : b[at + 2] & 0x78 | 8);
            }
            cases.add(b);
        }
        return cases;
    }

    void run(List<byte[]> cases) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(program.toString()).start();
        Thread writer = Thread.ofPlatform().start(() -> {
            try (Writer out = new OutputStreamWriter(p.getOutputStream())) {
                for (byte[] b : cases) {
                    out.write(hex(b, b.length) + "\n");
                }
            } catch (IOException e) {
                p.destroy();
            }
        });
        try (BufferedReader in = new BufferedReader(new InputStreamReader(p.getInputStream()))) {
            for (byte[] b : cases) {
                compare(b, in.readLine().split(" "));
            }
        }
        writer.join();
        p.waitFor();
    }

    private static String hex(byte[] b, int length) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < length; i++) {
            s.append(Character.forDigit(b[i] >>> 4 & 15, 16)).append(Character.forDigit(b[i] & 15, 16));
        }
        return s.toString();
    }

    private void compare(byte[] b, String[] z) {
        Insn in = Decoder.decode(b, 0, b.length, 0x1000);
        int length = Integer.parseInt(z[0]);
        if (length == 0) {
            return;
        }
        valid++;
        String name = z[1];
        if (in.length() != length) {
            differ("length " + name, b, length, in, z);
            return;
        }
        if (!in.isKnown() && in.mnemonic().equals("(bad)")) {
            differ("unknown " + name, b, length, in, z);
            return;
        }
        if (!in.isKnown()) {
            return;
        }
        if (in.gprReads() != Integer.parseInt(z[2], 16)) {
            differ("reads " + name, b, length, in, z);
        }
        if (in.gprWrites() != Integer.parseInt(z[3], 16)) {
            differ("writes " + name, b, length, in, z);
        }
        int written = Integer.parseInt(z[5], 16);
        if (in.flagsWritten() != written) {
            differ("fwrites " + name, b, length, in, z);
        } else if ((in.flagsRead() & ~written) != (Integer.parseInt(z[4], 16) & ~written)
            || (Integer.parseInt(z[4], 16) & ~in.flagsRead()) != 0) {
            differ("freads " + name, b, length, in, z);
        }
        int size = Integer.parseInt(z[11]);
        if (size >= 0) {
            if (!in.hasMemory() || in.memBase() != Integer.parseInt(z[7]) || in.memIndex() != Integer.parseInt(z[8])
                || in.memIndex() >= 0 && in.memScale() != Integer.parseInt(z[9])) {
                differ("address " + name, b, length, in, z);
            }
            if (in.memDisp() != Long.parseLong(z[10])) {
                differ("disp " + name, b, length, in, z);
            }
            if (in.memSize() != size && !in.isVariableSize()) {
                differ("size " + name, b, length, in, z);
            } else if (size > 0 && (in.readsMemory() ? 1 : 0) + (in.writesMemory() ? 2 : 0) != Integer.parseInt(z[12])) {
                differ("access " + name, b, length, in, z);
            }
        }
    }

    private void differ(String kind, byte[] b, int length, Insn in, String[] z) {
        counts.merge(kind, 1, Integer::sum);
        differences.putIfAbsent(kind, String.join(" ", z) + " | ours r" + Integer.toHexString(in.gprReads()) + " w"
            + Integer.toHexString(in.gprWrites()) + " f" + Integer.toHexString(in.flagsRead()) + "," + Integer.toHexString(in.flagsWritten())
            + " m" + in.memSize() + " | " + hex(b, length) + " " + in);
    }
}
