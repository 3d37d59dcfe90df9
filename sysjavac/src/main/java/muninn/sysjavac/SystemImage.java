// SPDX-License-Identifier: MIT
package muninn.sysjavac;

import java.util.Map;

/**
 * Compiled system Java: one position-independent blob.
 *
 * @param bytes code, then data from {@code dataOffset} (a multiple of the page size) on
 * @param symbols offsets of methods ({@code pkg/Class.name:descriptor}) and of static fields ({@code pkg/Class.name})
 */
public record SystemImage(byte[] bytes, int dataOffset, Map<String, Integer> symbols) {
    /** Offset of a method or static field. */
    public int offset(String symbol) {
        Integer at = symbols.get(symbol);
        if (at == null) {
            throw new IllegalArgumentException("not in the image: " + symbol);
        }
        return at;
    }
}
