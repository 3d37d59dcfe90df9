// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.runtime.definedness.MemoryBits;
import muninn.runtime.definedness.Origins;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * What runs in place of the C library's functions on strings and memory. They access exactly the bytes that the standard says, where the
 * library's own load whole vectors and forget what lies beyond; they check shadow for many bytes at once, and carry it along when they
 * copy.
 *
 * <p>An access that faults does so on behalf of the client at the function's first instruction: nothing has been written to registers yet.
 */
@SystemCode("called from HeapCalls")
public final class StringCalls {
    public static final int STRLEN = 32;
    public static final int STRNLEN = 33;
    public static final int STRCMP = 34;
    public static final int STRNCMP = 35;
    public static final int STRCHR = 36;
    public static final int STRCHRNUL = 37;
    public static final int STRRCHR = 38;
    public static final int MEMCHR = 39;
    public static final int MEMRCHR = 40;
    public static final int RAWMEMCHR = 41;
    public static final int MEMCMP = 42;
    public static final int STRCPY = 43;
    public static final int STPCPY = 44;
    public static final int STRNCPY = 45;
    public static final int STPNCPY = 46;
    public static final int STRCAT = 47;
    public static final int STRNCAT = 48;
    public static final int MEMCPY = 49;
    public static final int MEMPCPY = 50;
    public static final int MEMMOVE = 51;
    public static final int MEMSET = 52;
    public static final int STRSPN = 53;
    public static final int STRCSPN = 54;
    public static final int STRPBRK = 55;
    public static final int STRSTR = 56;
    public static final int WCSLEN = 57;
    public static final int WMEMSET = 58;
    public static final int WCSNLEN = 59;
    public static final int WCSCHR = 60;
    public static final int WCSRCHR = 61;
    public static final int WCSCMP = 62;
    public static final int WCSNCMP = 63;
    public static final int WCSCPY = 64;
    public static final int WMEMCHR = 65;
    public static final int WMEMCMP = 66;
    public static final int STRCASECMP = 67;
    public static final int STRNCASECMP = 68;
    public static final int STRCASECMP_L = 69;
    public static final int STRNCASECMP_L = 70;
    public static final int FIRST = STRLEN;
    public static final int LAST = STRNCASECMP_L;

    /** Added to a function's number: the resolver that says where it is. */
    public static final int RESOLVER = 0x100;
    /** Client addresses that stand for the functions where the library has only resolvers, {@link #FUNCTION_BYTES} apart. */
    public static final long ADDRESSES = AddressMap.FUNCTIONS_BASE;
    public static final int FUNCTION_BYTES = 16;

    /** Requests: address, size and kind, pc of the function. */
    public static final int REQUEST_ACCESS = 21;
    /** Argument 2: pc of the function. */
    public static final int REQUEST_CONDITION = 22;
    /** Number, target, pc of the function, source, and bytes or -1 in the thread area's SPILL_3. */
    public static final int REQUEST_OVERLAP = 23;

    /**
     * Where the C library keeps each thread's pointer to its table of lower-case letters: a slot that holds the offset from the thread
     * pointer, or the offset itself; both 0: it is not known, and only the letters of ASCII have lower-case ones.
     */
    static long lowerSlot;
    static long lowerOffset;
    /** Offset of the pointer to such a table in glibc's locale_t (bits/types/__locale_t.h): behind 13 categories and a pointer. */
    private static final int LOCALE_LOWER = 112;

    private static final int RCX = 1;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    /** So many bad accesses of one call are told. */
    private static final int MOST_REPORTS = 1000;

    private StringCalls() {}

    static long serve(long area, int function, long a, long b, long c) {
        // How much of this call has been reported: bad accesses, then undefined values.
        Ptr.putLong(area + ShadowRegisters.MERGE, 0);
        Ptr.putLong(area + ThreadArea.STEPPING, 1);
        long result = call(area, function, a, b, c);
        Ptr.putLong(area + ThreadArea.STEPPING, 0);
        return result;
    }

