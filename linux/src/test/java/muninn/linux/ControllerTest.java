// SPDX-License-Identifier: MIT
package muninn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole controller in a JVM of its own: how it ends, what signals do to it. */
@Timeout(120)
class ControllerTest {
    @TempDir
    Path folder;

    /** The controller: starts the program, prints its pid, serves it, ends like it. */
    public static final class Controller {
        private Controller() {}

        public static void main(String[] args) {
            int pid = Clients.started(args);
            ControllerSignals.install(pid);
            System.out.println(pid);
            Wait wait = new Wait();
            Ptrace.cont(pid, 0);
            while (true) {
                int tid = wait.next(-1);
                Stop s = Stop.of(wait.status());
                if (tid == pid && s instanceof Stop.Exited e) {
                    Syscall.call(Syscall.EXIT_GROUP, e.code());
                } else if (tid == pid && s instanceof Stop.Killed k) {
                    ControllerSignals.clientEnded();
                    Exit.signal(k.signal());
                }
                switch (s) {
                    case Stop.Signal g -> Ptrace.cont(tid, g.signal());
                    case Stop.GroupStop g -> {
                        Ptrace.listen(tid);
                        if (tid == pid) {
                            ControllerSignals.stopSelf(g.signal());
                        }
                    }
                    default -> Ptrace.cont(tid, 0);
                }
            }
        }
    }

    /** Tries to launch where ptrace is refused, and says what came of it and what is left. */
    public static final class Refused {
        private Refused() {}

        public static void main(String[] args) {
            System.out.println(Clients.launch("/bin/true") + " " + new Wait().poll(-1));
        }
    }

    private ProcessBuilder controller(String... shell) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder b = new ProcessBuilder("/bin/sh", "-c", "\"$@\"; echo $?", "sh", java, "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Controller.class.getName(), "/bin/sh",
                "-c", shell[0]);
        return b.redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private static int parent(int pid) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 4).split(" ")[0]);
    }

    private static String lastLine(BufferedReader r) throws Exception {
        String last = "";
        for (String l = r.readLine(); l != null; l = r.readLine()) {
            last = l;
        }
        return last;
    }

    @ParameterizedTest
    @CsvSource({"exit 7,7", "exit 0,0", "kill -SEGV $$,139", "kill -ABRT $$,134", "kill -KILL $$,137", "kill -TERM $$,143",
        "kill -INT $$,130", "kill -PIPE $$,141"})
    void endsAsTheClientEnded(String shell, String status) throws Exception {
        Process p = controller(shell).start();
        try (BufferedReader r = p.inputReader()) {
            assertThat(lastLine(r)).isEqualTo(status);
        }
        p.waitFor(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"TERM", "HUP", "INT", "QUIT", "USR1"})
    void forwardsWhatWasSentToTheControllerOnly(String signal) throws Exception {
        Process p = controller("trap 'exit 33' " + signal + "; echo ready; while :; do sleep 0.05; done").start();
        try (BufferedReader r = p.inputReader()) {
            int client = Integer.parseInt(r.readLine());
            assertThat(r.readLine()).isEqualTo("ready");
            new ProcessBuilder("kill", "-" + signal, Integer.toString(parent(client))).start().waitFor();
            assertThat(lastLine(r)).isEqualTo("33");
        }
    }

    @Test
    void stopsAndContinuesWithTheClient() throws Exception {
        Process p = controller("kill -TSTP $$; exit 4").start();
        try (BufferedReader r = p.inputReader()) {
            int client = Integer.parseInt(r.readLine());
            int controller = parent(client);
            // An orphaned process group ignores SIGTSTP, as POSIX wants; then the client simply goes on.
            for (int i = 0; i < 100 && Files.exists(Path.of("/proc/" + client)) && !state(controller).equals("T"); i++) {
                Thread.sleep(50);
            }
            Syscall.kill(controller, 18);
            assertThat(lastLine(r)).isEqualTo("4");
        }
    }

    private static String state(int pid) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
    }

    @Test
    void noClientSurvivesTheController() throws Exception {
        Process p = controller("echo ready; while :; do sleep 0.05; done").start();
        try (BufferedReader r = p.inputReader()) {
            int client = Integer.parseInt(r.readLine());
            r.readLine();
            Syscall.kill(parent(client), 9);
            assertThat(lastLine(r)).isEqualTo("137");
            for (int i = 0; i < 100 && Files.exists(Path.of("/proc/" + client)); i++) {
                Thread.sleep(20);
            }
            assertThat(Path.of("/proc/" + client)).doesNotExist();
        }
    }

    @Test
    void refusedPtraceIsAResult() throws Exception {
        // A seccomp filter that answers ptrace with EPERM, as some containers do.
        Path wrapper = Clients.compile(folder, """
                #include <errno.h>
                #include <linux/filter.h>
                #include <linux/seccomp.h>
                #include <sys/prctl.h>
                #include <unistd.h>
                int main(int c, char **v) {
                    struct sock_filter f[] = {
                        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
                        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 101, 0, 1),
                        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
                        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                    };
                    struct sock_fprog p = {4, f};
                    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p)) return 99;
                    execv(v[1], v + 1);
                    return 98;
                }""");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process p = new ProcessBuilder(wrapper.toString(), java, "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Refused.class.getName()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader r = p.inputReader()) {
            String line = lastLine(r);
            Assumptions.assumeFalse(p.waitFor() == 99, "no seccomp here");
            assertThat(line).isEqualTo(new Launch.Failed(Errno.EPERM, Launch.Step.TRACE) + " " + -Errno.ECHILD);
        }
    }
}
