// SPDX-License-Identifier: MIT
// The same work in each of as many threads as the argument says.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *argument) {
    unsigned long x = (unsigned long)argument, sum = 0;
    unsigned table[1024];
    for (int i = 0; i < 1024; i++) {
        table[i] = (unsigned)i * 2654435761u;
    }
    for (int i = 0; i < 60000000; i++) {
        x = x * 5 + table[x & 1023];
        sum += x >> 9;
    }
    return (void *)sum;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1;
    pthread_t threads[64];
    unsigned long sum = 0;
    for (int i = 0; i < n && i < 64; i++) {
        pthread_create(&threads[i], NULL, work, (void *)1UL);
    }
    for (int i = 0; i < n && i < 64; i++) {
        void *result;
        pthread_join(threads[i], &result);
        sum += (unsigned long)result;
    }
    printf("%lu\n", sum);
    return 0;
}
