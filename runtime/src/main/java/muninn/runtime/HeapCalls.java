// SPDX-License-Identifier: MIT
package muninn.runtime;

import muninn.runtime.definedness.MemoryBits;
import muninn.runtime.definedness.Origins;
import muninn.sysjava.Ptr;
import muninn.sysjava.SystemCode;

/** What runs in place of the client's allocation functions, and when an inline check fails. */
@SystemCode("called from the runtime's assembly with the thread area")
public final class HeapCalls {
    public static final int MALLOC = 1;
    public static final int CALLOC = 2;
    public static final int REALLOC = 3;
    public static final int FREE = 4;
    /** (alignment, size) */
    public static final int MEMALIGN = 5;
    /** (place of the result, alignment, size) */
    public static final int POSIX_MEMALIGN = 6;
    public static final int VALLOC = 7;
    public static final int PVALLOC = 8;
    public static final int USABLE_SIZE = 9;
    public static final int NEW = 10;
    public static final int NEW_ARRAY = 11;
    public static final int DELETE = 12;
    public static final int DELETE_ARRAY = 13;
    /** (size, alignment) */
    public static final int NEW_ALIGNED = 14;
    public static final int NEW_ARRAY_ALIGNED = 15;
    public static final int REALLOCARRAY = 16;
    /** Forms that return null where the others throw. */
    public static final int NEW_NOTHROW = 17;
    public static final int NEW_ARRAY_NOTHROW = 18;
    public static final int NEW_ALIGNED_NOTHROW = 19;
    public static final int NEW_ARRAY_ALIGNED_NOTHROW = 20;

    /**
     * Requests to the controller (the engine's REQUEST_TOOL is 16). Arguments: address, size or function, pc. Of a bad access: address,
     * size and kind, cache pc, 1 if it lies below the stack pointer.
     */
    public static final int REQUEST_BAD_ACCESS = 16;
    public static final int REQUEST_BAD_FREE = 17;
    public static final int REQUEST_MISMATCH = 18;
    public static final int REQUEST_FISHY = 19;
    public static final int REQUEST_BAD_REALLOC = 20;

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int RAX = 0;
    private static final int RDX = 2;
    private static final int RSP = 4;
    private static final int RBP = 5;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int ENOMEM = 12;
    private static final int EINVAL = 22;
    private static final int MAX_FRAMES = 64;
    private static final long PAGE = 4096;

    /** Frames kept of an allocation: set by the controller before the start. */
    static long maxFrames = 12;
    /** The client's std::__throw_bad_alloc(), or 0. */
    static long throwBadAlloc;
    /** Distances from the stack pointer that may be accessed below it. */
    static long farBelow;
    static long nearBelow = 1;

    private HeapCalls() {}

    private static long gpr(long area, int reg) {
        return Ptr.getLong(area + ThreadArea.GPRS + 8L * reg);
    }

    /** Context of the caller of a replaced function: the function itself comes first. */
    private static int context(long area, long function) {
        long frames = area + ThreadArea.STACK_LOW;
        long sp = gpr(area, RSP);
        Ptr.putLong(frames, function);
        int n = (int) Math.min(maxFrames, MAX_FRAMES);
        Ptr.putLong(frames + 8, Ptr.getLong(sp));
        int count = 2;
        if (n > 2) {
            count += UnwindWalk.walk(Ptr.getLong(sp), sp + 8, gpr(area, RBP), frames + 16, n - 2);
        }
        return StackContexts.intern(frames, count);
    }

    /** Context of the instruction at the thread area's EVENT_PC. */
    public static int contextHere(long area) {
        long frames = area + ThreadArea.STACK_LOW;
        long pc = Ptr.getLong(area + ThreadArea.EVENT_PC);
        Ptr.putLong(frames, pc);
        int n = (int) Math.min(maxFrames, MAX_FRAMES);
        // A return address belongs to the call before it.
        int count = 1 + UnwindWalk.walk(pc + 1, gpr(area, RSP), gpr(area, RBP), frames + 8, n - 1);
        return StackContexts.intern(frames, count);
    }

