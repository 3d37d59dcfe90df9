// SPDX-License-Identifier: MIT
/* A hundred and five different errors: less detail after the first hundred. */
#include <stdlib.h>

#define FIVE *p = 1; *p = 1; *p = 1; *p = 1; *p = 1;
#define LINE FIVE FIVE FIVE

int main(void) {
    volatile char *block = malloc(1);
    volatile char *p = block + 1;
    LINE
    LINE
    LINE
    LINE
    LINE
    LINE
    LINE
    free((void *)block);
    return 0;
}