    private static long call(long area, int function, long a, long b, long c) {
        switch (function) {
            case STRLEN:
                return length(area, a, -1L);
            case STRNLEN:
                return length(area, a, b);
            case STRCMP:
                return compare(area, a, b, -1L);
            case STRNCMP:
                return compare(area, a, b, c);
            case STRCHR: {
                long at = find(area, a, (int) b & 0xff, true, -1L);
                return Ptr.getUnsignedByte(at) == ((int) b & 0xff) ? at : 0;
            }
            case STRCHRNUL:
                return find(area, a, (int) b & 0xff, true, -1L);
            case STRRCHR:
                return findLast(area, a, (int) b & 0xff);
            case MEMCHR: {
                long at = find(area, a, (int) b & 0xff, false, c);
                return at - a == c ? 0 : at;
            }
            case RAWMEMCHR:
                return find(area, a, (int) b & 0xff, false, -1L);
            case MEMRCHR:
                for (long i = c; i > 0; i--) {
                    if (byteAt(area, a + i - 1) == ((int) b & 0xff)) {
                        return a + i - 1;
                    }
                }
                return 0;
            case MEMCMP:
                return compareMemory(area, a, b, c);
            case STRCPY:
            case STPCPY: {
                long n = length(area, b, -1L);
                overlap(area, function, a, n + 1, b, n + 1, -1);
                copy(area, a, b, n + 1);
                return function == STRCPY ? a : a + n;
            }
            case STRNCPY:
            case STPNCPY: {
                long n = length(area, b, c);
                overlap(area, function, a, c, b, n < c ? n + 1 : c, c);
                copy(area, a, b, n);
                fill(area, a + n, 0, c - n);
                return function == STRNCPY ? a : a + n;
            }
            case STRCAT:
            case STRNCAT: {
                long end = length(area, a, -1L);
                long n = length(area, b, function == STRCAT ? -1L : c);
                overlap(area, function, a, end + n + 1, b, n + 1, function == STRCAT ? -1 : c);
                copy(area, a + end, b, n);
                fill(area, a + end + n, 0, 1);
                return a;
            }
            case MEMCPY:
            case MEMPCPY:
                overlap(area, function, a, c, b, c, c);
                copy(area, a, b, c);
                return function == MEMCPY ? a : a + c;
            case MEMMOVE:
                copy(area, a, b, c);
                return a;
            case MEMSET:
                fill(area, a, (int) b, c);
                return a;
            case STRSPN:
                return span(area, a, b, true);
            case STRCSPN:
                return span(area, a, b, false);
            case STRPBRK: {
                long n = span(area, a, b, false);
                return Ptr.getByte(a + n) == 0 ? 0 : a + n;
            }
            case STRSTR:
                return search(area, a, b);
            case WCSLEN:
                return wideLength(area, a, -1L);
            case WCSNLEN:
                return wideLength(area, a, b);
            case WCSCHR: {
                long at = findWide(area, a, (int) b, true, -1L);
                return Ptr.getInt(at) == (int) b ? at : 0;
            }
            case WCSRCHR:
                return findLastWide(area, a, (int) b);
            case WCSCMP:
                return compareWide(area, a, b, true, -1L);
            case WCSNCMP:
                return compareWide(area, a, b, true, c);
            case WCSCPY: {
                long bytes = 4 * wideLength(area, b, -1L) + 4;
                overlap(area, function, a, bytes, b, bytes, -1);
                copy(area, a, b, bytes);
                return a;
            }
            case WMEMCHR: {
                long at = findWide(area, a, (int) b, false, c);
                return at - a == 4 * c ? 0 : at;
            }
            case WMEMCMP:
                return compareWide(area, a, b, false, c);
            case STRCASECMP:
                return compareFolded(area, a, b, -1L, lowerTable());
            case STRNCASECMP:
                return compareFolded(area, a, b, c, lowerTable());
            case STRCASECMP_L:
                return compareFolded(area, a, b, -1L, Ptr.getLong(c + LOCALE_LOWER));
            case STRNCASECMP_L:
                return compareFolded(area, a, b, c, Ptr.getLong(Ptr.getLong(area + ThreadArea.GPRS + 8L * RCX) + LOCALE_LOWER));
            case WMEMSET:
                accessible(area, a, 4 * c, WRITE);
                for (long i = 0; i < c; i++) {
                    Ptr.putInt(a + 4 * i, (int) b);
                }
                MemoryBits.setState(a, 4 * c, Shadow.DEFINED);
                return a;
            default:
                Ptr.trap();
                return 0;
        }
    }

    // ---- reports ----

    private static void badAccess(long area, long at, int size, int kind) {
        int told = Ptr.getInt(area + ShadowRegisters.MERGE);
        if (told < MOST_REPORTS) {
            Ptr.putInt(area + ShadowRegisters.MERGE, told + 1);
            Post.post(area, REQUEST_ACCESS, at, size << 2 | kind, Ptr.getLong(area + ThreadArea.EVENT_PC), 0);
        }
    }

    private static void undefined(long area, long at) {
        if (Ptr.getInt(area + ShadowRegisters.MERGE + 4) == 0) {
            Ptr.putInt(area + ShadowRegisters.MERGE + 4, 1);
            Origins.at(area, at, Ptr.getLong(area + ThreadArea.EVENT_PC));
            Post.post(area, REQUEST_CONDITION, 0, 0, Ptr.getLong(area + ThreadArea.EVENT_PC), 0);
        }
    }

