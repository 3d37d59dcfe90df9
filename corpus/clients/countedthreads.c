// SPDX-License-Identifier: MIT
/* Threads and a child that call one function a known number of times: 4 threads 100,000 times each, the child 1,000 times more. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static void counted(volatile long *n) {
    (*n)++;
}

static void *run(void *unused) {
    volatile long n = 0;
    for (int i = 0; i < 100000; i++) {
        counted(&n);
    }
    return unused;
}

int main(void) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, run, NULL);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    int child = fork();
    if (child == 0) {
        volatile long n = 0;
        for (int i = 0; i < 1000; i++) {
            counted(&n);
        }
        _exit(3);
    }
    int status;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 3 ? 0 : 1;
}
