// SPDX-License-Identifier: MIT
/* Undefined bits that are masked out, shifted out or overwritten decide nothing. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    unsigned *p = malloc(16);
    if ((p[0] & 0) == 0) {
        puts("and");
    }
    if ((p[0] | 0xffffffffu) == 0xffffffffu) {
        puts("or");
    }
    if ((p[1] ^ p[1]) == 0) {
        puts("xor");
    }
    if ((p[1] - p[1]) == 0) {
        puts("sub");
    }
    if (((unsigned long) p[2] >> 32) == 0) {
        puts("shift");
    }
    p[3] = 8;
    if ((p[3] | (p[2] & 3)) > 7) {
        puts("decided");
    }
    if ((p[3] | (p[2] & 3)) > 9) {
        puts("undecided");
    }
    free(p);
    return 0;
}
