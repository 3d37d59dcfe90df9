// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** Tells the controller something through the thread's mailbox and waits until it has been heard. */
@SystemCode("runs inside the client")
public final class Post {
    private static final int SYS_FUTEX = 202;
    private static final int SPINS = 200;

    private Post() {}

    /** @return value 0 of the answer */
    public static long post(long area, int kind, long a, long b, long c, long d) {
        long box = Ptr.getLong(area + ThreadArea.MAILBOX);
        Ptr.putLong(box + Mailbox.ARGS, a);
        Ptr.putLong(box + Mailbox.ARGS + 8, b);
        Ptr.putLong(box + Mailbox.ARGS + 16, c);
        Ptr.putLong(box + Mailbox.ARGS + 24, d);
        Ptr.putInt(box + Mailbox.KIND, kind);
        Ptr.putIntRelease(box + Mailbox.STATE, Mailbox.POSTED);
        Ptr.getAndAddInt(AddressMap.MAILBOX_BASE + Mailbox.DOORBELL, 1);
        if (Ptr.getIntAcquire(AddressMap.MAILBOX_BASE + Mailbox.SLEEPING) != 0) {
            Kernel.call(SYS_FUTEX, AddressMap.MAILBOX_BASE + Mailbox.DOORBELL, 1, 1);
        }
        for (int i = 0; i < SPINS && Ptr.getIntAcquire(box + Mailbox.STATE) != Mailbox.ANSWERED; i++) {
            Ptr.pause();
        }
        while (Ptr.getIntAcquire(box + Mailbox.STATE) != Mailbox.ANSWERED) {
            Ptr.getAndSetInt(box + Mailbox.WAITING, 1);
            Kernel.call(SYS_FUTEX, box + Mailbox.STATE, 0, Mailbox.POSTED, 0);
        }
        Ptr.putInt(box + Mailbox.WAITING, 0);
        Ptr.putIntRelease(box + Mailbox.STATE, Mailbox.FREE);
        return Ptr.getLong(box + Mailbox.VALUES);
    }
}
