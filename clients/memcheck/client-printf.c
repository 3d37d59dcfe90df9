// SPDX-License-Identifier: MIT
/* What a program says through the checker: VALGRIND_PRINTF, _BACKTRACE and COUNT_ERRORS, written out. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long request(unsigned long code, const void *first, const void *second) {
    volatile unsigned long args[6] = {code, (unsigned long) first, (unsigned long) second, 0, 0, 0};
    unsigned long answer = 0;
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx"
            : "=d"(answer) : "a"(&args[0]), "0"(0UL) : "cc", "memory");
    return answer;
}

__attribute__((noinline)) static void say(unsigned long code, const char *format, ...) {
    va_list list;
    va_start(list, format);
    request(code, format, &list);
    va_end(list);
}

int main(void) {
    say(0x1403, "numbers %d %5u|%04x %lx\n", -1, 7u, 255, 0x123456789abcUL);
    say(0x1403, "a line %s%c", "begun", ',');
    say(0x1403, " and ended %d %d %d %d %d %d\n", 1, 2, 3, 4, 5, 6);
    say(0x1404, "from here\n");
    char *p = malloc(3);
    p[3] = 1;
    printf("%lu\n", request(0x1201, NULL, NULL));
    free(p);
    return 0;
}
