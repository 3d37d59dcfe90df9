// SPDX-License-Identifier: MIT
/* options: --leak-check=full --num-callers=3 */
/* A short stack on request. */
#include <stdlib.h>

static void __attribute__((noinline)) c(volatile char *p) { p[2] = 1; }
static void __attribute__((noinline)) b(volatile char *p) { c(p); }
static void __attribute__((noinline)) a(volatile char *p) { b(p); }

int main(void) {
    char *p = malloc(2);
    a(p);
    free(p);
    return 0;
}
