// SPDX-License-Identifier: MIT
package muninn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the client finds when it starts, and what the tracer hears of it. */
@Timeout(60)
class LaunchTest {
    @TempDir
    Path folder;

    private String report(String shellCommands) throws Exception {
        Path out = folder.resolve("out");
        int pid = Clients.started("/bin/sh", "-c", "exec >" + out + "; " + shellCommands);
        Clients.runToEnd(pid);
        return Files.readString(out);
    }

    @Test
    void exitCodesAndSignals() {
        assertThat(Clients.runToEnd(Clients.started("/bin/true"))).endsWith(new Stop.Exited(0));
        assertThat(Clients.runToEnd(Clients.started("/bin/sh", "-c", "exit 7"))).endsWith(new Stop.Exited(7));
        assertThat(Clients.runToEnd(Clients.started("/bin/sh", "-c", "kill -TERM $$"))).contains(new Stop.Signal(15))
                .endsWith(new Stop.Killed(15, false));
        assertThat(Clients.runToEnd(Clients.started("/bin/sh", "-c", "kill -KILL $$"))).endsWith(new Stop.Killed(9, false));
    }

    @Test
    void failuresNameTheErrorAndLeaveNothing() throws Exception {
        assertThat(Clients.launch("/does/not/exist")).isEqualTo(new Launch.Failed(Errno.ENOENT, Launch.Step.EXECUTE));
        assertThat(Clients.launch(folder.toString())).isEqualTo(new Launch.Failed(Errno.EACCES, Launch.Step.EXECUTE));
        Path text = Files.writeString(folder.resolve("text"), "no program");
        text.toFile().setExecutable(true);
        assertThat(Clients.launch(text.toString())).isEqualTo(new Launch.Failed(Errno.ENOEXEC, Launch.Step.EXECUTE));
        assertThat(new Wait().poll(-1)).isEqualTo(-Errno.ECHILD);
    }

    @Test
    void argumentsAndEnvironmentAreExact() throws Exception {
        Path out = folder.resolve("out");
        Path program = Clients.compile(folder, """
                #include <stdio.h>
                int main(int c, char **v, char **e) {
                    FILE *f = fopen("%s", "w");
                    for (; *v; v++) { fputs(*v, f); fputc(0, f); }
                    for (; *e; e++) { fputs(*e, f); fputc(0, f); }
                    fclose(f);
                }""".formatted(out));
        byte[][] argv = Clients.strings("other name", "", "\u00ff\u0080\t\n", "-x");
        byte[][] env = Clients.strings("A=1", "A=2", "no equals", "=", "B=\u00fe");
        Launch.Result r = Launch.launch(Clients.bytes(program.toString()), argv, env);
        Clients.runToEnd(((Launch.Started) r).pid());
        assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
                .isEqualTo("other name\0\0\u00ff\u0080\t\n\0-x\0A=1\0A=2\0no equals\0=\0B=\u00fe\0");
    }

    @Test
    void signalStateIsInherited() throws Exception {
        String status = report("exec cat /proc/self/status");
        InheritedSignals inherited = InheritedSignals.get();
        assertThat(status).contains("SigBlk:\t" + hex(inherited.blocked())).contains("SigIgn:\t" + hex(inherited.ignored()))
                .contains("SigCgt:\t" + hex(0));
    }

    private static String hex(long mask) {
        return "%016x".formatted(mask);
    }

    @Test
    void noDescriptorOfTheJvmIsSeen() throws Exception {
        String list = report("exec ls -l /proc/self/fd");
        assertThat(list).contains(" 1 -> ").doesNotContain(System.getProperty("java.home")).doesNotContain(".jar");
        assertThat(Descriptors.isOwn("/a/b.jar", "/jdk/")).isTrue();
        assertThat(Descriptors.isOwn("/jdk/lib/modules", "/jdk/")).isTrue();
        assertThat(Descriptors.isOwn("/home/me/list", "/jdk/")).isFalse();
        assertThat(Descriptors.isOwn("pipe:[1]", "/jdk/")).isFalse();
    }

    @Test
    void limitsAreSetAndAnUnlimitedStackIsGivenBack() throws Exception {
        long[] stack = Syscall.limit(0, Syscall.RLIMIT_STACK);
        assertThat(report("ulimit -s").trim()).isEqualTo(stack[0] < 0 ? "unlimited" : Long.toString(stack[0] / 1024));
        Path out = folder.resolve("limits");
        Launch.Result r = Launch.launch(Clients.bytes("/bin/sh"), Clients.strings("sh", "-c", "ulimit -n -S >" + out),
                new byte[0][], new long[][] {{Syscall.RLIMIT_NOFILE, 77, 99}});
        Clients.runToEnd(((Launch.Started) r).pid());
        assertThat(Files.readString(out).trim()).isEqualTo("77");
    }

    @Test
    void birthsAndExecAreReported() throws Exception {
        Path program = Clients.compile(folder, """
                #include <pthread.h>
                #include <sys/wait.h>
                #include <unistd.h>
                static void *run(void *p) { return p; }
                int main(void) {
                    pthread_t t;
                    pthread_create(&t, 0, run, 0);
                    pthread_join(t, 0);
                    int s;
                    if (fork() == 0) _exit(3);
                    wait(&s);
                    if (vfork() == 0) execl("/bin/true", "true", (char *) 0);
                    wait(&s);
                    return 5;
                }""");
        List<Stop> stops = Clients.runToEnd(Clients.started(program.toString()));
        assertThat(stops).contains(new Stop.Event(Ptrace.EVENT_CLONE), new Stop.Event(Ptrace.EVENT_FORK),
                new Stop.Event(Ptrace.EVENT_VFORK), new Stop.Event(Ptrace.EVENT_EXEC), new Stop.Event(Ptrace.EVENT_EXIT),
                new Stop.Exited(3), new Stop.Exited(0)).endsWith(new Stop.Exited(5));
    }

    @Test
    void groupStopAndContinue() {
        int pid = Clients.started("/bin/sh", "-c", "kill -STOP $$; exit 9");
        Wait wait = new Wait();
        Ptrace.cont(pid, 0);
        assertThat(next(wait, pid)).isEqualTo(new Stop.Signal(19));
        Ptrace.cont(pid, 19);
        assertThat(next(wait, pid)).isEqualTo(new Stop.GroupStop(19));
        Ptrace.listen(pid);
        assertThat(wait.poll(pid)).isZero();
        Syscall.kill(pid, 18);
        assertThat(next(wait, pid)).isEqualTo(new Stop.Event(Ptrace.EVENT_STOP));
        assertThat(Clients.runToEnd(pid)).endsWith(new Stop.Exited(9));
    }

    private static Stop next(Wait wait, int pid) {
        assertThat(wait.next(pid)).isEqualTo(pid);
        return Stop.of(wait.status());
    }
}
