// SPDX-License-Identifier: MIT
package muninn.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;

import muninn.linux.Syscall;
import muninn.runtime.AddressMap;
import muninn.runtime.Mailbox;
import muninn.runtime.ThreadArea;

/** A thread of a client that runs in the cache: its area, its mailbox, its waiting signals. */
public final class ClientThread {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    final int slot;
    final AddressSpace space;
    /** Kernel's thread id; 0 until the thread exists. */
    int tid;
    /** Thread group. */
    int pid;
    /** Number that reports show: 1 for the first thread of a process. */
    int number;
    /** The page shared with the client. */
    final MemorySegment mailbox;
    volatile boolean gone;
    /** So many retirements of its address space had happened when it was last seen outside of all retired code: {@link CodeReuse}. */
    long seenOutside;
    /** It is in rt_sigaction. */
    boolean changesHandlers;
    /** Signals taken from the kernel that wait for a boundary: number and siginfo. */
    final ArrayDeque<StashedSignal> stashed = new ArrayDeque<>();
    /** The mailbox request of a waiting signal has arrived and the tracer was asked to interrupt the thread. */
    boolean atSignalPoint;
    /** Set between a clone request and the birth of the child. */
    ClientThread child;
    final HandlerShadows handlerShadows = new HandlerShadows();
    /** A call is under way that copies the address space: code must stay until the copy is known. */
    boolean forking;

    record StashedSignal(int signal, byte[] info) {}

    private final long area;

    ClientThread(int slot, long area, AddressSpace space, MemorySegment mailboxes) {
        this.slot = slot;
        this.area = area;
        this.space = space;
        this.mailbox = mailboxes.asSlice((long) slot * Mailbox.SIZE, Mailbox.SIZE);
    }

    /** Address of the thread area in the client. */
    public long area() {
        return area;
    }

    static long countersOf(int slot) {
        return AddressMap.COUNTERS_BASE + 8L * AddressMap.COUNTERS * slot;
    }

    static long areaOf(int slot) {
        return AddressMap.THREADS_BASE + (long) slot * ThreadArea.SIZE;
    }

    public int tid() {
        return tid;
    }

    public int pid() {
        return pid;
    }

    public int number() {
        return number;
    }

    public AddressSpace space() {
        return space;
    }

    /** A long of the thread area. */
    public long slot(int offset) {
        return space.memory.getLong(area() + offset);
    }

    void setSlot(int offset, long value) {
        space.memory.putLong(area() + offset, value);
    }

    // ---- mailbox ----

    int state() {
        return (int) INT.getAcquire(mailbox, (long) Mailbox.STATE);
    }

    int kind() {
        return mailbox.get(ValueLayout.JAVA_INT, Mailbox.KIND);
    }

    /** Argument {@code i} of the request. */
    public long arg(int i) {
        return mailbox.get(ValueLayout.JAVA_LONG, Mailbox.arg(i));
    }

    /** Puts back an argument that a call in between has replaced. */
    void setArg(int i, long v) {
        mailbox.set(ValueLayout.JAVA_LONG, Mailbox.arg(i), v);
    }

    /** Bytes for a call, at {@link #dataAddress} in the client. */
    void putData(byte[] bytes) {
        MemorySegment.copy(bytes, 0, mailbox, ValueLayout.JAVA_BYTE, Mailbox.DATA, bytes.length);
    }

    long dataAddress() {
        return AddressMap.MAILBOX_BASE + (long) slot * Mailbox.SIZE + Mailbox.DATA;
    }

    public void value(int i, long v) {
        mailbox.set(ValueLayout.JAVA_LONG, Mailbox.value(i), v);
    }

    /** Publishes the answer, with the values set before. */
    void answer(int kind) {
        mailbox.set(ValueLayout.JAVA_INT, Mailbox.ANSWER, kind);
        INT.setVolatile(mailbox, (long) Mailbox.STATE, Mailbox.ANSWERED);
        if ((int) INT.getVolatile(mailbox, (long) Mailbox.WAITING) != 0) {
            Syscall.futexWake(mailbox.address() + Mailbox.STATE);
        }
    }

    void answer(int kind, long v0) {
        value(0, v0);
        answer(kind);
    }

    void resetMailbox() {
        mailbox.set(ValueLayout.JAVA_INT, Mailbox.WAITING, 0);
        INT.setVolatile(mailbox, (long) Mailbox.STATE, Mailbox.FREE);
    }
}
