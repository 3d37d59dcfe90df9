// SPDX-License-Identifier: MIT
/* options: --undef-value-errors=no --leak-check=full */
/* Not asked for. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int *p = malloc(8);
    if (p[1] == 77) {
        puts("77");
    }
    free(p);
    return 0;
}
