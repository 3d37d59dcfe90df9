// SPDX-License-Identifier: MIT
/* The x87: a long double that nobody has set. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    long double *p = malloc(2 * sizeof *p);
    p[0] = 2;
    if (p[0] > 1) {
        puts("defined");
    }
    long double x = p[1] * p[0];
    if (x > 1) {
        puts("undefined");
    }
    free(p);
    return 0;
}
