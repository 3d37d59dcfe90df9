// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import muninn.debuginfo.DebugObject;
import muninn.debuginfo.Demangler;
import muninn.debuginfo.ElfException;
import muninn.debuginfo.ElfFile;
import muninn.debuginfo.Frame;
import muninn.debuginfo.Symbol;
import muninn.debuginfo.UnwindRows;
import muninn.engine.Redirects;
import muninn.linux.Mapping;
import muninn.linux.RemoteMemory;
import muninn.runtime.AddressMap;
import muninn.runtime.StringCalls;
import muninn.runtime.UnwindWalk;

/** The ELF files whose code a client executes: replaced functions, unwinding, names and lines. */
final class ClientModules implements Redirects, StackNamer {
    /** Tables start behind the directory, which has room for this many modules. */
    private static final int MAX_MODULES = 4000;
    private static final long TABLES = UnwindWalk.HEADER + (long) MAX_MODULES * UnwindWalk.MODULE;

    /** One executable mapping. */
    private static final class Module {
        final long start;
        final long end;
        final String path;
        /** Address in memory minus address in the file. */
        final long bias;
        final ElfFile elf;
        final UnwindRows unwind;
        final DebugObject debug;
        long table;
        int entries;

        Module(long start, long end, String path, long bias, ElfFile elf, UnwindRows unwind) {
            this.start = start;
            this.end = end;
            this.path = path;
            this.bias = bias;
            this.elf = elf;
            this.unwind = unwind;
            this.debug = new DebugObject(elf);
        }
    }

    private final ArrayList<Module> modules = new ArrayList<>();
    private final Map<Long, Integer> functions = new HashMap<>();
    /** Replaced string functions, and resolvers of such, by address. */
    private final Map<Long, Integer> stringFunctions = new HashMap<>();
    private final RemoteMemory memory;
    private final MemorySegment region;
    /** Shared by all processes of a run, as the region is. */
    private final long[] used;

    /** @param used element 0: bytes of the region taken by tables so far */
    ClientModules(RemoteMemory memory, MemorySegment region, long[] used) {
        this.memory = memory;
        this.region = region;
        this.used = used;
        if (used[0] == 0) {
            used[0] = TABLES;
        }
    }

    void copyFrom(ClientModules parent) {
        modules.addAll(parent.modules);
        functions.putAll(parent.functions);
        stringFunctions.putAll(parent.stringFunctions);
    }

    @Override
    public int functionAt(long client) {
        Integer i = functions.get(client);
        if (i != null) {
            return HeapFunctions.function(i);
        }
        return stringFunction(client);
    }

    /** Number of the replaced string function at this address, or of its resolver; 0 if there is none. */
    private int stringFunction(long client) {
        if (client >= StringCalls.ADDRESSES && client < StringCalls.ADDRESSES + AddressMap.FUNCTIONS_SIZE) {
            return (int) (client - StringCalls.ADDRESSES) / StringCalls.FUNCTION_BYTES;
        }
        return stringFunctions.getOrDefault(client, 0);
    }

    /** Address of a function that any module exports, or that a static program has; or 0. */
    long find(String symbol) {
        for (Module m : modules) {
            Symbol s = m.elf.findDynamicSymbol(symbol);
            if (s == null && isStaticProgram(m.elf, fileName(m.path))) {
                s = m.elf.symbols(false).stream().filter(o -> o.name().equals(symbol)).findFirst().orElse(null);
            }
            if (s != null && s.isDefined()) {
                return s.value() + m.bias;
            }
        }
        return 0;
    }

    void add(Mapping mapping) {
        if (!mapping.path().startsWith("/")) {
            return;
        }
        ElfFile elf;
        try {
            elf = ElfFile.open(Path.of(mapping.path()));
        } catch (ElfException e) {
            return;
        }
        long bias = elf.bias(mapping.start(), mapping.offset());
        Module m = new Module(mapping.start(), mapping.end(), mapping.path(), bias, elf, UnwindRows.of(elf));
        modules.removeIf(o -> o.start < m.end && m.start < o.end);
        int at = 0;
        while (at < modules.size() && modules.get(at).start < m.start) {
            at++;
        }
        modules.add(at, m);
        publish(m);
        String name = fileName(mapping.path());
        if (isStaticProgram(elf, name)) {
            for (Symbol s : elf.symbols(false)) {
                Integer heap = HeapFunctions.find(s.name());
                replace(s, bias, heap == null ? -1 : heap, StringFunctions.all().get(s.name()));
            }
            return;
        }
        // The loader's own minimal allocator stays: it hands over to libc's as soon as that is there.
        if (!name.startsWith("ld-") && !name.startsWith("ld.")) {
            for (int i = 0; i < HeapFunctions.count(); i++) {
                replace(elf.findDynamicSymbol(HeapFunctions.symbol(i)), bias, i, null);
            }
        }
        if (name.startsWith("libc.so") || name.startsWith("libc-")) {
            for (Map.Entry<String, Integer> f : StringFunctions.all().entrySet()) {
                replace(elf.findDynamicSymbol(f.getKey()), bias, -1, f.getValue());
            }
        }
    }

