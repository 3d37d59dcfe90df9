// SPDX-License-Identifier: MIT
/* Origins of what lies on stacks whose memory other calls have used before, and of heap memory that is handed out again. */
/* cc: -pthread */
/* options: -q --track-origins=yes --freelist-vol=0 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static void use(int v) {
    if (v == 77) {
        puts("77");
    }
}

__attribute__((noinline)) static void keeps(volatile int *from) {
    volatile int copy[8];
    for (int i = 0; i < 8; i++) {
        copy[i] = from[i];
    }
    use(copy[3]);
}

__attribute__((noinline)) static void forgets(void) {
    volatile int own[8];
    use(own[3]);
}

__attribute__((noinline)) static int deep(int n) {
    volatile int own[16];
    if (n > 0) {
        return deep(n - 1);
    }
    return own[5];
}

__attribute__((noinline)) static void fills(int *to) {
    int own[4];
    memcpy(to, own, sizeof own);
}

static void *other(void *unused) {
    int own[4];
    use(own[1]);
    return unused;
}

int main(void) {
    int *heap = malloc(32);
    keeps(heap);
    forgets();
    keeps(heap);
    use(deep(3));
    int filled[4];
    fills(filled);
    use(filled[2]);
    int *block = malloc(16);
    memcpy(block, heap, 16);
    use(block[1]);
    free(block);
    int *again = malloc(16);
    use(again[1]);
    pthread_t thread;
    pthread_create(&thread, NULL, other, NULL);
    pthread_join(thread, NULL);
    free(again);
    free(heap);
    return 0;
}
