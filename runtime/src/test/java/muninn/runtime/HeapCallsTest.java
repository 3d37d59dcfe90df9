// SPDX-License-Identifier: MIT
package muninn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The replaced functions as the runtime calls them; a thread plays the controller at the mailbox. */
class HeapCallsTest {
    private static final long RETURN_ADDRESS = 0x40_1234L;
    private static final int REPORTS = 8;

    private final List<List<Long>> posts = Collections.synchronizedList(new ArrayList<>());
    private final long box = AddressMap.MAILBOX_BASE + Mailbox.SIZE;
    private final long frames = HeapCalls.maxFrames;
    private volatile boolean done;
    private Thread controller;
    private long area;
    private long stack;

    @BeforeEach
    void start() {
        HostedRegions.map();
        HeapCalls.maxFrames = 2;
        area = HostedRegions.anywhere(ThreadArea.SIZE);
        stack = HostedRegions.anywhere(4096) + 2048;
        Ptr.putLong(area + ThreadArea.MAILBOX, box);
        Ptr.putLong(area + ThreadArea.EVENT_PC, 0x1000);
        controller = Thread.ofPlatform().start(this::answer);
    }

    @AfterEach
    void stop() throws InterruptedException {
        done = true;
        controller.join();
        HeapCalls.maxFrames = frames;
    }

    private void answer() {
        while (!done) {
            if (Ptr.getIntAcquire(box + Mailbox.STATE) == Mailbox.POSTED) {
                posts.add(List.of((long) Ptr.getInt(box + Mailbox.KIND), Ptr.getLong(box + Mailbox.ARGS),
                        Ptr.getLong(box + Mailbox.ARGS + 8)));
                Ptr.putLong(box + Mailbox.VALUES, REPORTS);
                Ptr.putIntRelease(box + Mailbox.STATE, Mailbox.ANSWERED);
                Kernel.call(202, box + Mailbox.STATE, 1, 1);
            }
            Thread.onSpinWait();
        }
    }

    private long call(int function, long... arguments) {
        int[] registers = {7, 6, 2};
        for (int i = 0; i < arguments.length; i++) {
            Ptr.putLong(area + ThreadArea.gpr(registers[i]), arguments[i]);
        }
        Ptr.putLong(stack, RETURN_ADDRESS);
        Ptr.putLong(area + ThreadArea.gpr(4), stack);
        HeapCalls.call(area, function);
        assertThat(Ptr.getLong(area + ThreadArea.NEXT_PC)).isEqualTo(RETURN_ADDRESS);
        assertThat(Ptr.getLong(area + ThreadArea.gpr(4))).isEqualTo(stack + 8);
        return Ptr.getLong(area + ThreadArea.gpr(0));
    }

    private static List<Long> post(int kind, long argument, int function) {
        return List.of((long) kind, argument, (long) function);
    }

    @Test
    void reallocMovesKeepsContentsAndFrees() {
        long at = call(HeapCalls.REALLOC, 0, 100);
        Ptr.fill(at, 0x5a, 100);
        long larger = call(HeapCalls.REALLOC, at, 1000);
        assertThat(larger).isNotEqualTo(at);
        assertThat(Ptr.getUnsignedByte(larger + 99)).isEqualTo(0x5a);
        assertThat(Shadow.firstNotAccessible(at, 1)).isEqualTo(at);
        long smaller = call(HeapCalls.REALLOC, larger, 10);
        assertThat(Ptr.getUnsignedByte(smaller + 9)).isEqualTo(0x5a);
        assertThat(Shadow.state(smaller + 10)).isEqualTo(3);
        assertThat(call(HeapCalls.REALLOC, smaller, 0)).isZero();
        assertThat(posts).isEmpty();
        long allocations = Heap.allocations;
        long frees = Heap.frees;
        assertThat(call(HeapCalls.REALLOC, smaller, 20)).isZero();
        assertThat(Heap.allocations).as("counted as valgrind counts it").isEqualTo(allocations + 1);
        assertThat(Heap.frees).isEqualTo(frees + 1);
        assertThat(posts).containsExactly(post(HeapCalls.REQUEST_BAD_REALLOC, smaller, HeapCalls.REALLOC));
    }

