// SPDX-License-Identifier: MIT
/* An undefined argument is reported where it decides something, with the callers. */
#include <stdio.h>
#include <stdlib.h>

static int __attribute__((noinline)) decide(int x) {
    return x > 10 ? 1 : 2;
}

static int __attribute__((noinline)) pass(int *p) {
    return decide(*p + 1);
}

int main(void) {
    int *p = malloc(sizeof *p);
    int r = pass(p);
    free(p);
    puts("done");
    return 0 * r;
}
