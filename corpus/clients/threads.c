// SPDX-License-Identifier: MIT
// Threads that add under a mutex, with atomics and alone; the sums do not depend on their order.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long locked;
static atomic_long counted;
static __thread long own;

static void *work(void *argument) {
    long n = (long)argument;
    for (long i = 0; i < 20000; i++) {
        pthread_mutex_lock(&mutex);
        locked += i % n;
        pthread_mutex_unlock(&mutex);
        atomic_fetch_add(&counted, 1);
        own += i ^ n;
    }
    return (void *)own;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 4;
    pthread_t threads[64];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < n; i++) {
            if (pthread_create(&threads[i], NULL, work, (void *)(long)(i + 1)) != 0) {
                return 2;
            }
        }
        long sum = 0;
        for (int i = 0; i < n; i++) {
            void *result;
            pthread_join(threads[i], &result);
            sum += (long)result;
        }
        printf("%ld %ld %ld\n", locked, (long)counted, sum);
    }
    return 0;
}
