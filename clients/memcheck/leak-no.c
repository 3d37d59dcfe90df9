// SPDX-License-Identifier: MIT
/* options: --leak-check=no */
/* No leak check: the heap summary and how to get more. */
#include <stdlib.h>

char *kept;

int main(void) {
    kept = malloc(64);
    return 0;
}
