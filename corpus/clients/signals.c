// SPDX-License-Identifier: MIT
// Handlers: raised, by timer while computing, with siginfo, on another stack, for a fault that is repaired, nested.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t seen, ticks, nested;
static char *page;
static sigjmp_buf back;

static void count(int signal) { (void)signal; seen++; }
static void tick(int signal) { (void)signal; ticks++; }
static void outer(int signal) { (void)signal; raise(SIGUSR2); nested = nested * 10 + 1; }
static void inner(int signal) { (void)signal; nested = nested * 10 + 2; }
static void repair(int signal, siginfo_t *info, void *context) {
    (void)signal; (void)context;
    if ((char *)info->si_addr != page + 5) {
        _exit(3);
    }
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}
static void leave(int signal) { siglongjmp(back, signal); }

int main(int argc, char **argv) {
    signal(SIGUSR1, count);
    for (int i = 0; i < 200; i++) {
        raise(SIGUSR1);
    }
    printf("raised %d\n", (int)seen);

    signal(SIGALRM, tick);
    int period = argc > 1 ? atoi(argv[1]) : 20000;
    struct itimerval every = {{0, period}, {0, period}};
    setitimer(ITIMER_REAL, &every, NULL);
    volatile unsigned long x = 1;
    unsigned long steps = 0;
    while (ticks < 20) {
        x = x * 6364136223846793005UL + 1442695040888963407UL;
        steps++;
    }
    memset(&every, 0, sizeof every);
    setitimer(ITIMER_REAL, &every, NULL);
    printf("ticks %s\n", ticks >= 20 && steps > 0 ? "yes" : "no");

    signal(SIGUSR1, outer);
    signal(SIGUSR2, inner);
    raise(SIGUSR1);
    printf("nested %d\n", (int)nested);

    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    page[5] = 'a';
    printf("repaired %c\n", page[5]);

    signal(SIGSEGV, leave);
    if (sigsetjmp(back, 1) == 0) {
        *(volatile int *)8 = 1;
    } else {
        printf("left the handler by a jump\n");
    }
    sigset_t set, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    nested = 0;
    raise(SIGUSR1);
    sigpending(&pending);
    printf("pending %d, ran %d\n", sigismember(&pending, SIGUSR1), (int)nested);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("ran %d\n", (int)nested);
    fflush(stdout);
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
    return 0;
}
