// SPDX-License-Identifier: MIT
/* Requests of memcheck.h, written out: what they ask for is in valgrind.h's own comments. */
#include <stdio.h>
#include <stdlib.h>

static unsigned long request(unsigned long otherwise, unsigned long code, const void *address, unsigned long bytes) {
    volatile unsigned long args[6] = {code, (unsigned long) address, bytes, 0, 0, 0};
    unsigned long answer = otherwise;
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx"
            : "=d"(answer) : "a"(&args[0]), "0"(otherwise) : "cc", "memory");
    return answer;
}

int main(void) {
    char *p = malloc(16);
    printf("%lu\n", request(0, 0x1001, NULL, 0));
    request(0, 0x4d430002, p, 8);
    if (p[3] == 'x') {
        puts("x");
    }
    printf("%ld\n", (long) (request(0, 0x4d430005, p, 16) - (unsigned long) p));
    request(0, 0x4d430001, p, 4);
    if (p[3] == 'x') {
        puts("x");
    }
    request(0, 0x4d430000, p + 8, 4);
    p[9] = 1;
    printf("%ld\n", (long) (request(0, 0x4d430004, p, 16) - (unsigned long) p));
    request(0, 0x4d430002, p + 8, 4);
    p[9] = 1;
    printf("%lu\n", request(0, 0x4d430004, p, 16));
    free(p);
    return 0;
}
