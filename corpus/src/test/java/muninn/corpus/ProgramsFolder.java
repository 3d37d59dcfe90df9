// SPDX-License-Identifier: MIT
package muninn.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Makes the files that the invocations of cases/corpus/programs.txt read; the same bytes on every machine. */
final class ProgramsFolder {
    private static final int LINES = 400;
    private static final int BINARY_SIZE = 20_000;

    private ProgramsFolder() {}

    static void fill(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        StringBuilder numbers = new StringBuilder();
        StringBuilder pairs = new StringBuilder();
        long x = 42;
        byte[] binary = new byte[BINARY_SIZE];
        for (int i = 0; i < LINES; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L;
            int r = (int) (x >>> 33);
            text.append("line").append(1000 + i).append(' ').append(Integer.toString(r % 50, 36)).append("\tword ")
                    .append((char) ('a' + r % 26)).append('\n');
            numbers.append(r % 100_000).append('\n');
            pairs.append('n').append(i).append(" n").append(i + 1 + r % 5).append('\n');
        }
        for (int i = 0; i < BINARY_SIZE; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L;
            binary[i] = (byte) (x >>> 56);
        }
        Files.writeString(folder.resolve("text.txt"), text);
        Files.writeString(folder.resolve("numbers.txt"), numbers);
        Files.writeString(folder.resolve("pairs.txt"), pairs);
        Files.write(folder.resolve("binary.bin"), binary);
        Files.writeString(folder.resolve("encoded.b64"), Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(binary));
        Files.write(folder.resolve("packed.gz"), gzip(text.toString().getBytes()));
        Files.writeString(folder.resolve("sum.bc"), "scale=30\nfor (i = 1; i < 50; i++) s += 1/i\ns\ne(1)\nquit\n");
        Files.writeString(folder.resolve("hello.c"), """
                #include <stdio.h>
                #include <string.h>
                static int f(int n) { return n < 2 ? n : f(n - 1) + f(n - 2); }
                int main(int argc, char **argv) { printf("%d %zu\\n", f(argc + 10), strlen(argv[0])); return 0; }
                """);
        Files.writeString(folder.resolve("hello.cc"), """
                #include <vector>
                #include <algorithm>
                int sum(std::vector<int> v) { std::sort(v.begin(), v.end()); int s = 0; for (int i : v) s += i; return s; }
                """);
        Files.writeString(folder.resolve("broken.c"), "int main( { return x; }\n");
        for (String name : List.of("a/one.txt", "a/two.txt", "b/three.txt", "b/c/four.bin")) {
            Path p = folder.resolve("tree").resolve(name);
            Files.createDirectories(p.getParent());
            Files.writeString(p, name);
        }
        if (Muninn.has("bzip2")) {
            Execution e = Execution.of(List.of("bzip2", "-k", "-c", "text.txt"), folder, null, 20);
            Files.write(folder.resolve("packed.bz2"), e.out().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
