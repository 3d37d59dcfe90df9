// SPDX-License-Identifier: MIT
/* An index that nobody has set: the address is undefined. */
#include <stdio.h>
#include <stdlib.h>

static char table[256];

int main(void) {
    unsigned char *p = malloc(2);
    char c = table[p[1]];
    table[p[0]] = 1;
    free(p);
    return c;
}
