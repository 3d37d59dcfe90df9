// SPDX-License-Identifier: MIT
/* free() of a local variable. */
#include <stdlib.h>

static void __attribute__((noinline)) drop(void *p) { free(p); }

int main(void) {
    long local[4] = {1, 2, 3, 4};
    drop(local);
    return (int)local[0] - 1;
}
