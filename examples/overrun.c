// SPDX-License-Identifier: MIT
/* Writes one byte behind a heap block of ten. */
#include <stdlib.h>

int main(void) {
    char *block = malloc(10);
    block[10] = 'x';
    free(block);
    return 0;
}
