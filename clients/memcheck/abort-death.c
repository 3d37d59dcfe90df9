// SPDX-License-Identifier: MIT
/* Death by abort(), after an error. */
#include <stdlib.h>

int main(void) {
    volatile char *block = malloc(1);
    block[1] = 1;
    abort();
}
