// SPDX-License-Identifier: MIT
/* A signal comes together with the result of the call that it ends. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int seen;

static void handler(int signal) {
    seen += signal == SIGCHLD;
}

int main(void) {
    signal(SIGCHLD, handler);
    int *status = malloc(20 * sizeof *status);
    int good = 0;
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0) {
            usleep(2000);
            _exit(i);
        }
        while (waitpid(child, &status[i], 0) != child) {
        }
        good += WIFEXITED(status[i]) && WEXITSTATUS(status[i]) == i;
    }
    printf("%d %d\n", good, seen);
    free(status);
    return 0;
}
