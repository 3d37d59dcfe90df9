// SPDX-License-Identifier: MIT
package muninn.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers under load from several clients at once: every answer is that of the native run, and they stop cleanly. */
class ServersTest {
    private static final int CLIENTS = 6;
    private static final int ROUNDS = 150;
    private static final int SECONDS = 60;
    private static final String NGINX = "/usr/sbin/nginx";

    @TempDir
    Path folder;
    private Process server;

    @AfterEach
    void nothingIsLeft() {
        if (server != null) {
            List<ProcessHandle> tree = new ArrayList<>(server.descendants().toList());
            tree.add(server.toHandle());
            tree.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return s.getLocalPort();
        }
    }

    private void start(List<String> command, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.resolve("out").toFile()).redirectError(err.toFile());
        builder.environment().put("MUNINN_REBUILD", "no");
        builder.environment().put("XDG_CACHE_HOME", Path.of("target/cache").toAbsolutePath().toString());
        server = builder.start();
    }

    private int stopped() throws InterruptedException {
        assertThat(server.waitFor(SECONDS, TimeUnit.SECONDS)).as("the server ends").isTrue();
        return server.exitValue();
    }

    private static List<String> inParallel(Callable<String>[] clients) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(clients.length)) {
            List<String> out = new ArrayList<>();
            for (Future<String> f : pool.invokeAll(Arrays.asList(clients))) {
                out.add(f.get());
            }
            return out;
        }
    }

    /** A connection to a server on loopback, which may not listen yet. */
    private Socket connect(int port) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (true) {
            try {
                Socket s = new Socket(InetAddress.getLoopbackAddress(), port);
                s.setSoTimeout(SECONDS * 1000);
                s.setTcpNoDelay(true);
                return s;
            } catch (IOException e) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder out = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n') {
            out.append((char) c);
            c = in.read();
        }
        return out.toString().strip();
    }

    // ---- redis ----

    private record Redis(Socket socket, InputStream in) {
        String ask(String... words) throws IOException {
            StringBuilder out = new StringBuilder("*" + words.length + "\r\n");
            for (String w : words) {
                out.append('$').append(w.length()).append("\r\n").append(w).append("\r\n");
            }
            socket.getOutputStream().write(out.toString().getBytes(StandardCharsets.ISO_8859_1));
            return answer();
        }

        private String answer() throws IOException {
            String first = line(in);
            int n = first.startsWith("$") || first.startsWith("*") ? Integer.parseInt(first.substring(1)) : 0;
            if (first.startsWith("$") && n >= 0) {
                return new String(in.readNBytes(n + 2), StandardCharsets.ISO_8859_1).strip();
            }
            StringBuilder out = new StringBuilder(first);
            for (int i = 0; first.startsWith("*") && i < n; i++) {
                out.append(' ').append(answer());
            }
            return out.toString();
        }
    }

    private Redis redis(int port) throws Exception {
        Socket s = connect(port);
        return new Redis(s, new BufferedInputStream(s.getInputStream()));
    }

    private String redisClient(int port, int number) throws Exception {
        Redis r = redis(port);
        StringBuilder answers = new StringBuilder();
        String own = "k" + number;
        try (Socket s = r.socket()) {
            for (int i = 0; i < ROUNDS; i++) {
                String[][] commands = {{"SET", own, "v".repeat(i)}, {"GET", own}, {"incr", own + "n"}, {"LPush", own + "l", "x" + i},
                    {"LRANGE", own + "l", "0", "20"}, {"HSET", own + "h", "f" + i % 7, "" + i}, {"HGETALL", own + "h"},
                    {"ZADD", own + "z", "" + i * 7 % 31, "m" + i % 40}, {"ZRANGE", own + "z", "0", "-1"}, {"INCR", "shared"}};
                for (String[] c : commands) {
                    String answer = r.ask(c);
                    answers.append(c[1].equals("shared") ? "" : answer + "\n");
                }
            }
            answers.append(r.ask("EVAL", "local s = 0 for i = 1, 100000 do s = s + i end return s", "0"));
        }
        return "client " + number + ": " + answers.length() + " characters " + answers.toString().hashCode();
    }

    private List<String> redisAnswers(List<String> tool, Path err) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(tool);
        command.addAll(List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--dir", Files.createTempDirectory(folder, "redis").toString()));
        start(command, err);
        @SuppressWarnings("unchecked")
        Callable<String>[] clients = new Callable[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients[i] = () -> redisClient(port, number);
        }
        List<String> out = inParallel(clients);
        Redis r = redis(port);
        out.add(r.ask("GET", "shared"));
        out.add(r.ask("BGSAVE"));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (r.ask("INFO", "persistence").contains("rdb_bgsave_in_progress:1") && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        out.add(r.ask("INFO", "persistence").replaceAll("(?s).*(rdb_last_bgsave_status:\\S+).*", "$1"));
        r.socket().getOutputStream().write("SHUTDOWN NOSAVE\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.add("status " + stopped());
        r.socket().close();
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "memcheck"})
    void redis(String tool) throws Exception {
        Assumptions.assumeTrue(Muninn.has("redis-server"), "SKIPPED: no redis-server");
        List<String> natively = redisAnswers(List.of(), folder.resolve("err"));
        Path err = folder.resolve("err-" + tool);

        assertThat(natively).contains("" + CLIENTS * ROUNDS, "rdb_last_bgsave_status:ok", "status 0");
        assertThat(redisAnswers(Muninn.command(List.of("--tool=" + tool, "-q"), List.of()), err)).isEqualTo(natively);
        assertThat(Files.readString(err)).doesNotContain("Invalid");
    }

    // ---- nginx ----

    private String nginxClient(int port) throws Exception {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < ROUNDS / 2; i++) {
            for (String request : new String[] {"GET /small", "GET /large", "HEAD /large", "GET /none", "GET /gzip/large"}) {
                try (Socket s = connect(port)) {
                    s.getOutputStream().write((request + " HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    byte[] answer = s.getInputStream().readAllBytes();
                    String text = new String(answer, StandardCharsets.ISO_8859_1).replaceAll("(Date|Last-Modified|ETag): [^\r]*", "");
                    out.append(request).append(' ').append(text.hashCode()).append('\n');
                }
            }
        }
        return out.length() + " characters " + out.toString().hashCode();
    }

    private List<String> nginxAnswers(List<String> tool, Path err) throws Exception {
        int port = freePort();
        Path home = Files.createTempDirectory(folder, "nginx");
        byte[] large = new byte[100_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * i >> 5 & 0x3f | 0x40);
        }
        Files.write(home.resolve("large"), large);
        Files.writeString(home.resolve("small"), "hello\n");
        Path configuration = Files.writeString(home.resolve("conf"), """
                %sworker_processes 2; daemon off; pid HOME/pid; error_log HOME/errors info;
                events { worker_connections 64; }
                http { access_log HOME/access; client_body_temp_path HOME/b; proxy_temp_path HOME/p; fastcgi_temp_path HOME/f;
                uwsgi_temp_path HOME/u; scgi_temp_path HOME/s; sendfile on; gzip_types *; gzip_http_version 1.0;
                server { listen 127.0.0.1:PORT; root HOME; location /gzip { alias HOME; gzip on; } } }
                """.formatted(System.getProperty("user.name").equals("root") ? "user root; " : "")
                .replace("HOME", home.toString()).replace("PORT", "" + port));
        List<String> command = new ArrayList<>(tool);
        command.addAll(List.of(NGINX, "-p", home.toString(), "-c", configuration.toString()));
        start(command, err);
        @SuppressWarnings("unchecked")
        Callable<String>[] clients = new Callable[CLIENTS];
        Arrays.fill(clients, (Callable<String>) () -> nginxClient(port));
        List<String> out = inParallel(clients);
        ProcessHandle master = ProcessHandle.of(Long.parseLong(Files.readString(home.resolve("pid")).strip())).orElseThrow();
        new ProcessBuilder("kill", "-QUIT", "" + master.pid()).start().waitFor();
        out.add("status " + stopped());
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "memcheck"})
    void nginx(String tool) throws Exception {
        Assumptions.assumeTrue(Muninn.has(NGINX), "SKIPPED: no nginx");
        List<String> natively = nginxAnswers(List.of(), folder.resolve("err"));
        Path err = folder.resolve("err-" + tool);

        assertThat(natively.getLast()).isEqualTo("status 0");
        assertThat(nginxAnswers(Muninn.command(List.of("--tool=" + tool, "-q"), List.of()), err)).isEqualTo(natively);
        assertThat(Files.readString(err)).isEmpty();
    }
}
