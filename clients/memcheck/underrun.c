// SPDX-License-Identifier: MIT
/* Accesses before a block. */
#include <stdlib.h>

static volatile long sink;

int main(void) {
    volatile char *b = malloc(40);
    for (int i = 0; i < 40; i++) b[i] = 7;
    b[-1] = 1;
    *(volatile int *)(b - 4) = 2;
    sink = *(volatile long *)(b - 16);
    sink = b[-3];
    free((void *)b);
    return 0;
}
