// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.AddressMap;
import muninn.runtime.Post;
import muninn.runtime.Shadow;
import muninn.runtime.ShadowRegisters;
import muninn.runtime.ThreadArea;
import muninn.sysjava.Kernel;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * What a system call is given is looked at before the kernel sees it: registers must be defined, memory that the kernel will read must be
 * accessible and defined, memory it will write must be accessible. A table that the controller fills says what belongs to a call:
 * {@link #ENTRY_LONGS} longs for each number, and behind them for further forms of a call, of which the first whose condition holds counts.
 *
 * <pre>
 * long 0, bits 0..23   bytes of each argument that must be defined, 4 bits each, 0 if it is not looked at
 *              24..39  the entry that counts if the condition does not hold, 0 if there is none
 *              40..41  kind of the condition: {@link #CONDITION_SET}, {@link #CONDITION_MASKED}; 0 if there is none
 *              44..46  argument the condition is about
 *              48..63  the registers of these arguments, a bit each
 * long 1               the values below 64 for which it holds, or a mask in the upper half and what is wanted in the lower
 * long 2 on            places, 0 behind the last one:
 *      bits 0..2       argument that is the address
 *           3          the kernel writes there
 *           4..7       one of the kinds below
 *           8..10      argument with the length
 *           11         may be null
 *           12         of the length only the lower 32 bits count
 *           16..31     bytes, or the unit in which the length counts
 *           32..47     offset from the address
 *           48..63     from one element to the next
 * </pre>
 *
 * <p>Nothing here trusts a pointer of the client: what has to be read is asked of the kernel first.
 */
@SystemCode("called in front of the client's system calls")
public final class SyscallChecks {
    public static final long TABLE = AddressMap.SYSCALLS_BASE + SyscallMemory.TABLE_BYTES;
    public static final int ENTRY_LONGS = 12;
    public static final int PLACES = ENTRY_LONGS - 2;
    public static final int NUMBERS = SyscallMemory.NUMBERS;
    /** Of further forms. */
    public static final int FORMS = 256;
    public static final long TABLE_BYTES = 8L * ENTRY_LONGS * (NUMBERS + FORMS);

    public static final int CONDITION_SET = 1;
    public static final int CONDITION_MASKED = 2;
    public static final int WRITTEN = 8;
    public static final int OPTIONAL = 1 << 11;
    public static final int INT_LENGTH = 1 << 12;

    public static final int FIXED = 1;
    /** As many units as another argument says. */
    public static final int LENGTH = 2;
    /** As many bytes as the int says to which another argument points. */
    public static final int LENGTH_AT = 3;
    /** A string up to its end. */
    public static final int STRING = 4;
    /** Vectors, and what they lead to. */
    public static final int VECTORS = 5;
    /** A message header, and what it leads to. */
    public static final int MESSAGE = 6;
    /** As many bits as argument 0 says, in whole bytes. */
    public static final int BITS = 7;
    /** A socket address, by its family. */
    public static final int ADDRESS = 8;
    /** Pointers to strings up to a null pointer. */
    public static final int STRINGS = 9;
    /** A field in each of as many elements as another argument says. */
    public static final int ARRAY = 10;

    /**
     * Request to the controller: entry, place and part in {@link #PLACE_SHIFT} and {@link #PART_SHIFT}; address; pc; {@link #IN_MEMORY} and
     * {@link #UNDEFINED}.
     */
    public static final int REQUEST_PARAMETER = 26;
    public static final int PLACE_SHIFT = 16;
    public static final int PART_SHIFT = 24;
    public static final int IN_MEMORY = 1;
    public static final int UNDEFINED = 2;
    /** Stands for a place: the argument's register; 6 is the call's number. */
    public static final int REGISTER = 16;

    /** Parts of a place. */
    public static final int PART_ELEMENT = 1;
    public static final int PART_STRING = 2;
    public static final int PART_NAME = 3;
    public static final int PART_VECTORS = 4;
    public static final int PART_CONTROL = 5;
    /** The fields of socket addresses. */
    public static final int PART_FAMILY = 6;
    public static final int PART_PATH = 7;
    public static final int PART_PORT = 8;
    public static final int PART_ADDRESS = 9;
    public static final int PART_PORT6 = 10;
    public static final int PART_FLOW6 = 11;
    public static final int PART_ADDRESS6 = 12;
    public static final int PART_SCOPE6 = 13;
    public static final int PART_REST = 14;
    /** The vectors of a message, from here on. */
    public static final int PART_VECTOR = 32;

    private static final int SYS_RT_SIGPROCMASK = 14;
    private static final int SYS_IOCTL = 16;
    private static final int NO_SUCH_OPERATION = 77;
    private static final int EFAULT = 14;
    private static final int IOC_WRITE = 1;
    private static final int RAX = 0;
    private static final int PAGE_BITS = 12;
    private static final long PAGE = 1L << PAGE_BITS;
    /** The kernel moves at most this many bytes in one call (MAX_RW_COUNT). */
    private static final long MOST_BYTES = 0x7fff_f000L;
    private static final long MOST_VECTORS = 1024;
    private static final long MOST_STRINGS = 1 << 16;
    private static final long LONGEST_STRING = 1 << 17;
    private static final long MOST_PAGES = 1 << 16;

    static long table = TABLE;

    private SyscallChecks() {}

    /** The thread stands in front of its system call: its number is in the thread area. */
    public static void before(long area) {
        walk(area, Ptr.getLong(area + ThreadArea.SYSCALL_NUMBER), false);
    }

    /** The kernel has found memory that is not there ({@code EFAULT}): which, is found out. */
    static void faulted(long area, long number) {
        walk(area, number, true);
    }

    private static void walk(long area, long number, boolean after) {
        long dirty = Ptr.getLong(area + ShadowRegisters.DIRTY);
        if (!after && (dirty & 1 << RAX) != 0 && Ptr.getInt(area + ShadowRegisters.GPRS) != 0) {
            Origins.atRegister(area, RAX);
            report(area, 0, REGISTER + 6, 0, number, UNDEFINED);
        }
        if (number < 0 || number >= NUMBERS) {
            return;
        }
        long form = number;
        long at = table + 8L * ENTRY_LONGS * form;
        while (!holds(area, at)) {
            form = Ptr.getLong(at) >>> 24 & 0xffff;
            if (form == 0) {
                return;
            }
            at = table + 8L * ENTRY_LONGS * form;
        }
        if (!after && (dirty & Ptr.getLong(at) >>> 48) != 0) {
            registers(area, (int) form, Ptr.getLong(at));
        }
        for (int i = 0; i < PLACES; i++) {
            long place = Ptr.getLong(at + 16 + 8L * i);
            if (place == 0) {
                break;
            }
            place(area, (int) form | i << PLACE_SHIFT, place, after);
        }
        if (number == SYS_IOCTL && Ptr.getLong(at + 16) == 0) {
            int request = (int) SyscallMemory.argument(area, 1);
            if ((request >>> 30 & IOC_WRITE) != 0) {
                check(area, (int) form | REGISTER + 7 << PLACE_SHIFT, SyscallMemory.argument(area, 2), request >>> 16 & 0x3fff, false, after);
            }
        }
    }

    private static boolean holds(long area, long at) {
        long head = Ptr.getLong(at);
        int kind = (int) (head >>> 40) & 3;
        if (kind == 0) {
            return true;
        }
        long value = SyscallMemory.argument(area, (int) (head >>> 44) & 7);
        long condition = Ptr.getLong(at + 8);
        if (kind == CONDITION_SET) {
            int small = (int) value;
            return small >= 0 && small < 64 && (condition >>> small & 1) != 0;
        }
        return ((int) value & (int) (condition >>> 32)) == (int) condition;
    }

    private static void registers(long area, int form, long head) {
        for (int i = 0; i < 6; i++) {
            int bytes = (int) (head >>> 4 * i) & 15;
            if (bytes != 0) {
                int register = SyscallMemory.register(i);
                if ((Ptr.getLong(area + ShadowRegisters.DIRTY) >>> register & 1) != 0) {
                    long bits = Ptr.getLong(area + ShadowRegisters.GPRS + 8L * register);
                    Origins.atRegister(area, register);
                    if ((bytes == 8 ? bits : bits & 0xffff_ffffL) != 0) {
                        report(area, form, REGISTER + i, 0, SyscallMemory.argument(area, i), UNDEFINED);
                    }
                }
            }
        }
    }

    private static void report(long area, int form, int place, int part, long address, int flags) {
        tell(area, form | (long) place << PLACE_SHIFT | (long) part << PART_SHIFT, address, flags);
    }

    private static void place(long area, int what, long place, boolean after) {
        long start = SyscallMemory.argument(area, (int) place & 7);
        if (start == 0 && (place & OPTIONAL) != 0) {
            return;
        }
        boolean written = (place & WRITTEN) != 0;
        long length = SyscallMemory.argument(area, (int) (place >>> 8) & 7);
        if ((place & INT_LENGTH) != 0) {
            length &= 0xffff_ffffL;
        }
        long unit = place >>> 16 & 0xffff;
        long address = start + (place >>> 32 & 0xffff);
        switch ((int) (place >>> 4) & 15) {
            case FIXED:
                check(area, what, address, unit, written, after);
                return;
            case LENGTH:
                check(area, what, address, length * unit, written, after);
                return;
            case LENGTH_AT: {
                if (isReadable(length, 4)) {
                    check(area, what, address, Ptr.getUnsignedInt(length), written, after);
                }
                return;
            }
            case STRING:
                if (!after) {
                    string(area, what, address);
                }
                return;
            case VECTORS:
                vectors(area, what, address, length, PART_ELEMENT, 0, written, after);
                return;
            case MESSAGE:
                message(area, what, address, written, after);
                return;
            case BITS:
                check(area, what, address, (SyscallMemory.argument(area, 0) & 0xffff_ffffL) + 7 >>> 3, written, after);
                return;
            case ADDRESS:
                socketAddress(area, what, address, length, after);
                return;
            case STRINGS:
                strings(area, what, address, after);
                return;
            case ARRAY: {
                long count = Math.min(length, MOST_STRINGS);
                long stride = place >>> 48;
                for (long i = 0; i < count; i++) {
                    check(area, what, address + i * stride, unit, written, after);
                }
                return;
            }
            default:
                Ptr.trap();
        }
    }

    /** @param what form and place, with the part in {@link #PART_SHIFT} */
    private static void check(long area, long what, long address, long length, boolean written, boolean after) {
        if (length == 0) {
            return;
        }
        long bytes = length < 0 ? MOST_BYTES : Math.min(length, MOST_BYTES);
        if (after) {
            long bad = isNowhere(address) ? -1 : firstUnreadable(address, bytes);
            if (bad != -1) {
                tell(area, what, bad, IN_MEMORY);
            }
            return;
        }
        if (isNowhere(address)) {
            tell(area, what, address, IN_MEMORY);
            return;
        }
        long bad = Shadow.firstNotAccessible(address, bytes);
        if (!written) {
            long known = bad == -1 ? bytes : bad - address;
            long undefined = MemoryBits.firstUndefined(address, known);
            if (undefined != -1) {
                tell(area, what, undefined, IN_MEMORY | UNDEFINED);
                return;
            }
        }
        if (bad != -1) {
            tell(area, what, bad, IN_MEMORY);
        }
    }

    /** Never mapped. */
    private static boolean isNowhere(long address) {
        return address >>> PAGE_BITS == 0 || address >>> 47 != 0;
    }

    private static void tell(long area, long what, long address, int flags) {
        if (flags == (IN_MEMORY | UNDEFINED)) {
            Origins.at(area, address, Ptr.getLong(area + ThreadArea.SYSCALL_NEXT));
        }
        Post.post(area, REQUEST_PARAMETER, what, address, Ptr.getLong(area + ThreadArea.SYSCALL_NEXT), flags);
    }

    private static void string(long area, long what, long address) {
        long at = address;
        long readable = -1;
        while (at - address < LONGEST_STRING) {
            if (at >>> PAGE_BITS != readable) {
                if (!isReadable(at, 1)) {
                    tell(area, what, at, IN_MEMORY);
                    return;
                }
                readable = at >>> PAGE_BITS;
            }
            int state = Shadow.state(at);
            if (state != Shadow.DEFINED) {
                tell(area, what, at, state == Shadow.NOACCESS ? IN_MEMORY : IN_MEMORY | UNDEFINED);
                return;
            }
            if (Ptr.getByte(at) == 0) {
                return;
            }
            at++;
        }
    }

    private static void strings(long area, long what, long address, boolean after) {
        long at = address;
        for (int i = 0; i < MOST_STRINGS; i++) {
            check(area, what, at, 8, false, after);
            if (!isReadable(at, 8) || Ptr.getLong(at) == 0) {
                return;
            }
            if (!after) {
                string(area, what | (long) PART_STRING << PART_SHIFT, Ptr.getLong(at));
            }
            at += 8;
        }
    }

    /** @param step from one element's part to the next one's */
    private static void vectors(long area, long what, long address, long length, int part, int step, boolean written, boolean after) {
        long count = Math.min(length, MOST_VECTORS);
        if (count <= 0) {
            return;
        }
        check(area, part == PART_ELEMENT ? what : what | (long) PART_VECTORS << PART_SHIFT, address, 16 * count, false, after);
        if (!isReadable(address, 16 * count)) {
            return;
        }
        for (long i = 0; i < count; i++) {
            check(area, what | part + step * i << PART_SHIFT, Ptr.getLong(address + 16 * i), Ptr.getLong(address + 16 * i + 8), written, after);
        }
    }

    /** struct msghdr: name, namelen, iov, iovlen, control, controllen, flags. */
    private static void message(long area, long what, long header, boolean received, boolean after) {
        check(area, what, header, 8, false, after);
        check(area, what, header + 8, 4, false, after);
        check(area, what, header + 16, 8, false, after);
        check(area, what, header + 24, 8, false, after);
        check(area, what, header + 32, 8, false, after);
        check(area, what, header + 40, 8, false, after);
        if (received) {
            check(area, what, header + 48, 4, true, after);
        }
        if (!isReadable(header, 56)) {
            return;
        }
        long name = Ptr.getLong(header);
        if (name != 0) {
            check(area, what | (long) PART_NAME << PART_SHIFT, name, Ptr.getUnsignedInt(header + 8), received, after);
        }
        if (Ptr.getLong(header + 16) != 0) {
            vectors(area, what, Ptr.getLong(header + 16), Ptr.getLong(header + 24), PART_VECTOR, 1, received, after);
        }
        long control = Ptr.getLong(header + 32);
        if (control != 0) {
            check(area, what | (long) PART_CONTROL << PART_SHIFT, control, Ptr.getLong(header + 40), received, after);
        }
    }

    /** Only the fields that count: the rest of a socket address is often left alone. */
    private static void socketAddress(long area, long what, long address, long length, boolean after) {
        if (address == 0 || length < 2) {
            return;
        }
        field(area, what, PART_FAMILY, address, 2, after);
        if (!isReadable(address, length)) {
            return;
        }
        switch (Ptr.getUnsignedByte(address) | Ptr.getUnsignedByte(address + 1) << 8) {
            case 1:                                               // AF_UNIX: a name in the abstract space starts with 0
                if (!after && length > 2 && Ptr.getByte(address + 2) != 0) {
                    path(area, what, address + 2, length - 2);
                }
                return;
            case 2:                                               // AF_INET
                field(area, what, PART_PORT, address + 2, 2, after);
                field(area, what, PART_ADDRESS, address + 4, 4, after);
                return;
            case 10:                                              // AF_INET6
                field(area, what, PART_PORT6, address + 2, 2, after);
                field(area, what, PART_FLOW6, address + 4, 4, after);
                field(area, what, PART_ADDRESS6, address + 8, 16, after);
                field(area, what, PART_SCOPE6, address + 24, 4, after);
                return;
            case 0:                                               // AF_UNSPEC
                return;
            default:
                field(area, what, PART_REST, address + 2, length - 2, after);
        }
    }

    private static void field(long area, long what, int part, long address, long bytes, boolean after) {
        check(area, what | (long) part << PART_SHIFT, address, bytes, false, after);
    }

    /** A path ends at its length or at a zero byte. */
    private static void path(long area, long what, long address, long length) {
        long bytes = 0;
        while (bytes < length && Ptr.getByte(address + bytes) != 0) {
            bytes++;
        }
        field(area, what, PART_PATH, address, Math.min(bytes + 1, length), false);
    }

    /** Whether the kernel can read the bytes: it copies a set of signals from there before it finds that it knows no such operation. */
    private static boolean isReadable(long address, long bytes) {
        return address >>> 47 == 0 && bytes >>> 47 == 0 && firstUnreadable(address, bytes) == -1;
    }

    /** The first byte that the kernel cannot read, or -1. */
    private static long firstUnreadable(long address, long bytes) {
        long end = address + bytes;
        long at = address;
        for (long pages = 0; at < end && pages < MOST_PAGES; pages++) {
            if (isNowhere(at) || Kernel.call(SYS_RT_SIGPROCMASK, NO_SUCH_OPERATION, at & -8, 0, 8) == -EFAULT) {
                return at;
            }
            at = (at & -PAGE) + PAGE;
        }
        return -1;
    }
}
