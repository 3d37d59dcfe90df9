// SPDX-License-Identifier: MIT
/* options: --leak-check=full --show-leak-kinds=all */
/* A lost list of 50 nodes, a lost cycle of three, and a reachable list. */
#include <stdlib.h>

struct node { struct node *next; int value; };

struct node *kept;
static struct node *volatile head;

static struct node *__attribute__((noinline)) list(int n) {
    struct node *first = NULL;
    for (int i = 0; i < n; i++) {
        struct node *fresh = calloc(1, sizeof *fresh);
        fresh->next = first;
        fresh->value = i;
        first = fresh;
    }
    return first;
}

static void __attribute__((noinline)) cycle(void) {
    struct node *a = calloc(1, 16), *b = calloc(1, 32), *c = calloc(1, 48);
    a->next = b;
    b->next = c;
    c->next = a;
}

static void __attribute__((noinline)) wipe(void) {
    volatile char room[1024];
    for (int i = 0; i < 1024; i++) room[i] = 0;
}

int main(void) {
    head = list(50);
    head = NULL;
    cycle();
    kept = list(5);
    wipe();
    return 0;
}
