// SPDX-License-Identifier: MIT
/* Thousands of hits of two places: two contexts, many errors. */
#include <stdlib.h>

int main(void) {
    volatile char *block = malloc(10);
    for (int i = 0; i < 2500; i++) {
        block[10 + (i & 3)] = (char)i;
        if (i % 5 == 0) block[-1] = 0;
    }
    free((void *)block);
    return 0;
}
