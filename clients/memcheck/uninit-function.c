// SPDX-License-Identifier: MIT
/* Pointers that are left over from the call before: they lead somewhere, but nobody has set them. */
#include <stdio.h>

static int target = 5;

static void hello(void) {
    puts("hello");
}

static void set(void) {
    void (*volatile f)(void) = hello;
    int *volatile p = &target;
    (void) f;
    (void) p;
}

static int use(void) {
    void (*volatile f)(void);
    int *volatile p;
    f();
    return *p;
}

int main(void) {
    set();
    printf("%d\n", use());
    return 0;
}
