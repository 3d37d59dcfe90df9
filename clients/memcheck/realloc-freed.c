// SPDX-License-Identifier: MIT
/* realloc of a freed block, and use of the old block after realloc moved it. */
#include <stdlib.h>

static volatile char sink;

int main(void) {
    char *p = malloc(20);
    p[0] = 1;
    free(p);
    char *q = realloc(p, 40);
    char *r = malloc(16);
    r[0] = 2;
    volatile char *old = r;
    char *s = realloc(r, 4000);
    sink = old[0];
    free(s);
    return q != NULL;
}
