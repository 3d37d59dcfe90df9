// SPDX-License-Identifier: MIT
/* A branch on heap memory that nobody has written. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int *p = malloc(40);
    p[0] = 1;
    if (p[0] == 1) {
        puts("first");
    }
    if (p[3] == 7) {
        puts("third");
    }
    free(p);
    return 0;
}
