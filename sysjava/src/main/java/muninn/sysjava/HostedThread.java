// SPDX-License-Identifier: MIT
package muninn.sysjava;

/** The stand-in for the GS base while system Java runs on HotSpot: one thread area address per JVM thread. */
public final class HostedThread {
    private static final ThreadLocal<Long> AREA = new ThreadLocal<>();

    private HostedThread() {}

    /** Makes the address the calling thread's area. */
    public static void enter(long area) {
        AREA.set(area);
    }

    static long area() {
        Long area = AREA.get();
        if (area == null) {
            throw new IllegalStateException("HostedThread.enter was not called by this thread");
        }
        return area;
    }
}
