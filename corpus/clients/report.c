// SPDX-License-Identifier: MIT
// Three errors and two leaks, in a child too if asked, for tests of the forms of reports.
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#pragma GCC optimize("O0")
struct node {
    struct node *next;
};

__attribute__((noinline)) static void lose(void) {
    struct node *a = malloc(24);
    a->next = malloc(30);
    a->next->next = NULL;
    memset(&a, 0, sizeof a);
}

__attribute__((noinline)) static void wrong(char *p, int n) {
    p[10] = 1;
    if (p[n]) {
        p[1] = 2;
    }
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "fork") == 0 && fork() > 0) {
        wait(NULL);
    }
    char *p = malloc(10);
    wrong(p, argc);
    lose();
    free(p);
    free(p);
    return 7;
}
