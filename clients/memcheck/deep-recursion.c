// SPDX-License-Identifier: MIT
/* An error below 40 frames: the stack is cut at 12. */
#include <stdlib.h>

static int __attribute__((noinline)) descend(volatile char *block, int depth) {
    if (depth == 0) {
        block[4] = 1;
        return 0;
    }
    return descend(block, depth - 1) + 1;
}

int main(void) {
    char *block = malloc(4);
    int depth = descend(block, 40);
    free(block);
    return depth == 40 ? 0 : 1;
}
