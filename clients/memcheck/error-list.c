// SPDX-License-Identifier: MIT
/* options: -s */
/* The list of errors at the end. */
#include <stdlib.h>

int main(void) {
    volatile char *p = malloc(4);
    for (int i = 0; i < 3; i++) p[4] = 1;
    for (int i = 0; i < 2; i++) p[-1] = 1;
    p[6] = 1;
    free((void *)p);
    return 0;
}
