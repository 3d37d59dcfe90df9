// SPDX-License-Identifier: MIT
/* Two leaks from one line, one from another: three blocks, two records. */
#include <stdlib.h>

static void *volatile keep;

static void __attribute__((noinline)) lose(size_t n) {
    keep = calloc(1, n);
    keep = NULL;
}

static void __attribute__((noinline)) wipe(void) {
    volatile char room[512];
    for (int i = 0; i < 512; i++) room[i] = 0;
}

int main(void) {
    for (int i = 0; i < 2; i++) lose(1000);
    lose(24);
    wipe();
    return 0;
}
