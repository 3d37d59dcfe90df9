// SPDX-License-Identifier: MIT
/* options: -q --leak-check=full --error-exitcode=42 */
/* Quiet: nothing but the leak itself; leaks count as errors for the exit status. */
#include <stdlib.h>

static void *volatile lost;

static void __attribute__((noinline)) wipe(void) {
    volatile char room[512];
    for (int i = 0; i < 512; i++) room[i] = 0;
}

int main(void) {
    lost = malloc(7);
    lost = NULL;
    wipe();
    return 5;
}
