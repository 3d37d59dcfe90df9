// SPDX-License-Identifier: MIT
/* options: --leak-check=full --show-leak-kinds=all */
/* One block of each kind: definite, indirect, possible, reachable (directly and through another block). */
#include <stdlib.h>

struct node { struct node *next; long payload[5]; };

struct node *reachable;
char *interior;
static struct node *volatile lost;

static void __attribute__((noinline)) build(void) {
    reachable = calloc(1, sizeof *reachable);
    reachable->next = calloc(1, 2 * sizeof *reachable);
    interior = (char *)calloc(1, 300) + 100;
    lost = calloc(1, sizeof *lost);
    lost->next = calloc(1, 3 * sizeof *lost);
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
