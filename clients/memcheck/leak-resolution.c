// SPDX-License-Identifier: MIT
/* options: --leak-check=full --leak-resolution=low */
/* Two frames decide: the leaks of two callers of one function become one record. */
#include <stdlib.h>

static void *volatile lost;

static void __attribute__((noinline)) lose(void) {
    lost = calloc(1, 40);
    lost = NULL;
}
static void __attribute__((noinline)) one(void) { lose(); }
static void __attribute__((noinline)) two(void) { lose(); }

static void __attribute__((noinline)) wipe(void) {
    volatile char room[512];
    for (int i = 0; i < 512; i++) room[i] = 0;
}

int main(void) {
    one();
    two();
    wipe();
    return 0;
}