    /** Entry from the cache: does the function's work and returns to its caller. */
    public static void call(long area, long function) {
        if (function == ClientRequests.FUNCTION) {
            ClientRequests.serve(area);
            return;
        }
        long sp = gpr(area, RSP);
        long a = gpr(area, RDI);
        long b = gpr(area, RSI);
        long c = gpr(area, RDX);
        long result;
        if (function >= StringCalls.RESOLVER) {
            result = StringCalls.ADDRESSES + (function - StringCalls.RESOLVER) * StringCalls.FUNCTION_BYTES;
        } else if (function >= StringCalls.FIRST) {
            result = StringCalls.serve(area, (int) function, a, b, c);
        } else {
            result = serve(area, (int) function, a, b, c, Ptr.getLong(area + ThreadArea.EVENT_PC));
        }
        boolean throwing = function == NEW || function == NEW_ARRAY || function == NEW_ALIGNED || function == NEW_ARRAY_ALIGNED;
        if (result == 0 && throwing && throwBadAlloc != 0) {
            // As if the operator itself went on there: the exception passes through its caller.
            Ptr.putLong(area + ThreadArea.NEXT_PC, throwBadAlloc);
            return;
        }
        Ptr.putLong(area + ThreadArea.GPRS + 8L * RAX, result);
        Ptr.putLong(area + ThreadArea.NEXT_PC, Ptr.getLong(sp));
        Ptr.putLong(area + ThreadArea.GPRS + 8L * RSP, sp + 8);
    }

    private static long serve(long area, int function, long a, long b, long c, long pc) {
        switch (function) {
            case MALLOC:
                return allocate(area, function, pc, a, 16, HeapTables.KIND_MALLOC);
            case NEW:
            case NEW_NOTHROW:
                return allocate(area, function, pc, a, 16, HeapTables.KIND_NEW);
            case NEW_ARRAY:
            case NEW_ARRAY_NOTHROW:
                return allocate(area, function, pc, a, 16, HeapTables.KIND_NEW_ARRAY);
            case NEW_ALIGNED:
            case NEW_ALIGNED_NOTHROW:
                return allocate(area, function, pc, a, b, HeapTables.KIND_NEW);
            case NEW_ARRAY_ALIGNED:
            case NEW_ARRAY_ALIGNED_NOTHROW:
                return allocate(area, function, pc, a, b, HeapTables.KIND_NEW_ARRAY);
            case CALLOC: {
                if (fishy(area, function, pc, a) || fishy(area, function, pc, b) || Math.unsignedMultiplyHigh(a, b) != 0) {
                    return 0;
                }
                long at = allocate(area, function, pc, a * b, 16, HeapTables.KIND_MALLOC);
                if (at != 0) {
                    Ptr.fill(at, 0, a * b);
                    Shadow.setDefined(at, a * b);
                }
                return at;
            }
            case MEMALIGN:
                return allocate(area, function, pc, b, powerOfTwo(a), HeapTables.KIND_MALLOC);
            case VALLOC:
                return allocate(area, function, pc, a, PAGE, HeapTables.KIND_MALLOC);
            case PVALLOC:
                return allocate(area, function, pc, a + PAGE - 1 & -PAGE, PAGE, HeapTables.KIND_MALLOC);
            case POSIX_MEMALIGN: {
                if (b == 0 || (b & b - 1) != 0 || (b & 7) != 0) {
                    return EINVAL;
                }
                long at = allocate(area, function, pc, c, b, HeapTables.KIND_MALLOC);
                if (at == 0) {
                    return ENOMEM;
                }
                Ptr.putLong(a, at);
                MemoryBits.setState(a, 8, Shadow.DEFINED);
                return 0;
            }
            case USABLE_SIZE: {
                long bytes = a == 0 ? 0 : Heap.size(a);
                return bytes < 0 ? 0 : bytes;
            }
            case FREE:
                free(area, function, pc, a, HeapTables.KIND_MALLOC);
                return 0;
            case DELETE:
                free(area, function, pc, a, HeapTables.KIND_NEW);
                return 0;
            case DELETE_ARRAY:
                free(area, function, pc, a, HeapTables.KIND_NEW_ARRAY);
                return 0;
            case REALLOCARRAY:
                if (Math.unsignedMultiplyHigh(b, c) != 0) {
                    return 0;
                }
                return reallocate(area, function, pc, a, b * c);
            case REALLOC:
                return reallocate(area, function, pc, a, b);
            default:
                return 0;
        }
    }

    /** The next power of two from {@code alignment} on, as glibc rounds it; at most 2^62. */
    private static long powerOfTwo(long alignment) {
        if (alignment <= 1 || alignment > 1L << 62) {
            return alignment <= 1 && alignment >= 0 ? 1 : 1L << 62;
        }
        return 1L << 64 - Long.numberOfLeadingZeros(alignment - 1);
    }

