// SPDX-License-Identifier: MIT
/* Floating point: arithmetic and comparison. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    double *p = malloc(3 * sizeof *p);
    p[0] = 1.5;
    double s = p[0] + p[1];
    if (s > 2) {
        puts("more");
    }
    float *q = malloc(2 * sizeof *q);
    q[0] = 1;
    if (q[0] * 2 > 1) {
        puts("defined");
    }
    if (q[1] * 2 > 1) {
        puts("undefined");
    }
    free(q);
    free(p);
    return 0;
}
