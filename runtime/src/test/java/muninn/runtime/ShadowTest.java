// SPDX-License-Identifier: MIT
package muninn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import muninn.sysjava.Ptr;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShadowTest {
    /** Any client address will do: only its shadow is touched. */
    private static final long CLIENT = 0x7123_4560_0000L;

    @BeforeAll
    static void regions() {
        HostedRegions.map();
    }

    @Test
    void paintsExactlyAtEveryAlignmentAndLength() {
        int size = 96;
        byte[] model = new byte[size];
        Random random = new Random(4711);
        for (int state : new int[] {Shadow.NOACCESS, Shadow.UNDEFINED, Shadow.DEFINED}) {
            for (int from = 0; from < 36; from++) {
                for (int length = 0; length <= 44; length++) {
                    for (int i = 0; i < size; i++) {
                        model[i] = (byte) new int[] {0, 1, 3}[random.nextInt(3)];
                        paint(CLIENT + i, 1, model[i]);
                    }
                    paint(CLIENT + from, length, state);
                    for (int i = 0; i < size; i++) {
                        int wanted = i >= from && i < from + length ? state : model[i];
                        assertThat(Shadow.state(CLIENT + i)).as("byte %d, painted %d+%d", i, from, length).isEqualTo(wanted);
                    }
                }
            }
        }
    }

    @Test
    void replacesPartlyDefined() {
        Ptr.putByte(Shadow.base + (CLIENT >>> 2), 0xaa);
        Shadow.setUndefined(CLIENT + 1, 1);
        assertThat(Ptr.getUnsignedByte(Shadow.base + (CLIENT >>> 2))).isEqualTo(0xa6);
        Shadow.setNoAccess(CLIENT + 2, 2);
        assertThat(Ptr.getUnsignedByte(Shadow.base + (CLIENT >>> 2))).isEqualTo(0xf6);
    }

    @Test
    void paintsRangesThatAreLongEnoughToBeDropped() {
        long bytes = (9 << 20) + 7;
        long at = CLIENT + 0x1000_0003L;
        Shadow.setNoAccess(at - 64, bytes + 128);
        Shadow.setDefined(at, bytes);
        assertThat(Shadow.firstNotAccessible(at, bytes)).isEqualTo(-1);
        assertThat(Shadow.state(at - 1)).isEqualTo(3);
        assertThat(Shadow.state(at + bytes)).isEqualTo(3);
        assertThat(Shadow.firstNotAccessible(at, bytes + 1)).isEqualTo(at + bytes);
        Shadow.setDefined(at - 64, bytes + 128);
    }

    @Test
    void findsTheFirstByteThatIsNotAccessible() {
        long at = CLIENT + 0x10_0000;
        for (int hole = 0; hole < 130; hole++) {
            Shadow.setUndefined(at, 200);
            Shadow.setNoAccess(at + hole, 1);
            for (int from = 0; from < 70; from++) {
                for (int length : new int[] {0, 1, 2, 4, 8, 10, 16, 31, 32, 33, 64, 100}) {
                    long wanted = hole >= from && hole < from + length ? at + hole : -1;
                    assertThat(Shadow.firstNotAccessible(at + from, length)).isEqualTo(wanted);
                }
            }
        }
    }

    @Test
    void nothingAboveTheUserHalfIsAccessible() {
        assertThat(Shadow.firstNotAccessible(0xffff_ffff_ff60_0000L, 8)).isEqualTo(0xffff_ffff_ff60_0000L);
        assertThat(Shadow.firstNotAccessible((1L << 47) - 4, 8)).isEqualTo(1L << 47);
        assertThat(Shadow.firstNotAccessible((1L << 47) - 4, Long.MAX_VALUE)).isEqualTo(1L << 47);
    }

    private static void paint(long address, long bytes, int state) {
        switch (state) {
            case 0 -> Shadow.setDefined(address, bytes);
            case 1 -> Shadow.setUndefined(address, bytes);
            default -> Shadow.setNoAccess(address, bytes);
        }
    }
}
