// SPDX-License-Identifier: MIT
/* A block allocated for the smaller of two structures. */
#include <stdlib.h>

struct small { int id; char tag; };
struct large { int id; char tag; double weight; long stamp; };

static void __attribute__((noinline)) fill(struct large *l) {
    l->id = 1;
    l->tag = 'a';
    l->weight = 2.5;
    l->stamp = 77;
}

int main(void) {
    struct large *l = malloc(sizeof(struct small));
    fill(l);
    free(l);
    return 0;
}
