// SPDX-License-Identifier: MIT
/* options: -q */
/* Stores of two bytes, without the closing counts: Valgrind 3.19 counts each such error twice. */
#include <stdlib.h>

int main(void) {
    char *b = calloc(1, 13);
    *(volatile short *)(b + 12) = 1;
    *(volatile short *)(b + 14) = 2;
    *(volatile short *)(b - 2) = 3;
    free(b);
    return 0;
}