    /** Reports a size or count that is negative, read as signed. */
    private static boolean fishy(long area, int function, long pc, long value) {
        if (value >= 0) {
            return false;
        }
        Post.post(area, REQUEST_FISHY, value, function, pc, 0);
        return true;
    }

    private static long allocate(long area, int function, long pc, long bytes, long alignment, int kind) {
        if (fishy(area, function, pc, bytes)) {
            return 0;
        }
        long at = Heap.allocate(bytes, alignment < 16 ? 16 : alignment, kind, context(area, pc));
        Origins.allocated(at, bytes);
        return at;
    }

    private static void free(long area, int function, long pc, long address, int kind) {
        if (address == 0) {
            return;
        }
        int family = Heap.family(address);
        if (family >= 0 && family != kind) {
            Post.post(area, REQUEST_MISMATCH, address, function, pc, 0);
        }
        if (!Heap.release(address, context(area, pc))) {
            Post.post(area, REQUEST_BAD_FREE, address, function, pc, 0);
        }
    }

    private static long reallocate(long area, int function, long pc, long old, long bytes) {
        if (old == 0) {
            return allocate(area, function, pc, bytes, 16, HeapTables.KIND_MALLOC);
        }
        if (bytes == 0) {
            free(area, function, pc, old, HeapTables.KIND_MALLOC);
            return 0;
        }
        if (fishy(area, function, pc, bytes)) {
            return 0;
        }
        long before = Heap.size(old);
        if (before < 0) {
            Heap.countRefusedReallocation(bytes);
            Post.post(area, REQUEST_BAD_REALLOC, old, function, pc, 0);
            return 0;
        }
        if (Heap.family(old) != HeapTables.KIND_MALLOC) {
            Post.post(area, REQUEST_MISMATCH, old, function, pc, 0);
        }
        int context = context(area, pc);
        long at = Heap.allocate(bytes, 16, HeapTables.KIND_MALLOC, context);
        if (at != 0) {
            Origins.allocated(at, bytes);
            Ptr.copy(at, old, before < bytes ? before : bytes);
            long copied = before < bytes ? before : bytes;
            MemoryBits.copy(at, old, copied);
            if (Origins.isOn()) {
                Origins.copied(area, at, old, copied);
            }
            Heap.release(old, context);
        }
        return at;
    }

    /**
     * An inline check found shadow that is not zero: exactly here it is decided whether the access is an error.
     *
     * @return 1 if undefined bytes are read: what follows has to know
     */
    public static int check(long area) {
        long address = Ptr.getLong(area + ThreadArea.EVENT_ADDRESS);
        int event = Ptr.getInt(area + ThreadArea.EVENT_SIZE);
        int bytes = event >>> 2;
        boolean reads = (event & READ) != 0;
        boolean writes = (event & WRITE) != 0;
        report(area, address, bytes, reads, writes);
        if (address >>> 47 != 0 || belowStack(area, address)) {
            return 0;
        }
        if (reads && MemoryBits.firstUndefined(address, bytes) >= 0) {
            return 1;
        }
        if (writes) {
            MemoryBits.setState(address, bytes, Shadow.DEFINED);
        }
        return 0;
    }

    /** Whether the address lies below the stack pointer, red zone excepted: undefined whatever is stored there, and not to be accessed. */
    public static boolean belowStack(long area, long address) {
        long start = Ptr.getLong(area + ThreadArea.STACK_START);
        long sp = gpr(area, RSP);
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, sp - AddressMap.RED_ZONE) < 0
                && Long.compareUnsigned(sp, Ptr.getLong(area + ThreadArea.STACK_END)) < 0;
    }

    /** Whether --ignore-range-below-sp accepts it. */
    private static boolean isAccepted(long area, long address) {
        long below = gpr(area, RSP) - address;
        return below <= farBelow && below >= nearBelow;
    }

    /** Tells the controller about an access that leaves accessible memory. */
    public static void report(long area, long address, int bytes, boolean reads, boolean writes) {
        int below = belowStack(area, address) && !isAccepted(area, address) ? 1 : 0;
        if (below != 0 || Shadow.firstNotAccessible(address, bytes) != -1) {
            long at = Ptr.getLong(area + ThreadArea.EXIT_PC);
            if (reads) {
                Post.post(area, REQUEST_BAD_ACCESS, address, bytes << 2 | READ, at, below);
            }
            if (writes) {
                Post.post(area, REQUEST_BAD_ACCESS, address, bytes << 2 | WRITE, at, below);
            }
        }
    }
}
