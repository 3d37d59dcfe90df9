// SPDX-License-Identifier: MIT
/* A local variable that is set on one path only. */
#include <stdio.h>

static int sum(int n) {
    int total;
    if (n > 100) {
        total = 0;
    }
    for (int i = 0; i < 3; i++) {
        total += i;
    }
    return total;
}

int main(int argc, char **argv) {
    if (sum(argc) > 3) {
        puts("more");
    }
    return 0;
}
