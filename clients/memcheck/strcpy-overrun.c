// SPDX-License-Identifier: MIT
/* strcpy into a block that is one byte too small. */
#include <stdlib.h>
#include <string.h>

int main(void) {
    char *p = malloc(5);
    char source[] = "12345";
    strcpy(p, source);
    free(p);
    return 0;
}
