// SPDX-License-Identifier: MIT
/* Blocks of size 0 are real blocks. */
#include <stdlib.h>

static void *volatile lost;

static void __attribute__((noinline)) wipe(void) {
    volatile char room[512];
    for (int i = 0; i < 512; i++) room[i] = 0;
}

int main(void) {
    volatile char *p = malloc(0);
    p[0] = 1;
    free((void *)p);
    lost = malloc(0);
    lost = NULL;
    wipe();
    return 0;
}
