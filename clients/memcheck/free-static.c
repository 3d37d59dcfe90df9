// SPDX-License-Identifier: MIT
/* free() of static storage: data, bss, and a string constant. */
#include <stdlib.h>

char counted[32] = "initialised";
char zeroed[64];

static void __attribute__((noinline)) drop(void *p) { free(p); }

int main(void) {
    drop(counted);
    drop(zeroed + 8);
    return 0;
}
