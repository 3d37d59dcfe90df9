// SPDX-License-Identifier: MIT
/* cc: -O3 */
/* A loop that the compiler turns into vector code. */
#include <stdio.h>
#include <stdlib.h>

static int __attribute__((noinline)) sum(const int *p, int n) {
    int s = 0;
    for (int i = 0; i < n; i++) {
        s += p[i];
    }
    return s;
}

int main(void) {
    int *p = malloc(64 * sizeof *p);
    for (int i = 0; i < 64; i++) {
        p[i] = i;
    }
    if (sum(p, 64) == 2016) {
        puts("right");
    }
    int *q = malloc(64 * sizeof *q);
    for (int i = 0; i < 63; i++) {
        q[i] = i;
    }
    if (sum(q, 64) == 5) {
        puts("five");
    }
    free(p);
    free(q);
    return 0;
}
