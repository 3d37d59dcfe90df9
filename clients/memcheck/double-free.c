// SPDX-License-Identifier: MIT
/* The same block freed twice, in two functions. */
#include <stdlib.h>

static void __attribute__((noinline)) first(char *p) { free(p); }
static void __attribute__((noinline)) second(char *p) { free(p); }

int main(void) {
    char *p = malloc(33);
    p[0] = 1;
    first(p);
    second(p);
    return 3;
}
