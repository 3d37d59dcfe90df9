// SPDX-License-Identifier: MIT
/* What system calls are given: undefined and inaccessible buffers, strings, structures, numbers. */
/* options: -q */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

int main(void) {
    int out = open("/dev/null", O_WRONLY);
    int zero = open("/dev/zero", O_RDONLY);
    char *p = malloc(10);
    write(out, p, 10);
    memset(p, 1, 9);
    write(out, p, 10);
    write(out, p, 9);
    write(out, p, 11);
    struct iovec v[2] = {{"abc", 3}, {p + 5, 5}};
    writev(out, v, 2);
    char *name = malloc(4);
    memcpy(name, "/tmp", 4);
    access(name, R_OK);
    access((char *) 8, R_OK);
    read(zero, (char *) 0x5000000, 10);
    read(zero, p, 10);
    write(out, p, 10);
    int *number = malloc(sizeof *number);
    lseek(out, *number, SEEK_SET);
    close(*number | 1 << 20);
    struct pollfd *fds = malloc(sizeof *fds);
    fds->fd = out;
    poll(fds, 1, 0);
    struct sigaction *action = malloc(sizeof *action);
    action->sa_handler = SIG_IGN;
    action->sa_flags = 0;
    sigaction(SIGUSR1, action, NULL);
    struct itimerval *timer = malloc(sizeof *timer);
    timer->it_interval = (struct timeval) {0, 0};
    timer->it_value.tv_sec = 0;
    setitimer(ITIMER_REAL, timer, NULL);
    struct sockaddr_in *in = malloc(sizeof *in);
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    connect(s, (struct sockaddr *) in, sizeof *in);
    int pair[2];
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    char *text = malloc(8);
    struct iovec part = {text, 8};
    struct msghdr *message = malloc(sizeof *message);
    memset(message, 0, sizeof *message);
    message->msg_iov = &part;
    message->msg_iovlen = 1;
    sendmsg(pair[0], message, 0);
    send(pair[0], text, 8, 0);
    recv(pair[1], text, 8, 0);
    struct winsize *size = malloc(sizeof *size);
    ioctl(out, TIOCSWINSZ, size);
    free(p);
    read(zero, p, 4);
    return 0;
}
