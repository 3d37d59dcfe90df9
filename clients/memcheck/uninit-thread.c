// SPDX-License-Identifier: MIT
/* cc: -pthread */
/* A thread other than the first one uses what nobody has set. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *arg) {
    int *p = arg;
    if (p[1] == 2) {
        puts("two");
    }
    return NULL;
}

int main(void) {
    int *p = malloc(8);
    p[0] = 1;
    pthread_t t;
    pthread_create(&t, NULL, work, p);
    pthread_join(t, NULL);
    free(p);
    return 0;
}
