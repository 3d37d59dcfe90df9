// SPDX-License-Identifier: MIT
/* Writes of 1, 4 and 8 and reads of 1, 2, 4 and 8 bytes that start just behind a block. */
#include <stdlib.h>

static volatile unsigned long sink;

int main(void) {
    char *b = calloc(1, 24);
    *(volatile unsigned char *)(b + 24) = 1;
    *(volatile unsigned int *)(b + 24) = 3;
    *(volatile unsigned long *)(b + 24) = 4;
    sink = *(volatile unsigned char *)(b + 24);
    sink = *(volatile unsigned short *)(b + 26);
    sink = *(volatile unsigned int *)(b + 28);
    sink = *(volatile unsigned long *)(b + 32);
    free(b);
    return 0;
}
