// SPDX-License-Identifier: MIT
/* A string without its end: one byte too far. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    char *p = malloc(5);
    memset(p, 'a', 5);
    unsigned long n = strlen(p);
    puts(n >= 5 ? "long" : "short");
    free(p);
    return 0;
}