    @Test
    void reallocThatFailsLeavesTheBlockAlone() {
        long at = call(HeapCalls.MALLOC, 100);
        assertThat(call(HeapCalls.REALLOC, at, 1L << 60)).isZero();
        assertThat(call(HeapCalls.USABLE_SIZE, at)).isEqualTo(100);
        assertThat(posts).isEmpty();
    }

    @Test
    void reallocOfABlockOfNewIsAMismatch() {
        long at = call(HeapCalls.NEW, 40);
        assertThat(call(HeapCalls.REALLOC, at, 50)).isNotZero();
        assertThat(posts).containsExactly(post(HeapCalls.REQUEST_MISMATCH, at, HeapCalls.REALLOC));
    }

    @Test
    void wrongFreesAreReported() {
        long at = call(HeapCalls.NEW_ARRAY, 40);
        call(HeapCalls.DELETE, at);
        call(HeapCalls.DELETE_ARRAY, at);
        call(HeapCalls.FREE, 0);
        call(HeapCalls.FREE, 0x1234);
        assertThat(posts).containsExactly(post(HeapCalls.REQUEST_MISMATCH, at, HeapCalls.DELETE),
                post(HeapCalls.REQUEST_BAD_FREE, at, HeapCalls.DELETE_ARRAY), post(HeapCalls.REQUEST_BAD_FREE, 0x1234, HeapCalls.FREE));
    }

    @Test
    void fishySizesAreReportedAndRefused() {
        assertThat(call(HeapCalls.MALLOC, -1)).isZero();
        assertThat(call(HeapCalls.CALLOC, -2, 3)).isZero();
        assertThat(call(HeapCalls.CALLOC, 1L << 40, 1L << 40)).isZero();
        assertThat(call(HeapCalls.REALLOC, 0, -3)).isZero();
        assertThat(posts).containsExactly(post(HeapCalls.REQUEST_FISHY, -1, HeapCalls.MALLOC),
                post(HeapCalls.REQUEST_FISHY, -2, HeapCalls.CALLOC), post(HeapCalls.REQUEST_FISHY, -3, HeapCalls.REALLOC));
    }

    @Test
    void alignedFunctions() {
        assertThat(call(HeapCalls.MEMALIGN, 100, 10) & 127).as("rounded up to a power of two").isZero();
        assertThat(call(HeapCalls.MEMALIGN, 0, 10)).isNotZero();
        assertThat(call(HeapCalls.MEMALIGN, -1, 10)).isZero();
        assertThat(call(HeapCalls.VALLOC, 10) & 4095).isZero();
        long pages = call(HeapCalls.PVALLOC, 10);
        assertThat(call(HeapCalls.USABLE_SIZE, pages)).isEqualTo(4096);
        long place = stack + 64;
        assertThat(call(HeapCalls.POSIX_MEMALIGN, place, 24, 10)).isEqualTo(22);
        assertThat(call(HeapCalls.POSIX_MEMALIGN, place, 64, 10)).isZero();
        assertThat(Ptr.getLong(place) & 63).isZero();
    }

    @Test
    void callocIsZeroEvenInReusedMemory() {
        long before = Heap.quarantineLimit;
        Heap.quarantineLimit = 0;
        long at = call(HeapCalls.MALLOC, 48);
        Ptr.fill(at, 0xff, 48);
        call(HeapCalls.FREE, at);
        assertThat(call(HeapCalls.CALLOC, 6, 8)).isEqualTo(at);
        assertThat(Ptr.getLong(at + 40)).isZero();
        Heap.quarantineLimit = before;
    }
}
