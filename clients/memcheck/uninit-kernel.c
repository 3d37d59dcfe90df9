// SPDX-License-Identifier: MIT
/* What the kernel writes is defined. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    struct stat *s = malloc(sizeof *s);
    struct utsname *u = malloc(sizeof *u);
    struct timespec *t = malloc(sizeof *t);
    struct rlimit *r = malloc(sizeof *r);
    int *fd = malloc(2 * sizeof *fd);
    char *b = malloc(100);
    int n = 0;
    n += stat("/", s) == 0 && S_ISDIR(s->st_mode);
    n += uname(u) == 0 && strlen(u->sysname) > 0;
    n += clock_gettime(CLOCK_REALTIME, t) == 0 && t->tv_sec > 0;
    n += getrlimit(RLIMIT_NOFILE, r) == 0 && r->rlim_cur > 0;
    n += socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0 && fd[0] > 0;
    n += write(fd[0], "hello", 5) == 5;
    struct pollfd *p = malloc(sizeof *p);
    p->fd = fd[1];
    p->events = POLLIN;
    n += poll(p, 1, 1000) == 1 && (p->revents & POLLIN) != 0;
    struct iovec v[2] = {{b, 2}, {b + 50, 10}};
    n += readv(fd[1], v, 2) == 5 && b[1] == 'e' && b[52] == 'o';
    printf("%d\n", n);
    if (b[53] == 'x') {
        puts("x");
    }
    free(s), free(u), free(t), free(r), free(fd), free(b), free(p);
    return 0;
}
