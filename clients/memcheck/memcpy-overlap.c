// SPDX-License-Identifier: MIT
/* differs: in glibc memcpy is where memmove is, and Valgrind takes the one for the other */
/* Source and destination must not overlap. */
#include <stdlib.h>
#include <string.h>

int main(void) {
    char *p = calloc(1, 40);
    volatile unsigned long n = 20;
    memcpy(p + 10, p, n);
    memmove(p + 10, p, n);
    free(p);
    return 0;
}
