// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.util.ArrayList;
import java.util.List;

/** A program file or library together with its separate debug file: names and lines of its addresses. */
public final class DebugObject implements AutoCloseable {
    private final ElfFile file;
    private ElfFile separate;
    private boolean searched;
    private Dwarf dwarf;
    private CallFrames loadedFrames;
    private CallFrames debugFrames;

    public DebugObject(ElfFile file) {
        this.file = file;
    }

    public ElfFile file() {
        return file;
    }

    /** The separate debug file, or null. */
    public synchronized ElfFile separate() {
        if (!searched) {
            searched = true;
            separate = SeparateDebugFile.find(file);
        }
        return separate;
    }

    /** The function that covers the address: from the file's own tables if they have more than dynamic symbols. */
    public Symbol symbolAt(long vaddr) {
        if (file.section(".symtab") == null && separate() != null) {
            Symbol symbol = separate().symbolAt(vaddr);
            if (symbol != null) {
                return symbol;
            }
        }
        return file.symbolAt(vaddr);
    }

    private synchronized Dwarf dwarf() {
        if (dwarf == null) {
            boolean own = file.section(".debug_info") != null || file.section(".zdebug_info") != null;
            dwarf = new Dwarf(own || separate() == null ? file : separate());
        }
        return dwarf;
    }

    /**
     * The frames at an address of the file, innermost inlined call first; never empty. {@code pc} is the same place in
     * the client and only handed on.
     */
    public synchronized List<Frame> frames(long vaddr, long pc) {
        Symbol symbol = symbolAt(vaddr);
        String symbolName = symbol == null ? null : symbol.name();
        List<Dwarf.Place> places = dwarf().isEmpty() ? List.of() : dwarf().places(vaddr);
        List<Frame> frames = new ArrayList<>(Math.max(1, places.size()));
        for (int i = 0; i < places.size(); i++) {
            Dwarf.Place place = places.get(i);
            String linkage = place.linkageName() != null ? place.linkageName() : place.name();
            String raw = place.inlined() || symbolName == null ? linkage : symbolName;
            String name = place.inlined() && place.name() != null ? place.name() : raw == null ? null : Demangler.demangle(raw);
            frames.add(new Frame(name, raw, place.file(), place.directory(), place.line(), file.path(), pc, place.inlined()));
        }
        if (frames.isEmpty()) {
            String name = symbolName == null ? null : Demangler.demangle(symbolName);
            frames.add(new Frame(name, symbolName, null, null, 0, file.path(), pc, false));
        }
        return frames;
    }

    /** Frame descriptions that cover the address: the loaded ones, else those of {@code .debug_frame}; null for none. */
    synchronized FrameRow row(long vaddr) {
        if (loadedFrames == null) {
            loadedFrames = CallFrames.ofLoaded(file);
        }
        int i = loadedFrames.find(vaddr);
        if (i >= 0) {
            return FrameRow.of(loadedFrames, i, vaddr);
        }
        if (debugFrames == null) {
            CallFrames own = CallFrames.ofDebug(file);
            debugFrames = own.count == 0 && separate() != null ? CallFrames.ofDebug(separate()) : own;
        }
        i = debugFrames.find(vaddr);
        return i < 0 ? null : FrameRow.of(debugFrames, i, vaddr);
    }

    @Override
    public synchronized void close() {
        file.close();
        if (separate != null) {
            separate.close();
        }
    }
}
