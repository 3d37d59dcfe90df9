// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.HashMap;
import java.util.Map;

import muninn.runtime.HeapCalls;

/** The client's functions that the heap replaces: symbol, what replaces it, name in reports. */
final class HeapFunctions {
    private static final Object[][] TABLE = {
        {"malloc", HeapCalls.MALLOC, "malloc"},
        {"calloc", HeapCalls.CALLOC, "calloc"},
        {"realloc", HeapCalls.REALLOC, "realloc"},
        {"reallocarray", HeapCalls.REALLOCARRAY, "reallocarray"},
        {"free", HeapCalls.FREE, "free"},
        {"cfree", HeapCalls.FREE, "free"},
        {"free_sized", HeapCalls.FREE, "free_sized"},
        {"free_aligned_sized", HeapCalls.FREE, "free_aligned_sized"},
        {"memalign", HeapCalls.MEMALIGN, "memalign"},
        {"aligned_alloc", HeapCalls.MEMALIGN, "aligned_alloc"},
        {"posix_memalign", HeapCalls.POSIX_MEMALIGN, "posix_memalign"},
        {"valloc", HeapCalls.VALLOC, "valloc"},
        {"pvalloc", HeapCalls.PVALLOC, "pvalloc"},
        {"malloc_usable_size", HeapCalls.USABLE_SIZE, "malloc_usable_size"},
        {"_Znwm", HeapCalls.NEW, "operator new(unsigned long)"},
        {"_ZnwmRKSt9nothrow_t", HeapCalls.NEW_NOTHROW, "operator new(unsigned long, std::nothrow_t const&)"},
        {"_ZnwmSt11align_val_t", HeapCalls.NEW_ALIGNED, "operator new(unsigned long, std::align_val_t)"},
        {"_ZnwmSt11align_val_tRKSt9nothrow_t", HeapCalls.NEW_ALIGNED_NOTHROW,
            "operator new(unsigned long, std::align_val_t, std::nothrow_t const&)"},
        {"_Znam", HeapCalls.NEW_ARRAY, "operator new[](unsigned long)"},
        {"_ZnamRKSt9nothrow_t", HeapCalls.NEW_ARRAY_NOTHROW, "operator new[](unsigned long, std::nothrow_t const&)"},
        {"_ZnamSt11align_val_t", HeapCalls.NEW_ARRAY_ALIGNED, "operator new[](unsigned long, std::align_val_t)"},
        {"_ZnamSt11align_val_tRKSt9nothrow_t", HeapCalls.NEW_ARRAY_ALIGNED_NOTHROW,
            "operator new[](unsigned long, std::align_val_t, std::nothrow_t const&)"},
        {"_ZdlPv", HeapCalls.DELETE, "operator delete(void*)"},
        {"_ZdlPvm", HeapCalls.DELETE, "operator delete(void*, unsigned long)"},
        {"_ZdlPvRKSt9nothrow_t", HeapCalls.DELETE, "operator delete(void*, std::nothrow_t const&)"},
        {"_ZdlPvSt11align_val_t", HeapCalls.DELETE, "operator delete(void*, std::align_val_t)"},
        {"_ZdlPvmSt11align_val_t", HeapCalls.DELETE, "operator delete(void*, unsigned long, std::align_val_t)"},
        {"_ZdlPvSt11align_val_tRKSt9nothrow_t", HeapCalls.DELETE, "operator delete(void*, std::align_val_t, std::nothrow_t const&)"},
        {"_ZdaPv", HeapCalls.DELETE_ARRAY, "operator delete[](void*)"},
        {"_ZdaPvm", HeapCalls.DELETE_ARRAY, "operator delete[](void*, unsigned long)"},
        {"_ZdaPvRKSt9nothrow_t", HeapCalls.DELETE_ARRAY, "operator delete[](void*, std::nothrow_t const&)"},
        {"_ZdaPvSt11align_val_t", HeapCalls.DELETE_ARRAY, "operator delete[](void*, std::align_val_t)"},
        {"_ZdaPvmSt11align_val_t", HeapCalls.DELETE_ARRAY, "operator delete[](void*, unsigned long, std::align_val_t)"},
        {"_ZdaPvSt11align_val_tRKSt9nothrow_t", HeapCalls.DELETE_ARRAY,
            "operator delete[](void*, std::align_val_t, std::nothrow_t const&)"},
    };

    private static final Map<String, Integer> BY_SYMBOL = new HashMap<>();

    static {
        for (int i = 0; i < TABLE.length; i++) {
            BY_SYMBOL.put(symbol(i), i);
        }
    }

    private HeapFunctions() {}

    /** Index of a symbol; {@code null} if it is none of ours. */
    static Integer find(String symbol) {
        return BY_SYMBOL.get(symbol);
    }

    static int count() {
        return TABLE.length;
    }

    static String symbol(int i) {
        return (String) TABLE[i][0];
    }

    /** One of the function numbers of {@link HeapCalls}. */
    static int function(int i) {
        return (int) TABLE[i][1];
    }

    static String name(int i) {
        return (String) TABLE[i][2];
    }
}