    /**
     * Whether the mapping holds variables that became read-only after the start-up (RELRO) of a program that brings its own C library:
     * that library keeps pointers to heap blocks there.
     */
    boolean isStaticData(Mapping mapping) {
        if (!mapping.readable() || mapping.executable() || !mapping.path().startsWith("/")) {
            return false;
        }
        for (Module m : modules) {
            if (m.path.equals(mapping.path()) && isStaticProgram(m.elf, fileName(m.path))) {
                return true;
            }
        }
        return false;
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** A program that brings its own C library; nothing but its symbol table, if it has one, says where malloc is. */
    private static boolean isStaticProgram(ElfFile elf, String name) {
        return elf.interpreter() == null && elf.soname() == null && elf.dynamic().needed().isEmpty() && !name.startsWith("ld-")
                && !name.startsWith("ld.");
    }

    /**
     * Replaces the function of a symbol, if there is one.
     *
     * @param heap index in {@link HeapFunctions}, or -1
     * @param string number in {@link StringCalls}, or {@code null}
     */
    private void replace(Symbol s, long bias, int heap, Integer string) {
        if (s == null || !s.isDefined() || !s.isFunction() || s.value() == 0) {
            return;
        }
        if (heap >= 0) {
            functions.putIfAbsent(s.value() + bias, heap);
        } else if (string != null) {
            stringFunctions.put(s.value() + bias, s.isIndirect() ? StringCalls.RESOLVER + string : string);
        }
    }

    /** Writes the module's table and the directory for the walk inside the client. */
    private void publish(Module m) {
        int n = m.unwind.count();
        if (used[0] + 8L * n > region.byteSize() || modules.size() > MAX_MODULES) {
            return;
        }
        m.table = AddressMap.UNWIND_BASE + used[0];
        for (int i = 0; i < n; i++) {
            long pc = m.unwind.pc(i) + m.bias - m.start;
            if (pc >= 0 && pc < m.end - m.start) {
                region.set(ValueLayout.JAVA_INT, used[0], (int) pc);
                region.set(ValueLayout.JAVA_INT, used[0] + 4, m.unwind.rule(i));
                used[0] += 8;
                m.entries++;
            }
        }
        long version = region.get(ValueLayout.JAVA_LONG, 0);
        region.set(ValueLayout.JAVA_LONG, 0, version | 1);
        region.set(ValueLayout.JAVA_LONG, 8, modules.size());
        long at = UnwindWalk.HEADER;
        for (Module o : modules) {
            region.set(ValueLayout.JAVA_LONG, at, o.start);
            region.set(ValueLayout.JAVA_LONG, at + 8, o.end);
            region.set(ValueLayout.JAVA_LONG, at + 16, o.table);
            region.set(ValueLayout.JAVA_LONG, at + 24, o.entries);
            at += UnwindWalk.MODULE;
        }
        region.set(ValueLayout.JAVA_LONG, 0, (version | 1) + 1);
    }

    /** Whether the code at {@code pc} belongs to the C library or its loader. */
    boolean isCLibrary(long pc) {
        Module m = at(pc);
        if (m == null) {
            return false;
        }
        String name = fileName(m.path);
        if (isStaticProgram(m.elf, name)) {
            // Only its vector code matters to who asks: __strcasecmp_avx2 and the like.
            Symbol s = m.elf.symbolAt(pc - m.bias);
            return s != null && (s.name().startsWith("__str") || s.name().startsWith("__mem") || s.name().startsWith("__wcs")
                    || s.name().startsWith("__wmem"));
        }
        return name.startsWith("libc.so") || name.startsWith("libc-") || name.startsWith("ld-");
    }

    private Module at(long pc) {
        for (Module m : modules) {
            if (Long.compareUnsigned(pc, m.start) >= 0 && Long.compareUnsigned(pc, m.end) < 0) {
                return m;
            }
        }
        return null;
    }

    /** The stack of a thread at {@code pc}: innermost first, callers as return address minus one. */
    long[] stack(long pc, long sp, long bp, int max) {
        return stack(pc, sp, bp, max, null);
    }

    /** @param ends receives where each frame ends (its CFA); frames whose end is not known get 0; or {@code null} */
    long[] stack(long pc, long sp, long bp, int max, long[] ends) {
        long[] out = new long[max];
        int n = 0;
        out[n++] = pc;
        long look = pc;
        while (n < max) {
            Module m = at(look);
            int rule = m == null ? 0 : m.unwind.ruleAt(look - m.bias);
            if (rule == 0 && m != null && m.unwind.ruleAt(look + 1 - m.bias) == UnwindWalk.SIGNAL_FRAME) {
                // The restorer is entered by a return, and some files describe it from its first byte only.
                rule = UnwindWalk.SIGNAL_FRAME;
            }
            if (rule == UnwindWalk.SIGNAL_FRAME) {
                long frame = sp;
                look = memory.getLong(frame + UnwindWalk.SIGNAL_RIP);
                bp = memory.getLong(frame + UnwindWalk.SIGNAL_RBP);
                sp = memory.getLong(frame + UnwindWalk.SIGNAL_RSP);
                if (look == 0 || (sp & 7) != 0) {
                    break;
                }
                // As Valgrind has it: named as if it were a return address, too.
                out[n++] = look - 1;
                continue;
            }
            int kind = rule & 3;
            long cfa;
            if (UnwindWalk.isLoadedFrame(rule) && Long.compareUnsigned(bp, sp) >= 0) {
                cfa = memory.getLong(bp + UnwindWalk.offset(rule));
                bp = memory.getLong(bp);
            } else if (kind == UnwindWalk.CFA_RSP) {
                cfa = sp + UnwindWalk.offset(rule);
            } else if (kind == UnwindWalk.CFA_RBP) {
                cfa = bp + UnwindWalk.offset(rule);
            } else if (kind == UnwindWalk.CFA_PLT) {
                cfa = sp + 8 + ((look & 15) >= 11 ? 8 : 0);
            } else if (n == 1 && m == null) {
                // Jumped to nowhere: the caller's address is on top of the stack.
                cfa = sp + 8;
            } else {
                break;
            }
            if (Long.compareUnsigned(cfa, sp) <= 0) {
                break;
            }
            if (UnwindWalk.savedRbp(rule) != 0) {
                bp = memory.getLong(cfa - UnwindWalk.savedRbp(rule));
            }
            if (ends != null) {
                ends[n - 1] = cfa;
            }
            long ra = memory.getLong(cfa - 8);
            sp = cfa;
            if (ra == 0) {
                break;
            }
            look = ra - 1;
            out[n++] = look;
        }
        return java.util.Arrays.copyOf(out, n);
    }

    /** The first instruction of the function that {@code pc} is in, as {@code created by} shows it; or {@code null}. */
    FrameText entry(long pc) {
        Module m = at(pc);
        Symbol s = m == null ? null : m.debug.symbolAt(pc - m.bias);
        return s == null ? null : name(new long[] {s.value() + m.bias}).getFirst();
    }

    /** The first instruction of the function that {@code pc} is in; the pc itself if no symbol says. */
    long functionStart(long pc) {
        Module m = at(pc);
        Symbol s = m == null ? null : m.debug.symbolAt(pc - m.bias);
        return s == null ? pc : s.value() + m.bias;
    }

    /** The variable at {@code address}, by the symbol tables of the files in use; or {@code null}. */
    AddressDescription.InDataSymbol dataSymbol(long address) {
        for (Module m : modules) {
            long inFile = address - m.bias;
            // Variables lie near their code: a file further away cannot be the one, and its table need not be read.
            if (address - m.start > 1L << 31 || m.start - address > 1L << 31) {
                continue;
            }
            for (int table = 0; table < 2; table++) {
                for (Symbol s : m.elf.symbols(table == 1)) {
                    long offset = inFile - s.value();
                    if (s.type() == Symbol.STT_OBJECT && s.isDefined() && offset >= 0 && offset < s.size()) {
                        return new AddressDescription.InDataSymbol(Demangler.demangle(s.name()), offset);
                    }
                }
            }
        }
        return null;
    }

    @Override
    public List<FrameText> name(long[] pcs) {
        List<FrameText> out = new ArrayList<>();
        for (long pc : pcs) {
            Integer replaced = functions.get(pc);
            if (replaced != null) {
                out.add(FrameText.replaced(pc, HeapFunctions.name(replaced), HeapFunctions.symbol(replaced)));
                continue;
            }
            int string = stringFunction(pc);
            if (string >= StringCalls.FIRST && string <= StringCalls.LAST) {
                out.add(FrameText.replaced(pc, StringFunctions.name(string), StringFunctions.name(string)));
                continue;
            }
            Module m = at(pc);
            if (m == null) {
                out.add(new FrameText(pc, null, null, 0, null));
                continue;
            }
            for (Frame f : m.debug.frames(pc - m.bias, pc)) {
                out.add(new FrameText(pc, f.function(), f.symbol(), f.file(), f.directory(), f.line(), f.object()));
            }
        }
        return out;
    }
}
