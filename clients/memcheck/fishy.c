// SPDX-License-Identifier: MIT
/* Negative sizes. */
#include <stdlib.h>

static volatile size_t minus = (size_t)-3;

int main(void) {
    void *a = malloc(minus);
    void *p = malloc(10);
    void *b = realloc(p, minus);
    free(p);
    return a == NULL && b == NULL ? 0 : 1;
}
