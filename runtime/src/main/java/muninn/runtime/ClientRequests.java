// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.runtime.definedness.Definedness;
import muninn.runtime.definedness.MemoryBits;
import muninn.runtime.definedness.Origins;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/**
 * Requests that programs built with valgrind.h and memcheck.h make by a sequence of instructions that does nothing elsewhere: rax leads
 * to request and arguments, rdx holds the answer. Those that have to do with the report are served by the controller.
 */
@SystemCode("called from HeapCalls")
public final class ClientRequests {
    /** Function number by which translated code calls. */
    public static final int FUNCTION = 31;
    /** Bytes of the sequence. */
    public static final int SEQUENCE_BYTES = 19;
    /** Request to the controller: address, 1 if it is accessible but undefined, pc. */
    public static final int REQUEST_CHECK = 24;
    /** Request to the controller: number, address of number and arguments, pc, default answer. The answer is the client's. */
    public static final int REQUEST_CLIENT = 25;

    private static final int RUNNING_ON_VALGRIND = 0x1001;
    private static final int DISCARD_TRANSLATIONS = 0x1002;
    private static final int MAKE_NOACCESS = 0x4d43_0000;
    private static final int MAKE_UNDEFINED = 0x4d43_0001;
    private static final int MAKE_DEFINED = 0x4d43_0002;
    private static final int CHECK_ADDRESSABLE = 0x4d43_0004;
    private static final int CHECK_DEFINED = 0x4d43_0005;
    private static final int MAKE_DEFINED_IF_ADDRESSABLE = 0x4d43_000b;
    private static final int RAX = 0;
    private static final int RDX = 2;

    private ClientRequests() {}

    static void serve(long area) {
        long args = Ptr.getLong(area + ThreadArea.GPRS + 8L * RAX);
        long answer = Ptr.getLong(area + ThreadArea.GPRS + 8L * RDX);
        long address = Ptr.getLong(args + 8);
        long bytes = Ptr.getLong(args + 16);
        switch ((int) Ptr.getLong(args)) {
            case RUNNING_ON_VALGRIND:
                answer = 1;
                break;
            case MAKE_NOACCESS:
                answer = -1;
                paint(address, bytes, Shadow.NOACCESS);
                break;
            case MAKE_UNDEFINED:
                answer = -1;
                paint(address, bytes, Heap.undefinedContents == 0 ? Shadow.DEFINED : Shadow.UNDEFINED);
                if (Origins.isOn() && isRange(address, bytes)) {
                    Origins.declared(area, address, bytes);
                }
                break;
            case MAKE_DEFINED:
                answer = -1;
                paint(address, bytes, Shadow.DEFINED);
                break;
            case MAKE_DEFINED_IF_ADDRESSABLE:
                answer = -1;
                if (isRange(address, bytes)) {
                    MemoryBits.setState(address, bytes, Shadow.DEFINED);
                }
                break;
            case CHECK_ADDRESSABLE:
                answer = check(area, Shadow.firstNotAccessible(address, bytes), 0);
                break;
            case CHECK_DEFINED: {
                long bad = Shadow.firstNotAccessible(address, bytes);
                long undefined = isRange(address, bytes) ? MemoryBits.firstUndefined(address, bytes) : -1;
                boolean first = undefined != -1 && (bad == -1 || undefined < bad);
                answer = check(area, first ? undefined : bad, first ? 1 : 0);
                break;
            }
            case DISCARD_TRANSLATIONS:
                // Code that changes is noticed without being told.
                break;
            default:
                answer = Post.post(area, REQUEST_CLIENT, Ptr.getLong(args) & 0xffff_ffffL, args, Ptr.getLong(area + ThreadArea.EVENT_PC), answer);
        }
        Ptr.putLong(area + ThreadArea.GPRS + 8L * RDX, answer);
        Ptr.putLong(area + ThreadArea.NEXT_PC, Ptr.getLong(area + ThreadArea.EVENT_PC) + SEQUENCE_BYTES);
        Definedness.defineGpr(area, RDX);
    }

    private static boolean isRange(long address, long bytes) {
        return bytes > 0 && address >>> 47 == 0 && bytes >>> 47 == 0 && address + bytes >>> 47 == 0;
    }

    private static void paint(long address, long bytes, int state) {
        if (isRange(address, bytes)) {
            Shadow.paint(address, bytes, state);
        }
    }

    /** The answer is the address of the first bad byte, 0 if there is none. */
    private static long check(long area, long bad, int undefined) {
        if (bad == -1) {
            return 0;
        }
        if (undefined != 0) {
            Origins.at(area, bad, Ptr.getLong(area + ThreadArea.EVENT_PC));
        }
        Post.post(area, REQUEST_CHECK, bad, undefined, Ptr.getLong(area + ThreadArea.EVENT_PC), 0);
        return bad;
    }
}
