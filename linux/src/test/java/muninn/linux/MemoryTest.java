// SPDX-License-Identifier: MIT
package muninn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shared memory, futexes, /proc texts. */
@Timeout(60)
class MemoryTest {
    @Test
    void sharedMemoryIsSparseAndOpensByPath() {
        SharedMemory shared = new SharedMemory("test", 4L << 30);
        shared.memory().set(ValueLayout.JAVA_LONG, (4L << 30) - 8, 0x1234_5678_9abcL);
        long fd = Syscall.open(shared.path(), Syscall.O_RDWR, 0);
        assertThat(fd).isPositive();
        MemorySegment again = Syscall.map(4096, Syscall.PROT_READ, Syscall.MAP_SHARED, (int) fd, (4L << 30) - 4096);
        assertThat(again.get(ValueLayout.JAVA_LONG, 4088)).isEqualTo(0x1234_5678_9abcL);
        Syscall.close((int) fd);
    }

    @Test
    void futexes() throws Exception {
        SharedMemory shared = new SharedMemory("futex", 4096);
        long word = shared.memory().address();
        MemorySegment time = Arena.ofAuto().allocate(16, 8);
        assertThat(Syscall.futexWait(word, 1, 1_000_000_000L, time)).isEqualTo(-Errno.EAGAIN);
        assertThat(Syscall.futexWait(word, 0, 1_000_000L, time)).isEqualTo(-Errno.ETIMEDOUT);
        Thread waker = new Thread(() -> {
            while (Syscall.futexWake(word) == 0) {
                Thread.onSpinWait();
            }
        });
        waker.start();
        assertThat(Syscall.futexWait(word, 0, 20_000_000_000L, time)).isZero();
        waker.join();
    }

    @Test
    void errorsAreNegative() {
        assertThat(Syscall.open("/does/not/exist", 0, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(Syscall.readFile("/does/not/exist")).isNull();
        assertThat(Syscall.call(Syscall.CLOSE, -1)).isEqualTo(-9);
        assertThat(Syscall.limit(0, 999)).isNull();
    }

    @Test
    void mapsOfThisProcess() {
        List<Mapping> maps = ProcMaps.of(Syscall.pid());
        assertThat(maps).isNotEmpty().anyMatch(m -> m.path().endsWith("libjvm.so") && m.executable() && m.inode() != 0);
        Mapping last = maps.get(maps.size() - 1);
        if (last.path().equals("[vsyscall]")) {
            assertThat(last.contains(0xffff_ffff_ff60_0000L)).isTrue();
        }
    }

    @Test
    void brokenMapsEndTheList() {
        String line = "00400000-00401000 r-xp 00001000 fe:01 77   /a b (deleted)\n";
        byte[] text = (line + line).getBytes(StandardCharsets.US_ASCII);
        assertThat(ProcMaps.parse(text)).hasSize(2).first().isEqualTo(
                new Mapping(0x400000, 0x401000, true, false, true, false, 0x1000, 77, "/a b (deleted)"));
        for (int n = 0; n < text.length; n++) {
            assertThat(ProcMaps.parse(java.util.Arrays.copyOf(text, n)).size()).isBetween(0, 2);
        }
    }
}
