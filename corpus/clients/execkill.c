// SPDX-License-Identifier: MIT
/* Children that are signalled while they execute another program. Argument: how many. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 60, term = 0, killed = 0, other = 0;
    srand(1);
    for (int i = 0; i < n; i++) {
        int c = fork();
        if (c == 0) {
            execlp("sleep", "sleep", "100", NULL);
            _exit(1);
        }
        usleep(rand() % 6000);
        if (i % 3 == 2) {
            kill(c, SIGSTOP);
            usleep(rand() % 3000);
            kill(c, SIGCONT);
        }
        kill(c, i % 3 == 1 ? SIGKILL : SIGTERM);
        int s;
        waitpid(c, &s, 0);
        if (!WIFSIGNALED(s)) {
            other++;
        } else if (WTERMSIG(s) == SIGTERM) {
            term++;
        } else {
            killed += WTERMSIG(s) == SIGKILL;
        }
    }
    printf("%d %d %d\n", term, killed, other);
    return 0;
}
