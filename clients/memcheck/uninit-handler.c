// SPDX-License-Identifier: MIT
/* Undefined values in a signal handler, in a realigned frame above it, and below a frame of 700,000 bytes. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static void wide(int *p) {
    volatile char room[700000];
    memset((void *) room, 1, sizeof room);
    if (p[0] > 3 && room[5] == 1) {
        puts("wide");
    }
}

__attribute__((noinline)) static void realigned(int *p) {
    _Alignas(64) volatile char room[256];
    room[3] = 1;
    if (p[1] > 3 && room[3] == 1) {
        puts("realigned");
    }
}

static void handler(int signal) {
    int *p = malloc(16);
    if (p[signal & 1] > 3) {
        puts("handler");
    }
    realigned(p);
    free(p);
}

__attribute__((noinline)) static void raises(void) {
    raise(SIGUSR1);
}

int main(void) {
    int *p = malloc(8);
    wide(p);
    signal(SIGUSR1, handler);
    raises();
    free(p);
    return 0;
}
