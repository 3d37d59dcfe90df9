// SPDX-License-Identifier: MIT
/* Source and destination of string functions must not overlap. */
#include <stdlib.h>
#include <string.h>

int main(void) {
    char *p = calloc(1, 40);
    strcpy(p + 10, "text");
    strncpy(p + 8, p + 10, 6);
    strcpy(p + 20, "abc");
    strcat(p + 18, p + 20);
    free(p);
    return 0;
}
