// SPDX-License-Identifier: MIT
// As many busy threads as the argument says, each with the same amount of work.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *argument) {
    unsigned long x = (unsigned long)argument, sum = 0;
    unsigned table[256];
    for (int i = 0; i < 256; i++) {
        table[i] = (unsigned)i * 2654435761u;
    }
    for (long i = 0; i < 300000000; i++) {
        x = x * 5 + table[x & 255];
        sum += x >> 7;
    }
    return (void *)sum;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1;
    pthread_t threads[16];
    unsigned long sum = 0;
    for (int i = 0; i < n; i++) {
        pthread_create(&threads[i], NULL, work, (void *)1UL);
    }
    for (int i = 0; i < n; i++) {
        void *result;
        pthread_join(threads[i], &result);
        sum += (unsigned long)result;
    }
    return sum == 1;
}
