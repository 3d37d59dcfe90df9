// SPDX-License-Identifier: MIT
/* One instruction that reads and writes behind a block. */
#include <stdlib.h>

int main(void) {
    char *p = malloc(4);
    __asm__ volatile("addl $1, %0" : "+m"(*(int *)(p + 4)) : : "cc");
    free(p);
    return 0;
}
