// SPDX-License-Identifier: MIT
/* Death by SIGSEGV at address 0, with a block in use. */
#include <stdlib.h>

static int __attribute__((noinline)) look(volatile int *p) { return *p; }

int main(void) {
    int *volatile kept = calloc(4, sizeof(int));
    return look(NULL) + kept[0];
}
