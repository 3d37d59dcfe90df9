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
    /** Request to the controller: address that is no block, pc; address that is no pool, pc. */
    public static final int REQUEST_BAD_BLOCK = 27;
    public static final int REQUEST_BAD_POOL = 28;
    public static final int REQUEST_MISMATCHED_BLOCK = 29;

    private static final int RUNNING_ON_VALGRIND = 0x1001;
    private static final int DISCARD_TRANSLATIONS = 0x1002;
    private static final int MALLOCLIKE_BLOCK = 0x1301;
    private static final int FREELIKE_BLOCK = 0x1302;
    private static final int CREATE_MEMPOOL = 0x1303;
    private static final int DESTROY_MEMPOOL = 0x1304;
    private static final int MEMPOOL_ALLOC = 0x1305;
    private static final int MEMPOOL_FREE = 0x1306;
    private static final int MEMPOOL_TRIM = 0x1307;
    private static final int MOVE_MEMPOOL = 0x1308;
    private static final int MEMPOOL_CHANGE = 0x1309;
    private static final int MEMPOOL_EXISTS = 0x130a;
    private static final int RESIZEINPLACE_BLOCK = 0x130b;
    private static final int STACK_REGISTER = 0x1501;
    private static final int STACK_DEREGISTER = 0x1502;
    private static final int STACK_CHANGE = 0x1503;
    private static final int MAKE_NOACCESS = 0x4d43_0000;
    private static final int MAKE_UNDEFINED = 0x4d43_0001;
    private static final int MAKE_DEFINED = 0x4d43_0002;
    private static final int CHECK_ADDRESSABLE = 0x4d43_0004;
    private static final int CHECK_DEFINED = 0x4d43_0005;
    private static final int GET_VBITS = 0x4d43_0008;
    private static final int SET_VBITS = 0x4d43_0009;
    private static final int MAKE_DEFINED_IF_ADDRESSABLE = 0x4d43_000b;
    /** Answers of GET_VBITS and SET_VBITS. */
    private static final int BITS_DONE = 1;
    private static final int BITS_NOT_ADDRESSABLE = 3;
    private static final int RAX = 0;
    private static final int RDX = 2;

    private ClientRequests() {}

    static void serve(long area) {
        long args = Ptr.getLong(area + ThreadArea.GPRS + 8L * RAX);
        long otherwise = Ptr.getLong(area + ThreadArea.GPRS + 8L * RDX);
        int request = (int) Ptr.getLong(args);
        long a = Ptr.getLong(args + 8);
        long b = Ptr.getLong(args + 16);
        long answer;
        if (request >= MALLOCLIKE_BLOCK && request <= RESIZEINPLACE_BLOCK) {
            answer = block(area, request, args, a, b);
        } else {
            answer = memory(area, request, args, a, b, otherwise);
        }
        Ptr.putLong(area + ThreadArea.GPRS + 8L * RDX, answer);
        Ptr.putLong(area + ThreadArea.NEXT_PC, Ptr.getLong(area + ThreadArea.EVENT_PC) + SEQUENCE_BYTES);
        Definedness.defineGpr(area, RDX);
    }

    private static long memory(long area, int request, long args, long address, long bytes, long otherwise) {
        switch (request) {
            case RUNNING_ON_VALGRIND:
                return 1;
            case MAKE_NOACCESS:
                paint(address, bytes, Shadow.NOACCESS);
                return -1;
            case MAKE_UNDEFINED:
                paint(address, bytes, Heap.undefinedContents == 0 ? Shadow.DEFINED : Shadow.UNDEFINED);
                if (Origins.isOn() && isRange(address, bytes)) {
                    Origins.declared(area, address, bytes);
                }
                return -1;
            case MAKE_DEFINED:
                paint(address, bytes, Shadow.DEFINED);
                return -1;
            case MAKE_DEFINED_IF_ADDRESSABLE:
                if (isRange(address, bytes)) {
                    MemoryBits.setState(address, bytes, Shadow.DEFINED);
                }
                return -1;
            case CHECK_ADDRESSABLE:
                return check(area, Shadow.firstNotAccessible(address, bytes), 0);
            case CHECK_DEFINED: {
                long bad = Shadow.firstNotAccessible(address, bytes);
                long undefined = isRange(address, bytes) ? MemoryBits.firstUndefined(address, bytes) : -1;
                boolean first = undefined != -1 && (bad == -1 || undefined < bad);
                return check(area, first ? undefined : bad, first ? 1 : 0);
            }
            case GET_VBITS:
                return getBits(address, bytes, Ptr.getLong(args + 24));
            case SET_VBITS:
                return setBits(address, bytes, Ptr.getLong(args + 24));
            case STACK_REGISTER:
                return Stacks.register(address, bytes);
            case STACK_DEREGISTER:
                Stacks.change(address, 0, 0);
                return 0;
            case STACK_CHANGE:
                Stacks.change(address, bytes, Ptr.getLong(args + 24));
                return 0;
            case DISCARD_TRANSLATIONS:
                // Code that changes is noticed without being told.
                return otherwise;
            default:
                return Post.post(area, REQUEST_CLIENT, request & 0xffff_ffffL, args, Ptr.getLong(area + ThreadArea.EVENT_PC), otherwise);
        }
    }

    /** Requests of allocators of the program's own; they answer 0, MEMPOOL_EXISTS apart. */
    private static long block(long area, int request, long args, long a, long b) {
        long c = Ptr.getLong(args + 24);
        long d = Ptr.getLong(args + 32);
        int found = Pools.FOUND;
        switch (request) {
            case MALLOCLIKE_BLOCK:
                if (a != 0) {
                    Pools.adopt(a, b, c, d != 0, HeapCalls.contextHere(area));
                    Origins.allocated(a, b);
                }
                return 0;
            case RESIZEINPLACE_BLOCK:
                if (a != 0 && !Pools.resize(a, b, c, d)) {
                    found = Pools.NO_CHUNK;
                }
                break;
            case FREELIKE_BLOCK:
                if (a != 0) {
                    int family = Heap.family(a);
                    if (family >= 0 && family != HeapTables.KIND_CUSTOM) {
                        Post.post(area, REQUEST_MISMATCHED_BLOCK, a, 0, Ptr.getLong(area + ThreadArea.EVENT_PC), 0);
                    }
                    found = Heap.release(a, HeapCalls.contextHere(area)) ? Pools.FOUND : Pools.NO_CHUNK;
                }
                break;
            case CREATE_MEMPOOL:
                Pools.create(a, b, c != 0, (int) d);
                return 0;
            case DESTROY_MEMPOOL:
                found = Pools.destroy(a);
                break;
            case MEMPOOL_ALLOC:
                found = Pools.allocate(a, b, c, HeapCalls.contextHere(area));
                Origins.allocated(b, c);
                break;
            case MEMPOOL_FREE:
                found = Pools.free(a, b, HeapCalls.contextHere(area));
                break;
            case MEMPOOL_TRIM:
                found = Pools.trim(a, b, c, HeapCalls.contextHere(area));
                break;
            case MOVE_MEMPOOL:
                found = Pools.move(a, b);
                break;
            case MEMPOOL_CHANGE:
                found = Pools.change(a, b, c, d);
                break;
            case MEMPOOL_EXISTS:
                return Pools.exists(a) ? 1 : 0;
            default:
                Ptr.trap();
        }
        if (found == Pools.NO_POOL) {
            Post.post(area, REQUEST_BAD_POOL, a, 0, Ptr.getLong(area + ThreadArea.EVENT_PC), 0);
        } else if (found == Pools.NO_CHUNK) {
            boolean pool = request == MEMPOOL_FREE || request == MEMPOOL_CHANGE;
            Post.post(area, REQUEST_BAD_BLOCK, pool ? b : a, 0, Ptr.getLong(area + ThreadArea.EVENT_PC), 0);
        }
        return 0;
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

    /** Undefined bits of a range, as many bytes of 1 where undefined. Both ranges have to be accessible. */
    private static boolean isAccessible(long address, long bytes) {
        return isRange(address, bytes) && Shadow.firstNotAccessible(address, bytes) == -1;
    }

    private static long getBits(long address, long bits, long bytes) {
        if (!isAccessible(address, bytes) || !isAccessible(bits, bytes)) {
            return BITS_NOT_ADDRESSABLE;
        }
        for (long i = 0; i < bytes; i++) {
            Ptr.putByte(bits + i, MemoryBits.get(address + i));
        }
        MemoryBits.setState(bits, bytes, Shadow.DEFINED);
        return BITS_DONE;
    }

    private static long setBits(long address, long bits, long bytes) {
        if (!isAccessible(address, bytes) || !isAccessible(bits, bytes)) {
            return BITS_NOT_ADDRESSABLE;
        }
        for (long i = 0; i < bytes; i++) {
            MemoryBits.store(bits + i, address + i, 1);
        }
        return BITS_DONE;
    }
}
