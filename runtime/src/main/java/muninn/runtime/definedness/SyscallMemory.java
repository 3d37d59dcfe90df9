// SPDX-License-Identifier: MIT
package muninn.runtime.definedness;

import muninn.runtime.AddressMap;
import muninn.runtime.Shadow;
import muninn.runtime.ThreadArea;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * What the kernel has written becomes defined. A table that the controller fills from the description of the system calls says where:
 * {@link #PLACES} longs for each number, 0 behind the last one.
 *
 * <pre>
 * bits 0..2   argument that is the address
 *      3      written also if the call failed
 *      4..7   one of the kinds below
 *      8..10  argument with the length, for the kinds that have one
 *      16..31 bytes, or the unit in which the length counts
 * </pre>
 */
@SystemCode("called behind the client's system calls")
public final class SyscallMemory {
    public static final int NUMBERS = 512;
    public static final int PLACES = 4;
    public static final long TABLE_BYTES = 8L * PLACES * NUMBERS;

    public static final int ALWAYS = 8;
    /** Always as many bytes. */
    public static final int FIXED = 1;
    /** As many units as the call returns. */
    public static final int RESULT = 2;
    /** As many units as another argument says. */
    public static final int LENGTH = 3;
    /** As many bytes as the int says to which another argument points. */
    public static final int LENGTH_AT = 4;
    /** As many bytes as the call returns, over the vectors; the other argument counts them. */
    public static final int VECTORS = 5;
    /** A message header, with what it leads to. */
    public static final int MESSAGE = 6;
    /** A set of as many bits as argument 0 says, in whole longs. */
    public static final int BITS = 7;
    /** As {@link #FIXED}, if argument 0 has the value in the upper 32 bits. */
    public static final int FIXED_IF = 8;
    /** As {@link #FIXED}, if argument 1 has the value in the upper 32 bits. */
    public static final int FIXED_IF_1 = 9;

    private static final int SYS_MMAP = 9;
    private static final int SYS_MUNMAP = 11;
    private static final int SYS_IOCTL = 16;
    private static final int SYS_MREMAP = 25;
    private static final int RAX = 0;
    private static final int RDX = 2;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int R8 = 8;
    private static final int R9 = 9;
    private static final int R10 = 10;
    private static final int EFAULT = 14;
    private static final int IOC_READ = 2;
    private static final int MESSAGE_HEADER = 56;

    static long table = AddressMap.SYSCALLS_BASE;

    private SyscallMemory() {}

    /** The register of argument 0 to 5. */
    static int register(int i) {
        switch (i) {
            case 0:
                return RDI;
            case 1:
                return RSI;
            case 2:
                return RDX;
            case 3:
                return R10;
            case 4:
                return R8;
            default:
                return R9;
        }
    }

    /** Argument 0 to 5 of the call. The kernel keeps all but rax, rcx and r11. */
    static long argument(long area, int i) {
        return i == 3 ? Ptr.getLong(area + ThreadArea.CLIENT_R10) : Definedness.gpr(area, register(i));
    }

    /** The call is over: its number is in the thread area, its result in rax. */
    public static void after(long area) {
        long number = Ptr.getLong(area + ThreadArea.SYSCALL_NUMBER);
        long result = Definedness.gpr(area, RAX);
        boolean failed = result < 0 && result > -4096;
        if (number < 0 || number >= NUMBERS) {
            return;
        }
        if (result == -EFAULT) {
            SyscallChecks.faulted(area, number);
        }
        switch ((int) number) {
            case SYS_MMAP:
                if (!failed) {
                    forget(result, argument(area, 1));
                }
                return;
            case SYS_MUNMAP:
                if (!failed) {
                    forget(argument(area, 0), argument(area, 1));
                }
                return;
            case SYS_MREMAP:
                if (!failed) {
                    moved(argument(area, 0), argument(area, 1), result, argument(area, 2));
                }
                return;
            case SYS_IOCTL:
                if (!failed) {
                    ioctl(area, (int) argument(area, 1), argument(area, 2));
                }
                return;
            default:
        }
        long entry = table + 8L * PLACES * number;
        for (int i = 0; i < PLACES; i++) {
            long place = Ptr.getLong(entry + 8 * i);
            if (place == 0) {
                return;
            }
            if (!failed || ((int) place & ALWAYS) != 0) {
                written(area, place, result);
            }
        }
    }

    private static void written(long area, long place, long result) {
        long address = argument(area, (int) place & 7);
        if (address == 0) {
            return;
        }
        int other = (int) (place >>> 8) & 7;
        long unit = place >>> 16 & 0xffff;
        switch ((int) (place >>> 4) & 15) {
            case FIXED:
                define(address, unit);
                return;
            case RESULT:
                define(address, result * unit);
                return;
            case LENGTH:
                define(address, argument(area, other) * unit);
                return;
            case LENGTH_AT: {
                long at = argument(area, other);
                if (at != 0) {
                    define(address, Ptr.getUnsignedInt(at));
                }
                return;
            }
            case VECTORS:
                vectors(address, argument(area, other), result);
                return;
            case MESSAGE:
                message(address, result);
                return;
            case BITS:
                define(address, (argument(area, 0) + 63 & -64) >>> 3);
                return;
            case FIXED_IF:
                if ((int) argument(area, 0) == (int) (place >>> 32)) {
                    define(address, unit);
                }
                return;
            case FIXED_IF_1:
                if ((int) argument(area, 1) == (int) (place >>> 32)) {
                    define(address, unit);
                }
                return;
            default:
                Ptr.trap();
        }
    }

    /** Accessible bytes become defined. */
    static void define(long address, long bytes) {
        if (bytes > 0 && address >>> 47 == 0 && address + bytes >>> 47 == 0) {
            MemoryBits.setState(address, bytes, Shadow.DEFINED);
        }
    }

    private static void vectors(long at, long count, long bytes) {
        long left = bytes;
        for (long i = 0; i < count && left > 0; i++) {
            long length = Ptr.getLong(at + 16 * i + 8);
            long n = Math.min(length, left);
            define(Ptr.getLong(at + 16 * i), n);
            left -= n;
        }
    }

    /** struct msghdr: name, namelen, iov, iovlen, control, controllen, flags. */
    private static void message(long header, long bytes) {
        define(header, MESSAGE_HEADER);
        long name = Ptr.getLong(header);
        if (name != 0) {
            define(name, Ptr.getUnsignedInt(header + 8));
        }
        vectors(Ptr.getLong(header + 16), Ptr.getLong(header + 24), bytes);
        long control = Ptr.getLong(header + 32);
        if (control != 0) {
            define(control, Ptr.getLong(header + 40));
        }
    }

    /** By direction and size in the request where it has them (asm-generic/ioctl.h); the old ones by number. */
    private static void ioctl(long area, int request, long argument) {
        int direction = request >>> 30;
        int size = request >>> 16 & 0x3fff;
        if ((direction & IOC_READ) != 0) {
            define(argument, size);
            return;
        }
        switch (request) {
            case 0x5401:                                          // TCGETS
                define(argument, 36);
                return;
            case 0x5405:                                          // TCGETA
                define(argument, 18);
                return;
            case 0x5413:                                          // TIOCGWINSZ
                define(argument, 8);
                return;
            case 0x540f:                                          // TIOCGPGRP
            case 0x5411:                                          // TIOCOUTQ
            case 0x5415:                                          // TIOCMGET
            case 0x541b:                                          // FIONREAD
            case 0x5424:                                          // TIOCGETD
            case 0x5429:                                          // TIOCGSID
            case 0x8904:                                          // SIOCGPGRP
            case 0x8905:                                          // SIOCATMARK
                define(argument, 4);
                return;
            case 0x8912:                                          // SIOCGIFCONF: length, buffer
                define(argument, 16);
                define(Ptr.getLong(argument + 8), Ptr.getInt(argument));
                return;
            default:
                if (request >= 0x8910 && request < 0x8960) {
                    define(argument, 40);                         // struct ifreq
                }
        }
    }

    /** New and old mappings: all of it counts as defined. Whole pages of shadow are given back to the kernel. */
    private static void forget(long address, long bytes) {
        if (bytes <= 0 || address >>> 47 != 0 || address + bytes >>> 47 != 0) {
            return;
        }
        long from = Shadow.at(address);
        Shadow.drop(from, Shadow.at(address + bytes + 3) - from);
    }

    private static void moved(long old, long oldBytes, long address, long bytes) {
        if (address != old) {
            forget(address, bytes);
            MemoryBits.copy(address, old, Math.min(oldBytes, bytes));
            forget(old, oldBytes);
        } else if (bytes > oldBytes) {
            forget(old + oldBytes, bytes - oldBytes);
        } else {
            forget(old + bytes, oldBytes - bytes);
        }
    }
}
