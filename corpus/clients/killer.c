// SPDX-License-Identifier: MIT
/* Children, with and without a second thread, that are killed while they map, load and execute code. Argument: how many. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <string.h>
#include <dlfcn.h>
#include <pthread.h>
static void *work(void *p) {
    for (;;) {
        unsigned char *q = mmap(0, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memcpy(q, "\x8d\x47\x01\xc3", 4);
        ((int (*)(int)) q)(1);
        munmap(q, 65536);
        free(malloc(100));
        void *z = dlopen("libm.so.6", RTLD_NOW); if (z) dlclose(z);
    }
    return p;
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 30, killed = 0;
    srand(1);
    for (int i = 0; i < n; i++) {
        int c = fork();
        if (c == 0) {
            if (i % 3 == 0) { execlp("perl", "perl", "-e", "for (1..1e9) { $x .= chr(65 + $_ % 26); $x = '' if length $x > 1000 }", NULL); _exit(1); }
            pthread_t t; if (i % 2) pthread_create(&t, 0, work, 0);
            work(0);
        }
        usleep(rand() % 30000);
        kill(c, SIGKILL);
        int s; waitpid(c, &s, 0);
        killed += WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL;
    }
    printf("%d\n", killed);
    return 0;
}
