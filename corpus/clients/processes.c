// SPDX-License-Identifier: MIT
// fork, pipes, wait statuses, a fork of a fork, vfork with exec, an exec that fails.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int ended(pid_t pid) {
    int status;
    if (waitpid(pid, &status, 0) != pid) {
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int main(void) {
    setbuf(stdout, NULL);
    int pipes[2];
    if (pipe(pipes) != 0) {
        return 2;
    }
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        if (child == 0) {
            char letter = (char)('a' + i);
            if (write(pipes[1], &letter, 1) != 1) {
                _exit(99);
            }
            _exit(i * 3);
        }
        char letter = 0;
        if (read(pipes[0], &letter, 1) != 1) {
            return 3;
        }
        int status = ended(child);
        printf("child %c %d\n", letter, status);
    }
    pid_t child = fork();
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild == 0) {
            abort();
        }
        int status = ended(grandchild);
        printf("grandchild %d\n", status);
        exit(status == 1000 + SIGABRT ? 5 : 6);
    }
    printf("child %d\n", ended(child));
    child = vfork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", "echo from exec; exit 11", (char *)NULL);
        _exit(98);
    }
    printf("exec %d\n", ended(child));
    execl("/nonexistent/program", "program", (char *)NULL);
    printf("exec failed %d\n", errno == ENOENT);
    execl("/bin/echo", "echo", "last", "words", (char *)NULL);
    return 4;
}
