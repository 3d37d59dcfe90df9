// SPDX-License-Identifier: MIT
/* Fields of a few bits: those that are set are defined, the neighbours in the same byte are not. */
#include <stdio.h>
#include <stdlib.h>

struct flags {
    unsigned a : 1, b : 3, c : 12, d : 7;
    int e;
};

int main(void) {
    struct flags *f = malloc(sizeof *f);
    f->a = 1;
    f->c = 300;
    if (f->a) {
        puts("a");
    }
    if (f->c > 200) {
        puts("c");
    }
    if (f->b == 2) {
        puts("b");
    }
    if (f->d == 2) {
        puts("d");
    }
    free(f);
    return 0;
}
