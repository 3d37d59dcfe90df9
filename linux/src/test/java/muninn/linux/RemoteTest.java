// SPDX-License-Identifier: MIT
package muninn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registers, memory and system calls of a client at its exec stop. */
@Timeout(60)
class RemoteTest {
    private int pid;

    @BeforeEach
    void start() {
        pid = Clients.started("/bin/true");
    }

    @AfterEach
    void end() {
        Syscall.kill(pid, 9);
        Wait.forEnd(pid);
    }

    @Test
    void shadowOf32TebibytesIsReserved() {
        RemoteSyscall remote = new RemoteSyscall(new Wait());
        UserRegs before = new UserRegs();
        Ptrace.getRegs(pid, before);
        long base = 0x2000_0000_0000L;
        int flags = Syscall.MAP_PRIVATE | Syscall.MAP_ANONYMOUS | Syscall.MAP_NORESERVE | Syscall.MAP_FIXED_NOREPLACE;
        assertThat(remote.once(pid, Syscall.MMAP, base, 1L << 45, 3, flags, -1, 0)).isEqualTo(base);
        assertThat(ProcMaps.of(pid)).anyMatch(m -> m.start() == base && m.end() == base + (1L << 45) && m.writable());
        // rax gets the result of the execve that had not ended yet
        UserRegs after = new UserRegs();
        Ptrace.getRegs(pid, after);
        for (int i = 0; i < 27; i++) {
            assertThat(after.get(i)).as("register %d", i).isEqualTo(i == 10 ? 0 : before.get(i));
        }
        assertThat(Clients.runToEnd(pid)).endsWith(new Stop.Exited(0));
    }

    @Test
    void manyCallsInOneSession() {
        RemoteSyscall remote = new RemoteSyscall(new Wait());
        assertThat(remote.begin(pid)).isZero();
        for (int i = 0; i < 10; i++) {
            assertThat(remote.call(Syscall.GETPID)).isEqualTo(pid);
        }
        assertThat(remote.call(Syscall.CLOSE, 9999)).isEqualTo(-9);
        remote.end();
        assertThat(Clients.runToEnd(pid)).endsWith(new Stop.Exited(0));
    }

    @Test
    void aStopSignalOnTheWayIsNotLost() {
        Wait wait = new Wait();
        Syscall.kill(pid, 19);
        Syscall.kill(pid, 10);
        assertThat(new RemoteSyscall(wait).once(pid, Syscall.GETPID)).isEqualTo(pid);
        boolean stopped = false;
        boolean user = false;
        Ptrace.cont(pid, 0);
        while (!(stopped && user)) {
            assertThat(wait.next(pid)).isEqualTo(pid);
            Stop s = Stop.of(wait.status());
            stopped |= s.equals(new Stop.Signal(19)) || s.equals(new Stop.GroupStop(19));
            user |= s.equals(new Stop.Signal(10));
            Ptrace.cont(pid, 0);
        }
    }

    @Test
    void theDeathOfTheTaskIsAResult() {
        Syscall.kill(pid, 9);
        Wait wait = new Wait();
        assertThat(new RemoteSyscall(wait).once(pid, Syscall.GETPID)).isEqualTo(-Errno.ESRCH);
        wait.next(pid);
        UserRegs r = new UserRegs();
        while ((wait.status() & 0x7f) == 0x7f) {
            Ptrace.cont(pid, 0);
            wait.next(pid);
        }
        assertThat(Stop.of(wait.status())).isEqualTo(new Stop.Killed(9, false));
        assertThat(Ptrace.getRegs(pid, r)).isEqualTo(-Errno.ESRCH);
        assertThat(ProcMaps.of(pid)).isEmpty();
        assertThat(RemoteMemory.open(pid)).isNull();
        pid = Clients.started("/bin/true");
    }

    @Test
    void memoryIsReadAndWrittenThroughProtection() {
        UserRegs r = new UserRegs();
        Ptrace.getRegs(pid, r);
        try (RemoteMemory memory = RemoteMemory.open(pid)) {
            byte[] code = new byte[16];
            assertThat(memory.read(r.rip(), code, 0, 16)).isEqualTo(16);
            byte[] changed = code.clone();
            changed[3] ^= 1;
            assertThat(memory.write(r.rip(), changed, 0, 16)).isEqualTo(16);
            byte[] again = new byte[16];
            memory.read(r.rip(), again, 0, 16);
            assertThat(again).isEqualTo(changed);
            memory.write(r.rip(), code, 0, 16);
            assertThat(memory.read(8, again, 0, 16)).isNegative();
            assertThat(memory.read(0xffff_ffff_ff60_0000L, again, 0, 16)).isNegative();
            // argc, then argv[0], at the stack pointer
            assertThat(memory.getLong(r.rsp())).isEqualTo(1);
            byte[] name = memory.readString(memory.getLong(r.rsp() + 8), 4096);
            assertThat(new String(name, StandardCharsets.US_ASCII)).isEqualTo("/bin/true");
            assertThat(memory.readString(memory.getLong(r.rsp() + 8), 4)).hasSize(4);
            assertThat(memory.readString(0, 100)).isNull();
        }
    }

    @Test
    void stepsSignalsAndExtendedState() {
        UserRegs r = new UserRegs();
        Wait wait = new Wait();
        Ptrace.singleStep(pid, 0);
        wait.next(pid);
        assertThat(Stop.of(wait.status())).isEqualTo(new Stop.Signal(5));
        Ptrace.getRegs(pid, r);
        long first = r.rip();
        Ptrace.singleStep(pid, 0);
        wait.next(pid);
        Ptrace.getRegs(pid, r);
        assertThat(r.rip() - first).isBetween(1L, 15L);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(16384, 64);
            long size = Ptrace.getXState(pid, state);
            assertThat(size).isGreaterThanOrEqualTo(576);
            assertThat(Ptrace.setXState(pid, state.asSlice(0, size))).isEqualTo(size);
        }
        assertThat(Ptrace.setSigMask(pid, 1L << 9)).isZero();
        assertThat(Ptrace.sigMask(pid)).isEqualTo(1L << 9);
        Syscall.kill(pid, 15);
        Ptrace.cont(pid, 0);
        wait.next(pid);
        assertThat(Stop.of(wait.status())).isEqualTo(new Stop.Signal(15));
        Ptrace.cont(pid, 6);
        while (wait.next(pid) == pid && (wait.status() & 0x7f) == 0x7f) {
            Ptrace.cont(pid, 0);
        }
        assertThat(Stop.of(wait.status())).isInstanceOf(Stop.Killed.class);
        pid = Clients.started("/bin/true");
    }

    @Test
    void whatIsNotOursIsAnError() {
        assertThat(Ptrace.seize(1 << 30)).isEqualTo(-Errno.ESRCH);
        assertThat(Ptrace.seize(Syscall.pid())).isEqualTo(-Errno.EPERM);
        assertThat(Ptrace.seize(pid)).isEqualTo(-Errno.EPERM);
        assertThat(Ptrace.peek(pid, 8)).isEqualTo(Long.MIN_VALUE);
    }
}
