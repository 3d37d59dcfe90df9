// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * An ELF file for x86-64, read lazily: opening reads the headers, everything else is read when it is asked for. After a
 * successful {@link #open} no method throws because of the file's content: what is broken is absent (null, empty, 0).
 * Addresses are the file's own (add the load bias). Safe for use by several threads.
 */
public final class ElfFile implements AutoCloseable {
    public static final int ET_REL = 1;
    public static final int ET_EXEC = 2;
    public static final int ET_DYN = 3;
    public static final int ET_CORE = 4;

    private static final int EM_X86_64 = 62;
    private static final int MOST_HEADERS = 1 << 20;
    private static final int MOST_INFLATED = 1 << 30;
    private static final byte[] NOTHING = {};

    private final String path;
    private final FileBytes bytes;
    private int type;
    private long entry;
    private List<Segment> segments = List.of();
    private List<Section> sections = List.of();
    private byte[][] contents;
    private DynamicSection dynamic;
    private SymbolTable functions;
    private String trouble;

    private ElfFile(String path, FileBytes bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Opens and checks a file; the exception's message says what is wrong with it. */
    public static ElfFile open(Path path) throws ElfException {
        FileBytes bytes;
        try {
            bytes = new FileBytes(path);
        } catch (IOException e) {
            throw new ElfException(e.getMessage());
        }
        try {
            return read(path.toString(), bytes);
        } catch (ElfException e) {
            bytes.close();
            throw e;
        }
    }

    /** An ELF image that lies in memory, such as the vdso; the name stands for the path. */
    public static ElfFile ofImage(String name, byte[] image) throws ElfException {
        return read(name, new FileBytes(image));
    }

    private static ElfFile read(String path, FileBytes bytes) throws ElfException {
        ElfFile file = new ElfFile(path, bytes);
        try {
            file.readHeaders();
            return file;
        } catch (BrokenInput e) {
            throw new ElfException("broken ELF file: " + e.getMessage());
        }
    }

    private void readHeaders() throws ElfException {
        Cursor c = new Cursor(bytes.read(0, 64));
        if (c.remaining() < 20 || c.s32() != 0x464c_457f) {
            throw new ElfException("not an ELF file");
        }
        if (c.u8() != 2) {
            throw new ElfException("not a 64-bit ELF file");
        }
        if (c.u8() != 1) {
            throw new ElfException("not a little-endian ELF file");
        }
        c.seek(16);
        type = c.u16();
        if (c.u16() != EM_X86_64) {
            throw new ElfException("not for x86-64");
        }
        c.seek(24);
        entry = c.u64();
        long programHeaders = c.u64();
        long sectionHeaders = c.u64();
        c.skip(6);
        int programEntry = c.u16();
        int programCount = c.u16();
        int sectionEntry = c.u16();
        int sectionCount = c.u16();
        int names = c.u16();
        if (programCount > 0 && programEntry != 56) {
            throw new ElfException("program headers of unknown size");
        }
        readSegments(programHeaders, programCount);
        if (sectionHeaders != 0 && sectionEntry == 64) {
            try {
                readSections(sectionHeaders, sectionCount, names);
            } catch (BrokenInput e) {
                // A program without usable section headers still runs: only names are lost.
                trouble = "section headers: " + e.getMessage();
            }
        }
        contents = new byte[sections.size()][];
    }

    private void readSegments(long offset, int count) {
        Cursor c = new Cursor(bytes.read(offset, 56L * count));
        List<Segment> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = c.s32();
            int flags = c.s32();
            long from = c.u64();
            long address = c.u64();
            c.skip(8);
            list.add(new Segment(kind, flags, from, address, c.u64(), c.u64(), c.u64()));
        }
        segments = List.copyOf(list);
    }

    private void readSections(long offset, int givenCount, int givenNames) {
        int count = givenCount;
        int names = givenNames;
        Cursor c = new Cursor(bytes.read(offset, 64));
        if (count == 0 || names == 0xffff) {
            // gABI: with 0xff00 sections or more the true numbers are in the first header.
            c.seek(32);
            long realCount = c.u64();
            int realNames = c.s32();
            count = count == 0 ? (int) Math.min(realCount, MOST_HEADERS) : count;
            names = names == 0xffff ? realNames : names;
        }
        c = new Cursor(bytes.read(offset, 64L * count));
        count = c.end / 64;
        byte[] strings = NOTHING;
        if (names > 0 && names < count) {
            c.seek(64L * names + 24);
            long from = c.u64();
            strings = bytes.read(from, c.u64());
        }
        List<Section> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            c.seek(64L * i);
            String name = Cursor.stringAt(strings, c.u32());
            int kind = c.s32();
            long flags = c.u64();
            long address = c.u64();
            long from = c.u64();
            long size = c.u64();
            int link = c.s32();
            c.skip(12);
            list.add(new Section(name == null ? "" : name, kind, flags, address, from, size, link, c.u64()));
        }
        sections = List.copyOf(list);
    }

    public String path() {
        return path;
    }

    /** One of the ET_ constants, or another number of the format. */
    public int type() {
        return type;
    }

    public long entry() {
        return entry;
    }

    public List<Segment> segments() {
        return segments;
    }

    public List<Section> sections() {
        return sections;
    }

    /** What could not be used of this file so far (compression by zstd, broken tables), or null. For a log line. */
    public synchronized String trouble() {
        return trouble;
    }

    synchronized void report(String what) {
        trouble = what;
    }

    /** The first section of that name, or null. */
    public Section section(String name) {
        for (Section section : sections) {
            if (section.name().equals(name)) {
                return section;
            }
        }
        return null;
    }

    /**
     * The content of a debug section under its modern name ({@code .debug_info}), inflated where it is compressed in
     * either way; empty when it is absent or unusable.
     */
    public byte[] content(String name) {
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).name().equals(name)) {
                return content(i);
            }
        }
        if (name.startsWith(".debug_")) {
            String old = ".z" + name.substring(1);
            for (int i = 0; i < sections.size(); i++) {
                if (sections.get(i).name().equals(old)) {
                    return content(i);
                }
            }
        }
        return NOTHING;
    }

    /** The content of the section with that index, inflated where it is compressed; empty when unusable. */
    public synchronized byte[] content(int index) {
        if (index < 0 || index >= contents.length) {
            return NOTHING;
        }
        if (contents[index] == null) {
            contents[index] = load(sections.get(index));
        }
        return contents[index];
    }

    private byte[] load(Section section) {
        if (section.type() == Section.SHT_NOBITS) {
            return NOTHING;
        }
        try {
            byte[] raw = bytes.read(section.offset(), section.size());
            if ((section.flags() & Section.SHF_COMPRESSED) != 0) {
                Cursor c = new Cursor(raw);
                int method = c.s32();
                c.skip(4);
                long size = c.u64();
                c.skip(8);
                if (method != 1) {
                    trouble = section.name() + ": compressed by " + (method == 2 ? "zstd" : "method " + method)
                        + ", which is not supported";
                    return NOTHING;
                }
                return inflate(c, size);
            }
            if (section.name().startsWith(".zdebug")) {
                Cursor c = new Cursor(raw);
                if (c.s32() != 0x4249_4c5a) {
                    throw new BrokenInput("no ZLIB mark");
                }
                return inflate(c, Long.reverseBytes(c.u64()));
            }
            return raw;
        } catch (BrokenInput e) {
            trouble = section.name() + ": " + e.getMessage();
            return NOTHING;
        }
    }

    private static byte[] inflate(Cursor from, long size) {
        // Deflate cannot do better than about 1:1032, so a size beyond that is a lie that would cost us memory.
        if (size < 0 || size > MOST_INFLATED || size > 1040L * from.remaining() + 64) {
            throw new BrokenInput("unlikely inflated size");
        }
        byte[] out = new byte[(int) size];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(from.bytes, from.at, from.remaining());
            int done = 0;
            while (done < out.length) {
                int step = inflater.inflate(out, done, out.length - done);
                if (step == 0) {
                    throw new BrokenInput("compressed data cut off");
                }
                done += step;
            }
        } catch (DataFormatException e) {
            throw new BrokenInput("compressed data damaged");
        }
        return out;
    }

    /** Bytes of the loaded image at an address, at most {@code length}, from the file; empty where none are. */
    public byte[] bytesAt(long vaddr, long length) {
        for (Segment segment : segments) {
            if (segment.type() == Segment.PT_LOAD && segment.holds(vaddr)) {
                long inside = vaddr - segment.address();
                try {
                    return bytes.read(segment.offset() + inside, Math.min(length, segment.fileSize() - inside));
                } catch (BrokenInput e) {
                    return NOTHING;
                }
            }
        }
        return NOTHING;
    }

    byte[] fileBytes(long offset, long length) {
        return bytes.read(offset, length);
    }

    /** Size of the file in bytes. */
    public long fileSize() {
        return bytes.size;
    }

    /** The dynamic section and the tables it names. */
    public synchronized DynamicSection dynamic() {
        if (dynamic == null) {
            dynamic = new DynamicSection(this);
        }
        return dynamic;
    }

    /** DT_SONAME, or null. */
    public String soname() {
        return dynamic().soname();
    }

    /** PT_INTERP, or null. */
    public String interpreter() {
        for (Segment segment : segments) {
            if (segment.type() == Segment.PT_INTERP) {
                try {
                    return Cursor.stringAt(bytes.read(segment.offset(), Math.min(segment.fileSize(), 4096)), 0);
                } catch (BrokenInput e) {
                    return null;
                }
            }
        }
        return null;
    }

    /** Descriptor of the GNU build-id note, or an empty array. */
    public byte[] buildId() {
        for (Segment segment : segments) {
            if (segment.type() == Segment.PT_NOTE) {
                byte[] id = buildId(segment.offset(), segment.fileSize(), segment.alignment());
                if (id.length > 0) {
                    return id;
                }
            }
        }
        Section note = section(".note.gnu.build-id");
        return note == null || note.type() == Section.SHT_NOBITS ? NOTHING : buildId(note.offset(), note.size(), 4);
    }

    private byte[] buildId(long offset, long size, long alignment) {
        try {
            Cursor c = new Cursor(bytes.read(offset, Math.min(size, 1 << 16)));
            while (c.remaining() >= 12) {
                int nameSize = c.s32();
                int size0 = c.s32();
                int kind = c.s32();
                boolean gnu = nameSize == 4 && c.remaining() >= 4 && c.s32() == 0x55_4e47;
                if (!gnu) {
                    c.skip(((nameSize & 0xffff_ffffL) + 3 & ~3L) - (nameSize == 4 ? 4 : 0));
                }
                if (gnu && kind == 3 && size0 > 0 && size0 <= 64) {
                    byte[] id = new byte[size0];
                    c.skip(size0);
                    System.arraycopy(c.bytes, c.at - size0, id, 0, size0);
                    return id;
                }
                long step = alignment == 8 ? 7 : 3;
                c.skip((size0 & 0xffff_ffffL) + step & ~step);
            }
        } catch (BrokenInput e) {
            return NOTHING;
        }
        return NOTHING;
    }

    /**
     * The dynamic symbol that a program asking for {@code name} gets, or one of a given version
     * ({@code memcpy@GLIBC_2.2.5}); null when this file defines none.
     */
    public Symbol findDynamicSymbol(String name) {
        int at = name.indexOf('@');
        if (at < 0) {
            return dynamic().find(name, null);
        }
        return dynamic().find(name.substring(0, at), name.substring(name.charAt(at + 1 < name.length() ? at + 1 : at) == '@' ? at + 2 : at + 1));
    }

    /** All symbols of {@code .symtab}, or of {@code .dynsym} where there is no other; unsorted, for searches by name. */
    public List<Symbol> symbols(boolean dynamicOnes) {
        List<Symbol> all = new ArrayList<>();
        SymbolTable.forEach(this, dynamicOnes ? Section.SHT_DYNSYM : Section.SHT_SYMTAB, all::add);
        return all;
    }

    /** Functions by address: those of {@code .symtab}, with those of {@code .dynsym} behind them. */
    public synchronized SymbolTable functions() {
        if (functions == null) {
            functions = SymbolTable.of(this);
        }
        return functions;
    }

    /**
     * What has to be added to the file's addresses to get those of a process, by an executable mapping of the file.
     *
     * @param start of the mapping
     * @param offset of the mapping in the file
     * @return 0 if no segment with code is mapped there
     */
    public long bias(long start, long offset) {
        long bias = 0;
        for (Segment s : segments()) {
            if (s.type() == Segment.PT_LOAD && s.isExecutable()) {
                long fileStart = s.offset() & -4096L;
                if (fileStart <= offset && offset < s.offset() + s.fileSize()) {
                    bias = start - (s.address() - s.offset() + offset);
                }
            }
        }
        return bias;
    }

    /** The function symbol that covers the address, or null. */
    public Symbol symbolAt(long vaddr) {
        return functions().at(vaddr);
    }

    /** Lowest page-aligned address of a loaded segment: what lies at the module's first byte in memory. */
    public long lowestAddress() {
        long low = -1;
        for (Segment segment : segments) {
            if (segment.type() == Segment.PT_LOAD && Long.compareUnsigned(segment.address(), low) < 0) {
                low = segment.address();
            }
        }
        return low == -1 ? 0 : low & -4096L;
    }

    /** Forgets section contents that were read; they are read again when needed. */
    public synchronized void trim() {
        contents = new byte[sections.size()][];
    }

    @Override
    public void close() {
        bytes.close();
    }
}