    private static void overlap(long area, int function, long to, long toBytes, long from, long fromBytes, long size) {
        boolean apart = Long.compareUnsigned(to + toBytes, from) <= 0 || Long.compareUnsigned(from + fromBytes, to) <= 0;
        if (!apart && toBytes > 0 && fromBytes > 0 && !(to == from && function >= MEMCPY)) {
            Ptr.putLong(area + ThreadArea.SPILL_3, size);
            Post.post(area, REQUEST_OVERLAP, function, to, Ptr.getLong(area + ThreadArea.EVENT_PC), from);
        }
    }

    // ---- access ----

    /** Checks bytes that decide something: they have to be accessible and defined. */
    private static void read(long area, long at, int bytes) {
        for (int i = 0; i < bytes; i++) {
            int state = (at + i) >>> 47 != 0 ? Shadow.NOACCESS : Shadow.state(at + i);
            if (state == Shadow.NOACCESS) {
                badAccess(area, at + i, 1, READ);
            } else if (state != Shadow.DEFINED) {
                undefined(area, at + i);
            }
        }
    }

    private static int byteAt(long area, long at) {
        if (Ptr.getByte(Shadow.at(at)) != 0 || at >>> 47 != 0) {
            read(area, at, 1);
        }
        return Ptr.getUnsignedByte(at);
    }

    /** Eight aligned bytes that are all fine. */
    private static boolean isClean(long at) {
        return (at & 7) == 0 && Ptr.getShort(Shadow.at(at)) == 0;
    }

    /** The bytes are all of one object: word after word, then byte after byte, as Valgrind's replacements go. */
    private static void accessible(long area, long at, long bytes, int kind) {
        long end = at + bytes;
        long from = at;
        while (from < end) {
            long bad = Shadow.firstNotAccessible(from, end - from);
            if (bad < 0 || Ptr.getInt(area + ShadowRegisters.MERGE) >= MOST_REPORTS) {
                return;
            }
            int size = (at & 7) == 0 && end - (bad & -8) >= 8 ? 8 : 1;
            long unit = bad & -size;
            badAccess(area, unit, size, kind);
            from = unit + size;
        }
    }

    private static void copy(long area, long to, long from, long bytes) {
        if (bytes <= 0) {
            return;
        }
        accessible(area, from, bytes, READ);
        accessible(area, to, bytes, WRITE);
        if (Long.compareUnsigned(to - from, bytes) < 0) {
            Ptr.copyBackward(to, from, bytes);
        } else {
            Ptr.copy(to, from, bytes);
        }
        MemoryBits.copy(to, from, bytes);
        if (Origins.isOn()) {
            Origins.copied(area, to, from, bytes);
        }
    }

    private static void fill(long area, long to, int value, long bytes) {
        if (bytes <= 0) {
            return;
        }
        accessible(area, to, bytes, WRITE);
        Ptr.fill(to, value, bytes);
        MemoryBits.setState(to, bytes, Shadow.DEFINED);
    }

    // ---- strings ----

    private static long zeros(long word) {
        return word - LOW_BITS & ~word & HIGH_BITS;
    }

    private static long length(long area, long at, long most) {
        long n = 0;
        while (n != most) {
            if (isClean(at + n) && Long.compareUnsigned(most - n, 8) >= 0) {
                long zero = zeros(Ptr.getLong(at + n));
                if (zero != 0) {
                    return n + (Long.numberOfTrailingZeros(zero) >>> 3);
                }
                n += 8;
            } else {
                if (byteAt(area, at + n) == 0) {
                    return n;
                }
                n++;
            }
        }
        return n;
    }

    /** The first byte that is {@code wanted}, or zero if that ends the search; at most {@code most} bytes further on. */
    private static long find(long area, long at, int wanted, boolean string, long most) {
        long pattern = wanted * LOW_BITS;
        long n = 0;
        while (n != most) {
            if (isClean(at + n) && Long.compareUnsigned(most - n, 8) >= 0) {
                long word = Ptr.getLong(at + n);
                long hit = zeros(word ^ pattern);
                if (string) {
                    hit |= zeros(word);
                }
                if (hit != 0) {
                    return at + n + (Long.numberOfTrailingZeros(hit) >>> 3);
                }
                n += 8;
            } else {
                int value = byteAt(area, at + n);
                if (value == wanted || string && value == 0) {
                    return at + n;
                }
                n++;
            }
        }
        return at + n;
    }

