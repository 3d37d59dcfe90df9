// SPDX-License-Identifier: MIT
/* Leak checks while the program runs, what they count, and what the checker is told to keep quiet about; requests written out. */
/* options: --leak-check=full --show-leak-kinds=definite,indirect,possible */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SOURCE_LINE = 0x1701, ERRORS_OFF_ON = 0x1801, LEAK_CHECK = 0x4d430006, COUNT_LEAKS, GET_BITS, SET_BITS, COUNT_BLOCKS = 0x4d43000c,
    ADDRESSES_ON, ADDRESSES_OFF, UNDEFINED = 0x4d430001
};

#define REQUEST(code, a, b, c, d) __extension__({ \
    volatile unsigned long args_[6] = {code, (unsigned long) (a), (unsigned long) (b), (unsigned long) (c), (unsigned long) (d), 0}; \
    unsigned long answer_ = 0; \
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx" \
            : "=d"(answer_) : "a"(&args_[0]), "0"(0UL) : "cc", "memory"); \
    answer_; })

static char *volatile held[3];

__attribute__((noinline)) static void lose(size_t bytes) {
    *(char *volatile *) &held[0] = malloc(bytes);
    held[0] = NULL;
}

__attribute__((noinline)) static void lose_two(void) {
    char **first = malloc(24);
    *first = malloc(40);
    held[1] = (char *) first;
    held[1] = NULL;
}

__attribute__((noinline)) static void wipe(void) {
    volatile char stack[512];
    for (int i = 0; i < 512; i++) {
        stack[i] = 0;
    }
}

static void say(const char *what, unsigned long request) {
    unsigned long n[4] = {9, 9, 9, 9};
    REQUEST(request, &n[0], &n[1], &n[2], &n[3]);
    fprintf(stderr, "%s: lost %lu, perhaps %lu, not %lu, suppressed %lu\n", what, n[0], n[1], n[2], n[3]);
}

int main(void) {
    held[2] = malloc(100);
    lose(10);
    wipe();
    REQUEST(LEAK_CHECK, 0, 0, 0, 0);
    say("bytes", COUNT_LEAKS);
    say("blocks", COUNT_BLOCKS);
    lose_two();
    for (int i = 0; i < 3; i++) {
        lose(10);
    }
    wipe();
    REQUEST(LEAK_CHECK, 0, 1, 0, 0);
    REQUEST(LEAK_CHECK, 0, 1, 0, 0);
    free(held[2]);
    held[2] = malloc(50) + 7;
    wipe();
    REQUEST(LEAK_CHECK, 0, 2, 0, 0);
    REQUEST(LEAK_CHECK, 1, 0, 0, 0);
    say("bytes", COUNT_LEAKS);

    char *p = malloc(16);
    REQUEST(ERRORS_OFF_ON, 1, 0, 0, 0);
    p[16] = 1;
    REQUEST(ERRORS_OFF_ON, -1, 0, 0, 0);
    p[17] = 1;
    REQUEST(ADDRESSES_OFF, p + 16, 4, 0, 0);
    p[18] = 1;
    REQUEST(ADDRESSES_ON, p + 18, 1, 0, 0);
    p[18] = 1;
    p[19] = 1;
    unsigned char bits[4] = {0, 0xf0, 0xff, 0};
    fprintf(stderr, "%lu\n", REQUEST(SET_BITS, p, bits, 4, 0));
    memset(bits, 7, 4);
    fprintf(stderr, "%lu\n", REQUEST(GET_BITS, p, bits, 4, 0));
    fprintf(stderr, "%02x %02x %02x %02x\n", bits[0], bits[1], bits[2], bits[3]);
    fprintf(stderr, "%lu\n", REQUEST(GET_BITS, p + 14, bits, 4, 0));
    if (p[1] & 0x0f) {
        fprintf(stderr, "low\n");
    }
    if (p[1] & 0x10) {
        fprintf(stderr, "high\n");
    }
    REQUEST(ADDRESSES_ON, p + 16, 2, 0, 0);
    REQUEST(ADDRESSES_ON, p + 19, 1, 0, 0);
    free(p);
    char line[64] = "";
    REQUEST(SOURCE_LINE, (unsigned long) main + 8, line, 0, 0);
    fprintf(stderr, "%s\n", line);
    return 0;
}
