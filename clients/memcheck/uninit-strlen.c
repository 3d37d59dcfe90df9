// SPDX-License-Identifier: MIT
/* Functions of the C library that look at what nobody has written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    char *p = malloc(16);
    memset(p, 'a', 4);
    p[9] = 0;
    puts(strlen(p) > 3 ? "long" : "short");
    char *q = malloc(8);
    strcpy(q, "aaaa");
    puts(memcmp(p, q, 4) == 0 ? "same" : "different");
    free(p);
    free(q);
    return 0;
}
