// SPDX-License-Identifier: MIT
/* options: */
/* The default leak check: a summary only. */
#include <stdlib.h>

char *kept;
static void *volatile lost;

static void __attribute__((noinline)) wipe(void) {
    volatile char room[512];
    for (int i = 0; i < 512; i++) room[i] = 0;
}

int main(void) {
    kept = calloc(1, 12345);
    lost = calloc(1, 2222222);
    lost = NULL;
    wipe();
    return 0;
}
