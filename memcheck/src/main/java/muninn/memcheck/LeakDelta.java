// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which loss records of a leak search are told, by how they differ from those of the search before it. */
enum LeakDelta {
    ANY, INCREASED, CHANGED, NEW;

    /** Between what a {@link #headline} says of the blocks and the record's number. */
    static final String IN_LOSS_RECORD = " in loss record ";

    /** A record beside the one of the same blocks in the search before; either may have no blocks. */
    record Pair(LossRecord now, LossRecord before) {}

    /** The mode of a client request; an unknown one is {@link #ANY}. */
    static LeakDelta of(long number) {
        return number > 0 && number < values().length ? values()[(int) number] : ANY;
    }

    boolean tells(Pair pair) {
        LossRecord now = pair.now;
        LossRecord before = pair.before;
        return switch (this) {
            case ANY -> now.blocks() > 0;
            case INCREASED -> now.bytes() > before.bytes() || now.indirectBytes() > before.indirectBytes() || now.blocks() > before.blocks();
            case CHANGED -> now.bytes() != before.bytes() || now.indirectBytes() != before.indirectBytes() || now.blocks() != before.blocks();
            case NEW -> now.blocks() > 0 && before.blocks() == 0;
        };
    }

    /** The change of a number, as it stands behind it. */
    String change(long now, long before) {
        return this == ANY ? "" : now >= before ? " (+" + Decimal.grouped(now - before) + ")" : " (-" + Decimal.grouped(before - now) + ")";
    }

    /** As it reads in a report; {@code index} from 1. */
    String headline(Pair pair, int index, int count) {
        LossRecord now = pair.now;
        LossRecord before = pair.before;
        boolean indirect = now.indirectBytes() + before.indirectBytes() > 0;
        String bytes = Decimal.grouped(now.bytes()) + change(now.bytes(), before.bytes());
        String size = !indirect ? bytes : Decimal.grouped(now.total()) + change(now.total(), before.total()) + " (" + bytes + " direct, "
                + Decimal.grouped(now.indirectBytes()) + change(now.indirectBytes(), before.indirectBytes()) + " indirect)";
        return size + " bytes in " + Decimal.grouped(now.blocks()) + change(now.blocks(), before.blocks()) + " blocks are " + now.kind().text
                + IN_LOSS_RECORD + Decimal.grouped(index) + " of " + Decimal.grouped(count);
    }

    /** {@code 16 (+16) bytes in 1 (+1) blocks} */
    String bytesInBlocks(long bytes, long bytesBefore, long blocks, long blocksBefore) {
        return Decimal.grouped(bytes) + change(bytes, bytesBefore) + " bytes in " + Decimal.grouped(blocks) + change(blocks, blocksBefore)
                + " blocks";
    }

    /** Records beside those of an earlier search; earlier ones of which nothing is left come along, with no blocks. */
    static List<Pair> pairs(List<LossRecord> now, List<LossRecord> before) {
        record Key(LeakKind kind, int stack) {}
        Map<Key, LossRecord> old = new HashMap<>();
        before.forEach(r -> old.put(new Key(r.kind(), r.stackId()), r));
        List<Pair> pairs = new ArrayList<>();
        for (LossRecord r : now) {
            LossRecord o = old.remove(new Key(r.kind(), r.stackId()));
            pairs.add(new Pair(r, o == null ? r.empty() : o));
        }
        for (LossRecord r : before) {
            if (old.containsKey(new Key(r.kind(), r.stackId()))) {
                pairs.add(new Pair(r.empty(), r));
            }
        }
        pairs.sort((a, b) -> LossRecord.ORDER.compare(a.now, b.now));
        return pairs;
    }
}
