// SPDX-License-Identifier: MIT
/* Copies carry what is undefined along, and do not report it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    char tag;
    long value;
};

int main(void) {
    struct pair *a = malloc(sizeof *a);
    struct pair *b = malloc(sizeof *b);
    a->tag = 'x';
    memcpy(b, a, sizeof *b);
    struct pair c = *b;
    if (c.tag == 'x') {
        puts("tag");
    }
    if (c.value == 3) {
        puts("value");
    }
    free(a);
    free(b);
    return 0;
}
