// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Source places of code, from a file's DWARF 2 to 5. Only the unit that covers an address is read in full. */
final class Dwarf {
    /** A place in the source: name and linkage name of the function (null when unknown), file, line. */
    record Place(String name, String linkageName, String file, String directory, int line, boolean inlined) {}

    private static final int MOST_ORIGINS = 16;

    private final DwarfSections sections;
    private List<DwarfUnit> units;
    /** Ranges of all units, sorted by start: start, end, index of the unit. */
    private long[][] covered;

    Dwarf(ElfFile file) {
        sections = new DwarfSections(file);
    }

    boolean isEmpty() {
        return sections.info().length == 0;
    }

    /** The places at an address, the innermost inlined call first, the real function last; empty when unknown. */
    List<Place> places(long vaddr) {
        DwarfUnit unit = unitAt(vaddr);
        if (unit == null) {
            return List.of();
        }
        if (unit.lineTable == null) {
            unit.lineTable = new LineTable(unit);
            unit.functions = new FunctionTree(unit);
        }
        LineTable lines = unit.lineTable;
        int row = lines.find(vaddr);
        long file = row < 0 ? -1 : lines.file(row);
        int line = row < 0 ? 0 : lines.line(row);
        List<Place> places = new ArrayList<>();
        List<FunctionTree.Node> chain = unit.functions.chain(vaddr);
        for (int i = chain.size() - 1; i >= 0; i--) {
            FunctionTree.Node node = chain.get(i);
            String[] names = {node.name(), node.linkageName()};
            complete(names, node.origin());
            places.add(place(lines, names[0], names[1], file, line, node.inlined() && i > 0));
            file = node.callFile();
            line = (int) Math.max(0, node.callLine());
        }
        if (places.isEmpty() && row >= 0) {
            places.add(place(lines, null, null, file, line, false));
        }
        return places;
    }

    private static Place place(LineTable lines, String name, String linkage, long file, int line, boolean inlined) {
        String path = lines.fileName(file);
        String directory = lines.directory(file);
        if (path == null) {
            return new Place(name, linkage, null, null, 0, inlined);
        }
        int slash = path.lastIndexOf('/');
        if (slash >= 0) {
            String inner = path.substring(0, slash);
            directory = path.startsWith("/") || directory == null ? inner : directory + "/" + inner;
            path = path.substring(slash + 1);
        }
        return new Place(name, linkage, path, directory, line, inlined);
    }

    /** Follows abstract origins and specifications, into other units too, until both names are known. */
    private void complete(String[] names, long firstOrigin) {
        long origin = firstOrigin;
        Entry e = new Entry();
        try {
            for (int i = 0; i < MOST_ORIGINS && origin >= 0 && (names[0] == null || names[1] == null); i++) {
                DwarfUnit home = unitHolding(origin);
                if (home == null || !home.read(home.cursor(origin), e)) {
                    return;
                }
                names[0] = names[0] == null ? e.name : names[0];
                names[1] = names[1] == null ? e.linkageName : names[1];
                origin = e.origin;
            }
        } catch (BrokenInput broken) {
            // The names found so far are good.
            return;
        }
    }

    private DwarfUnit unitHolding(long offset) {
        int low = 0;
        int high = units.size();
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (units.get(mid).start <= offset) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low > 0 && offset < units.get(low - 1).end ? units.get(low - 1) : null;
    }

    private DwarfUnit unitAt(long vaddr) {
        if (units == null) {
            readUnits();
        }
        int low = 0;
        int high = covered.length;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (Long.compareUnsigned(covered[mid][0], vaddr) <= 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        // Ranges may overlap in odd files; a few steps back are enough for those.
        for (int i = low - 1; i >= 0 && i > low - 9; i--) {
            if (Long.compareUnsigned(vaddr, covered[i][1]) < 0) {
                return units.get((int) covered[i][2]);
            }
        }
        return null;
    }

    private void readUnits() {
        units = new ArrayList<>();
        Cursor c = new Cursor(sections.info());
        List<long[]> all = new ArrayList<>();
        try {
            while (c.remaining() > 11) {
                DwarfUnit unit = new DwarfUnit(sections, c);
                unit.readRoot();
                for (int i = 0; i < unit.ranges.length; i += 2) {
                    // A discarded function's range starts at 0 (or at 1 in .debug_ranges).
                    if (unit.ranges[i] > 1 && unit.ranges[i] != unit.ranges[i + 1]) {
                        all.add(new long[] {unit.ranges[i], unit.ranges[i + 1], units.size()});
                    }
                }
                units.add(unit);
            }
        } catch (BrokenInput e) {
            // Units before the damage are used.
            c.at = c.end;
        }
        covered = all.toArray(new long[0][]);
        Arrays.sort(covered, (a, b) -> Long.compareUnsigned(a[0], b[0]));
    }
}
