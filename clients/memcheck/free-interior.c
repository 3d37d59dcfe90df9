// SPDX-License-Identifier: MIT
/* free() of a pointer into the middle of a block. */
#include <stdlib.h>

int main(void) {
    char *p = malloc(100);
    free(p + 16);
    free(p + 99);
    free(p);
    return 0;
}
