// SPDX-License-Identifier: MIT
/* A handler between the load of something undefined and its use. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static volatile int seen;

static void handler(int signal) {
    int local[4] = {signal, 2, 3, 4};
    for (int i = 0; i < 4; i++) {
        if (local[i] > 0) {
            seen++;
        }
    }
}

int main(void) {
    signal(SIGUSR1, handler);
    int *p = malloc(4);
    int x = *p;
    raise(SIGUSR1);
    if (seen == 4) {
        puts("handled");
    }
    if (x == 9) {
        puts("nine");
    }
    free(p);
    return 0;
}
