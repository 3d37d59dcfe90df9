// SPDX-License-Identifier: MIT
package muninn.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/** Client programs of the tests, and a tracer that lets everything go on. */
final class Clients {
    private Clients() {}

    static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[][] strings(String... s) {
        byte[][] out = new byte[s.length][];
        for (int i = 0; i < s.length; i++) {
            out[i] = bytes(s[i]);
        }
        return out;
    }

    static Launch.Result launch(String... command) {
        return Launch.launch(bytes(command[0]), strings(command), strings("PATH=/usr/bin:/bin"));
    }

    static int started(String... command) {
        return ((Launch.Started) launch(command)).pid();
    }

    static Path compile(Path folder, String source) throws Exception {
        Path c = folder.resolve("client.c");
        Path out = folder.resolve("client");
        Files.writeString(c, source);
        Process p;
        try {
            p = new ProcessBuilder("cc", "-O1", "-pthread", "-o", out.toString(), c.toString()).inheritIO().start();
        } catch (IOException e) {
            Assumptions.abort("no C compiler");
            throw e;
        }
        if (!p.waitFor(60, TimeUnit.SECONDS) || p.exitValue() != 0) {
            throw new AssertionError("the client program does not compile");
        }
        return out;
    }

    /** Resumes the stopped process and serves everything until nothing is left; every stop in order. */
    static List<Stop> runToEnd(int pid) {
        List<Stop> stops = new ArrayList<>();
        Wait wait = new Wait();
        Ptrace.cont(pid, 0);
        while (true) {
            int tid = wait.next(-1);
            if (tid < 0) {
                return stops;
            }
            Stop s = Stop.of(wait.status());
            stops.add(s);
            switch (s) {
                case Stop.Signal g -> Ptrace.cont(tid, g.signal());
                case Stop.GroupStop g -> Ptrace.listen(tid);
                default -> Ptrace.cont(tid, 0);
            }
        }
    }
}
