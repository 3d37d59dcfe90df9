// SPDX-License-Identifier: MIT
/* options: -q */
/* With -q only the error is told. */
#include <stdlib.h>

int main(void) {
    volatile char *p = malloc(3);
    p[3] = 1;
    return 0;
}
