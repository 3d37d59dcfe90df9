// SPDX-License-Identifier: MIT
package muninn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import muninn.sysjava.Ptr;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StackContextsTest {
    @BeforeAll
    static void regions() {
        HostedRegions.map();
    }

    @Test
    void equalStacksHaveOneNumberAndNoOthersHaveIt() {
        long buffer = HostedRegions.anywhere(4096);
        Random random = new Random(3);
        Map<List<Long>, Integer> known = new HashMap<>();
        Map<Integer, List<Long>> back = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            int count = 1 + random.nextInt(6);
            List<Long> pcs = new ArrayList<>();
            for (int f = 0; f < count; f++) {
                pcs.add(0x40_0000L + random.nextInt(8));
                Ptr.putLong(buffer + 8L * f, pcs.get(f));
            }
            int number = StackContexts.intern(buffer, count);
            assertThat(number).isPositive();
            Integer before = known.put(pcs, number);
            assertThat(before == null || before == number).isTrue();
            List<Long> owner = back.put(number, pcs);
            assertThat(owner == null || owner.equals(pcs)).isTrue();
        }
        back.forEach((number, pcs) -> {
            long at = HeapTables.CONTEXT_DATA + 8L * number;
            assertThat(Ptr.getInt(at + 8)).isEqualTo(pcs.size());
            for (int f = 0; f < pcs.size(); f++) {
                assertThat(Ptr.getLong(at + 16 + 8L * f)).isEqualTo(pcs.get(f));
            }
        });
    }
}
