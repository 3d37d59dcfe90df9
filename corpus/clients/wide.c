// SPDX-License-Identifier: MIT
/* The C library's functions on wide strings, on blocks that end with their strings: a checksum of all results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static unsigned long sum = 5381;

static void add(long value) {
    sum = sum * 33 + (unsigned long) value;
}

static void place(const wchar_t *at, const wchar_t *start) {
    add(at == NULL ? -1 : at - start);
}

static int sign(int n) {
    return (n > 0) - (n < 0);
}

int main(void) {
    for (int length = 0; length < 40; length++) {
        for (int pad = 0; pad < 5; pad++) {
            wchar_t *a = malloc((length + 1 + pad) * sizeof *a);
            wchar_t *b = malloc((length + 1 + pad) * sizeof *b);
            for (int i = 0; i < length; i++) {
                a[i] = i % 7 == 6 ? -3 - i : 'a' + i % 11;
            }
            a[length] = 0;
            add(wcscpy(b, a) == b);
            add(wcslen(b));
            add(wcsnlen(b, 20));
            add(wcsnlen(b, length));
            for (wchar_t c = 'a'; c < 'n'; c++) {
                place(wcschr(a, c), a);
                place(wcsrchr(a, c), a);
                place(wmemchr(a, c, length), a);
            }
            place(wcschr(a, 0), a);
            place(wcsrchr(a, 0), a);
            add(wcscmp(a, b));
            add(wmemcmp(a, b, length + 1));
            for (int i = 0; i < length; i += 3) {
                b[i] += i % 2 == 0 ? 1 : -40000;
                add(sign(wcscmp(a, b)));
                add(sign(wcscmp(b, a)));
                add(sign(wcsncmp(a, b, i)));
                add(sign(wcsncmp(a, b, i + 1)));
                add(sign(wmemcmp(a, b, i + 1)));
                b[i] = a[i];
            }
            free(a);
            free(b);
        }
    }
    printf("%lx\n", sum);
    return 0;
}
