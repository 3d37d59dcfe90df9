// SPDX-License-Identifier: MIT
/* cc: -pthread */
/* library-heap: yes */
/* Errors in two threads, one after the other, then in the main thread. */
#include <pthread.h>
#include <stdlib.h>

static void *worker(void *argument) {
    volatile char *block = argument;
    block[20] = 1;
    volatile char *own = malloc(3);
    own[3] = 2;
    free((void *)own);
    return NULL;
}

int main(void) {
    char *block = malloc(20);
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, worker, block) != 0) return 1;
        pthread_join(thread, NULL);
    }
    ((volatile char *)block)[21] = 3;
    free(block);
    return 0;
}
