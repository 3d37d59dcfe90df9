// SPDX-License-Identifier: MIT
/* strcasecmp, strncasecmp and their _l forms on blocks of exactly the strings' sizes, all pairs of characters, in the locale of the
   environment and in C. Prints a sum of the results' signs. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int sign(int x) {
    return (x > 0) - (x < 0);
}

static char *copy(const char *s, size_t n) {
    return memcpy(malloc(n), s, n);
}

static unsigned long sums(locale_t l) {
    unsigned long sum = 0;
    for (int a = 0; a < 256; a++) {
        for (int b = 0; b < 256; b += 1 + (a & 15)) {
            for (int n = 0; n < 40; n += 13) {
                char s[64], t[64];
                memset(s, 'q', sizeof s);
                memset(t, 'Q', sizeof t);
                s[n] = a, t[n] = b, s[n + 1] = t[n + 1] = 0;
                char *p = copy(s, n + 2), *q = copy(t, n + 2), *r = copy(t, n + 1);
                int x = sign(strcasecmp(p, q)), y = sign(strncasecmp(p, r, n + 1));
                int z = sign(strcasecmp_l(p, q, l)), w = sign(strncasecmp_l(p, r, n + 1, l));
                sum = sum * 31 + (x + 2 * y + 4 * z + 8 * w + 100);
                free(p), free(q), free(r);
            }
        }
    }
    return sum;
}

int main(void) {
    printf("%lu\n", sums(newlocale(LC_ALL_MASK, "C", 0)));
    printf("%s\n", setlocale(LC_ALL, "") ? "own locale" : "no locale");
    locale_t l = newlocale(LC_ALL_MASK, "", 0);
    printf("%lu %d\n", sums(l ? l : newlocale(LC_ALL_MASK, "C", 0)), strcasecmp("\344", "\304") == 0);
    return 0;
}