    private static long findLast(long area, long at, int wanted) {
        long last = 0;
        long from = at;
        while (true) {
            long hit = find(area, from, wanted, true, -1L);
            boolean found = Ptr.getUnsignedByte(hit) == wanted;
            if (found) {
                last = hit;
            }
            if (Ptr.getByte(hit) == 0) {
                return last;
            }
            from = hit + 1;
        }
    }

    private static long compare(long area, long a, long b, long most) {
        long n = 0;
        while (n != most) {
            if (((a ^ b) & 7) == 0 && isClean(a + n) && isClean(b + n) && Long.compareUnsigned(most - n, 8) >= 0) {
                long word = Ptr.getLong(a + n);
                if (word == Ptr.getLong(b + n) && zeros(word) == 0) {
                    n += 8;
                    continue;
                }
            }
            int x = byteAt(area, a + n);
            int y = byteAt(area, b + n);
            if (x != y || x == 0) {
                return x - y;
            }
            n++;
        }
        return 0;
    }

    /** The calling thread's table of lower-case letters: 256 ints, indexed by characters; 0 if it is not known. */
    private static long lowerTable() {
        long offset = lowerSlot == 0 ? lowerOffset : Ptr.getLong(lowerSlot);
        return offset == 0 ? 0 : Ptr.getLong(Ptr.threadPointer() + offset);
    }

    private static int lower(long table, int c) {
        if (table != 0) {
            return Ptr.getInt(table + 4L * c);
        }
        return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
    }

    private static long compareFolded(long area, long a, long b, long most, long table) {
        for (long n = 0; n != most; n++) {
            int x = byteAt(area, a + n);
            int y = byteAt(area, b + n);
            int difference = x == y ? 0 : lower(table, x) - lower(table, y);
            if (difference != 0 || x == 0) {
                return difference;
            }
        }
        return 0;
    }

    private static long compareMemory(long area, long a, long b, long bytes) {
        long n = 0;
        while (n < bytes) {
            if (((a ^ b) & 7) == 0 && bytes - n >= 8 && isClean(a + n) && isClean(b + n) && Ptr.getLong(a + n) == Ptr.getLong(b + n)) {
                n += 8;
            } else {
                int x = byteAt(area, a + n);
                int y = byteAt(area, b + n);
                if (x != y) {
                    return x - y;
                }
                n++;
            }
        }
        return 0;
    }

    // ---- strings of four-byte characters ----

    private static int wideAt(long area, long at) {
        if ((at & 3) != 0 || Ptr.getByte(Shadow.at(at)) != 0 || at >>> 47 != 0) {
            read(area, at, 4);
        }
        return Ptr.getInt(at);
    }

    private static long wideLength(long area, long at, long most) {
        long n = 0;
        while (n != most && wideAt(area, at + 4 * n) != 0) {
            n++;
        }
        return n;
    }

    /** The first character that is {@code wanted}, or zero if that ends the search; at most {@code most} characters further on. */
    private static long findWide(long area, long at, int wanted, boolean string, long most) {
        long n = 0;
        while (n != most) {
            int value = wideAt(area, at + 4 * n);
            if (value == wanted || string && value == 0) {
                break;
            }
            n++;
        }
        return at + 4 * n;
    }

    private static long findLastWide(long area, long at, int wanted) {
        long last = 0;
        for (long from = at;; from += 4) {
            int value = wideAt(area, from);
            if (value == wanted) {
                last = from;
            }
            if (value == 0) {
                return last;
            }
        }
    }

    private static long compareWide(long area, long a, long b, boolean string, long most) {
        for (long n = 0; n != most; n++) {
            int x = wideAt(area, a + 4 * n);
            int y = wideAt(area, b + 4 * n);
            if (x != y) {
                return x < y ? -1 : 1;
            }
            if (string && x == 0) {
                return 0;
            }
        }
        return 0;
    }

    private static long span(long area, long at, long set, boolean in) {
        long n = 0;
        while (true) {
            int value = byteAt(area, at + n);
            if (value == 0) {
                return n;
            }
            boolean member = Ptr.getUnsignedByte(find(area, set, value, true, -1L)) == value;
            if (member != in) {
                return n;
            }
            n++;
        }
    }

    private static long search(long area, long text, long wanted) {
        int first = byteAt(area, wanted);
        if (first == 0) {
            return text;
        }
        long at = text;
        while (true) {
            at = find(area, at, first, true, -1L);
            if (Ptr.getByte(at) == 0) {
                return 0;
            }
            long n = 1;
            while (true) {
                int y = byteAt(area, wanted + n);
                if (y == 0) {
                    return at;
                }
                if (byteAt(area, at + n) != y) {
                    break;
                }
                n++;
            }
            at++;
        }
    }
}
