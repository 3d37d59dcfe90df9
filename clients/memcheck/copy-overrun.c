// SPDX-License-Identifier: MIT
/* A string copied byte by byte into a block that is too short: one error, several hits. */
#include <stdlib.h>

static void __attribute__((noinline)) copy(char *to, const char *from) {
    while ((*to++ = *from++) != 0) { }
}

int main(void) {
    char *name = malloc(8);
    copy(name, "twelve chars");
    free(name);
    return 0;
}
