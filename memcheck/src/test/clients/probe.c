// SPDX-License-Identifier: MIT
// Reads instructions from stdin, a line of hexadecimal bytes each, and answers 1 or 0: whether this processor knows it.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf back;
static volatile int illegal;

static void handler(int signal) {
    illegal = signal == SIGILL;
    siglongjmp(back, 1);
}

int main(void) {
    static unsigned char stack[1 << 16];
    stack_t alt = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alt, NULL);
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_NODEFER | SA_ONSTACK};
    int signals[] = {SIGILL, SIGSEGV, SIGBUS, SIGFPE, SIGTRAP};
    for (int i = 0; i < 5; i++) {
        sigaction(signals[i], &action, NULL);
    }
    unsigned char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    // Everything that a C function may rely on, and addresses that lead nowhere.
    static const unsigned char enter[] = {0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57,
        0x31, 0xc0, 0x31, 0xdb, 0x31, 0xc9, 0x31, 0xd2, 0x31, 0xf6, 0x31, 0xff, 0x31, 0xed, 0x45, 0x31, 0xc0, 0x45, 0x31, 0xc9,
        0x45, 0x31, 0xd2, 0x45, 0x31, 0xdb, 0x45, 0x31, 0xe4, 0x45, 0x31, 0xed, 0x45, 0x31, 0xf6, 0x45, 0x31, 0xff};
    static const unsigned char leave[] = {0xfc, 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3};
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        unsigned char *to = code;
        memcpy(to, enter, sizeof enter);
        to += sizeof enter;
        unsigned byte;
        for (char *at = line; sscanf(at, "%2x", &byte) == 1; at += 2) {
            *to++ = (unsigned char) byte;
        }
        memcpy(to, leave, sizeof leave);
        illegal = 0;
        if (sigsetjmp(back, 1) == 0) {
            ((void (*)(void)) code)();
        }
        puts(illegal ? "0" : "1");
        fflush(stdout);
    }
    return 0;
}
