// SPDX-License-Identifier: MIT
/* Accesses that begin inside the block and end behind it. */
#include <stdlib.h>

struct pair { int first, second; };
static volatile long sink;

int main(void) {
    char *b = calloc(1, 13);
    *(volatile int *)(b + 12) = 5;
    sink = *(volatile short *)(b + 12);
    *(volatile long *)(b + 6) = 7;
    struct pair *half = malloc(sizeof(int));
    half->first = 1;
    half->second = 2;
    sink = half->second;
    free(half);
    free(b);
    return 0;
}
