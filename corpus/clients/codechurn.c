// SPDX-License-Identifier: MIT
/* Code that is mapped, executed and unmapped again, each time 64 MiB further on, while other threads sleep, run, and come and go; a
   library that is loaded and unloaded; children that do the same. Arguments: rounds, threads. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int stop;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *sleeps(void *unused) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *runs(void *unused) {
    volatile long n = 0;
    while (!stop) {
        n++;
        if (n % 1000 == 0) {
            getppid();
        }
    }
    return unused;
}

static void *nothing(void *unused) {
    return unused;
}

/* lea eax, [rdi + n]; ret */
static long map_and_run(uintptr_t at, int n) {
    unsigned char *p = mmap((void *) at, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        return -1;
    }
    unsigned char code[] = {0x8d, 0x87, n & 0xff, n >> 8 & 0xff, 0, 0, 0xc3};
    memcpy(p, code, sizeof code);
    long sum = 0;
    for (int i = 0; i < 10; i++) {
        sum += ((int (*)(int)) p)(i);
    }
    munmap(p, 4096);
    return sum;
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 200;
    int threads = argc > 2 ? atoi(argv[2]) : 1;
    pthread_t sleeper, runner;
    pthread_mutex_lock(&lock);
    if (threads) {
        pthread_create(&sleeper, NULL, sleeps, NULL);
        pthread_create(&runner, NULL, runs, NULL);
    }
    long sum = 0;
    for (int i = 0; i < rounds; i++) {
        sum += map_and_run(0x100000000000 + (uintptr_t) (i % 5000) * (64 << 20), i);
        if (i % 8 == 0) {
            void *z = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
            sum += z != NULL;
            dlclose(z);
        }
        if (threads && i % 16 == 0) {
            pthread_t t;
            pthread_create(&t, NULL, nothing, NULL);
            pthread_join(t, NULL);
        }
        if (i % 50 == 49) {
            fflush(stdout);
            int child = fork();
            if (child == 0) {
                long mine = 0;
                for (int k = 0; k < 5; k++) {
                    mine += map_and_run(0x200000000000 + (uintptr_t) k * (64 << 20), k);
                }
                _exit(mine == 325 ? 0 : 1);
            }
            int status;
            waitpid(child, &status, 0);
            sum += status == 0;
        }
    }
    stop = 1;
    pthread_mutex_unlock(&lock);
    if (threads) {
        pthread_join(sleeper, NULL);
        pthread_join(runner, NULL);
    }
    printf("%ld\n", sum);
    return 0;
}
