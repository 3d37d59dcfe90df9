// SPDX-License-Identifier: MIT
package muninn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Against a map of the JDK, over a frozen one too. */
class IntMapTest {
    @Property(tries = 200)
    void behavesAsAMap(@ForAll List<@IntRange(max = 2000) Integer> before, @ForAll List<@IntRange(max = 2000) Integer> after) {
        Map<Integer, Integer> model = new HashMap<>();
        IntMap first = new IntMap();
        for (int i = 0; i < before.size(); i++) {
            first.put(before.get(i), i);
            model.put(before.get(i), i);
        }
        int[][] tables = first.tables();
        IntMap map = new IntMap(IntBuffer.wrap(tables[0]), IntBuffer.wrap(tables[1]));
        for (int i = 0; i < after.size(); i++) {
            map.put(after.get(i), 7000 + i);
            model.put(after.get(i), 7000 + i);
        }
        for (int k = 0; k <= 2000; k++) {
            assertThat(map.get(k)).isEqualTo(model.getOrDefault(k, -1));
        }
        Map<Integer, Integer> seen = new HashMap<>();
        map.forEach((k, v) -> assertThat(seen.put(k, v)).isNull());
        assertThat(seen).isEqualTo(model);
    }
}
