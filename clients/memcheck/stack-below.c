// SPDX-License-Identifier: MIT
/* A read and a write of memory far below the stack pointer. */
#include <stdlib.h>

static volatile char sink;

int main(void) {
    char here = 1;
    volatile char *p = &here;
    p -= 3000;
    *p = 1;
    sink = *p;
    return 0;
}
