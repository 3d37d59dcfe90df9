// SPDX-License-Identifier: MIT
/* Reads and writes of a freed block, also through a second function. */
#include <stdlib.h>

static volatile int sink;

static void __attribute__((noinline)) release(int *p) { free(p); }
static int __attribute__((noinline)) look(volatile int *p) { return p[3]; }

int main(void) {
    int *p = malloc(8 * sizeof *p);
    for (int i = 0; i < 8; i++) p[i] = i;
    release(p);
    sink = look(p);
    ((volatile int *)p)[7] = 9;
    ((volatile char *)p)[0] = 1;
    return 0;
}
