// SPDX-License-Identifier: MIT
package muninn.memcheck;

import java.util.Map;

import muninn.runtime.StringCalls;

/** The C library's functions on strings and memory that are replaced, by symbol. */
final class StringFunctions {
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("strlen", StringCalls.STRLEN), Map.entry("strnlen", StringCalls.STRNLEN),
            Map.entry("strcmp", StringCalls.STRCMP), Map.entry("strncmp", StringCalls.STRNCMP),
            Map.entry("strchr", StringCalls.STRCHR), Map.entry("index", StringCalls.STRCHR),
            Map.entry("strchrnul", StringCalls.STRCHRNUL), Map.entry("strrchr", StringCalls.STRRCHR),
            Map.entry("rindex", StringCalls.STRRCHR), Map.entry("memchr", StringCalls.MEMCHR),
            Map.entry("memrchr", StringCalls.MEMRCHR), Map.entry("rawmemchr", StringCalls.RAWMEMCHR),
            Map.entry("memcmp", StringCalls.MEMCMP), Map.entry("bcmp", StringCalls.MEMCMP),
            Map.entry("__memcmpeq", StringCalls.MEMCMP), Map.entry("strcpy", StringCalls.STRCPY),
            Map.entry("stpcpy", StringCalls.STPCPY), Map.entry("strncpy", StringCalls.STRNCPY),
            Map.entry("stpncpy", StringCalls.STPNCPY), Map.entry("strcat", StringCalls.STRCAT),
            Map.entry("strncat", StringCalls.STRNCAT), Map.entry("memcpy", StringCalls.MEMCPY),
            Map.entry("mempcpy", StringCalls.MEMPCPY), Map.entry("__mempcpy", StringCalls.MEMPCPY),
            Map.entry("memmove", StringCalls.MEMMOVE), Map.entry("memset", StringCalls.MEMSET),
            Map.entry("strspn", StringCalls.STRSPN), Map.entry("strcspn", StringCalls.STRCSPN),
            Map.entry("strpbrk", StringCalls.STRPBRK), Map.entry("strstr", StringCalls.STRSTR),
            Map.entry("wcslen", StringCalls.WCSLEN), Map.entry("wmemset", StringCalls.WMEMSET),
            Map.entry("wcsnlen", StringCalls.WCSNLEN), Map.entry("wcschr", StringCalls.WCSCHR),
            Map.entry("wcsrchr", StringCalls.WCSRCHR), Map.entry("wcscmp", StringCalls.WCSCMP),
            Map.entry("wcsncmp", StringCalls.WCSNCMP), Map.entry("wcscpy", StringCalls.WCSCPY),
            Map.entry("wmemchr", StringCalls.WMEMCHR), Map.entry("wmemcmp", StringCalls.WMEMCMP),
            Map.entry("strcasecmp", StringCalls.STRCASECMP), Map.entry("__strcasecmp", StringCalls.STRCASECMP),
            Map.entry("strncasecmp", StringCalls.STRNCASECMP), Map.entry("strcasecmp_l", StringCalls.STRCASECMP_L),
            Map.entry("__strcasecmp_l", StringCalls.STRCASECMP_L), Map.entry("strncasecmp_l", StringCalls.STRNCASECMP_L),
            Map.entry("__strncasecmp_l", StringCalls.STRNCASECMP_L));

    private static final String[] NAMES = new String[StringCalls.LAST - StringCalls.FIRST + 1];

    static {
        NUMBERS.forEach((name, number) -> {
            String known = NAMES[number - StringCalls.FIRST];
            if (known == null || isBetter(name, known)) {
                NAMES[number - StringCalls.FIRST] = name;
            }
        });
    }

    private StringFunctions() {}

    /** Of the symbols of one function, the name that the standards give it. */
    private static boolean isBetter(String name, String other) {
        boolean old = other.startsWith("__") || other.equals("index") || other.equals("rindex") || other.equals("bcmp");
        return old && !name.startsWith("__");
    }

    /** Symbols, with the numbers of {@link StringCalls}. */
    static Map<String, Integer> all() {
        return NUMBERS;
    }

    static String name(int number) {
        return NAMES[number - StringCalls.FIRST];
    }
}
