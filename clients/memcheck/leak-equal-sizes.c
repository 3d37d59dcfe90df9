// SPDX-License-Identifier: MIT
/* options: --leak-check=full --show-leak-kinds=all */
/* Records of the same size: the order is by kind, then by the age of the allocation's context. */
#include <stdlib.h>

void *reachable;
char *interior;
static void **volatile lost;

static void __attribute__((noinline)) build(void) {
    lost = calloc(1, 16);
    lost = NULL;
    reachable = calloc(1, 16);
    interior = (char *)calloc(1, 16) + 8;
    lost = calloc(1, 16);
    lost[0] = calloc(1, 16);
    lost = NULL;
    lost = calloc(1, 32);
    lost = NULL;
}

static void __attribute__((noinline)) wipe(void) {
    volatile char room[512];
    for (int i = 0; i < 512; i++) room[i] = 0;
}

int main(void) {
    build();
    wipe();
    return 0;
}
