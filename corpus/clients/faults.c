// SPDX-License-Identifier: MIT
/* Memory that is not there, at every place of a call that leads to more memory: nothing of it stops the program or the checker. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void call(const char *name, long number, long a, long b, long c, long d) {
    errno = 0;
    syscall(number, a, b, c, d);
    printf("%s: %s\n", name, strerror(errno));
    fflush(stdout);
}

int main(void) {
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    long gone = (long) page + 4096;
    long end = gone - 8;
    memset(page, 'x', 4096);
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    call("string into nothing", SYS_access, end, 0, 0, 0);
    call("string nowhere", SYS_access, gone, 0, 0, 0);
    call("vectors nowhere", SYS_writev, pair[0], gone, 2, 0);
    call("vectors into nothing", SYS_writev, pair[0], end, 2, 0);
    call("vectors of nonsense", SYS_writev, pair[0], (long) page, 2, 0);
    call("buffer into nothing", SYS_write, pair[0], gone, 20, 0);
    call("message nowhere", SYS_sendmsg, pair[0], gone, 0, 0);
    call("message of nonsense", SYS_sendmsg, pair[0], (long) page, 0, 0);
    call("message to receive nowhere", SYS_recvmsg, pair[0], gone, MSG_DONTWAIT, 0);
    call("address nowhere", SYS_connect, pair[0], gone, 16, 0);
    call("address into nothing", SYS_connect, pair[0], end, 16, 0);
    call("size nowhere", SYS_getsockname, pair[0], (long) page, gone, 0);
    call("program nowhere", SYS_execve, gone, 0, 0, 0);
    call("arguments nowhere", SYS_execve, (long) "/", gone, 0, 0);
    call("argument nowhere", SYS_execve, (long) "/", (long) (long[]) {gone, 0}, 0, 0);
    call("time nowhere", SYS_nanosleep, gone, 0, 0, 0);
    call("handler nowhere", SYS_rt_sigaction, 10, gone, 0, 8);
    call("length of everything", SYS_write, 1 << 20, (long) page, -1, 0);
    call("no call", 777, gone, gone, gone, gone);
    return 0;
}
