// SPDX-License-Identifier: MIT
/* What realloc adds is undefined, what it keeps stays as it was. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int *p = calloc(4, sizeof *p);
    p = realloc(p, 8 * sizeof *p);
    if (p[3] == 0) {
        puts("kept");
    }
    if (p[4] == 1) {
        puts("new");
    }
    free(p);
    return 0;
}
