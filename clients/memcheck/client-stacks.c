// SPDX-License-Identifier: MIT
/* Two stacks side by side, made known by requests: what is on one stays defined while the program runs on the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST(code, a, b, c) __extension__({ \
    volatile unsigned long args_[6] = {code, (unsigned long) (a), (unsigned long) (b), (unsigned long) (c), 0, 0}; \
    unsigned long answer_ = 0; \
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx" \
            : "=d"(answer_) : "a"(&args_[0]), "0"(0UL) : "cc", "memory"); \
    answer_; })

/* Saves the registers a call keeps, and goes on where the other stack was left. */
void change(void **save, void *to);
__asm__("change: pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14; pushq %r15\n"
        "movq %rsp, (%rdi); movq %rsi, %rsp\n"
        "popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx; ret\n");

enum { SIZE = 64 << 10 };
static void *main_stack, *routines[2];
static int current;

/* The first one hands over to the second one above it, that one to the main program. */
static void leave(int mine) {
    current = 1;
    change(&routines[mine], mine == 0 ? routines[1] : main_stack);
}

static void run(void) {
    int mine = current;
    volatile int table[1000];
    for (int i = 0; i < 1000; i++) {
        table[i] = i + mine;
    }
    for (int round = 0; round < 4; round++) {
        leave(mine);
        int sum = 0;
        for (int i = 0; i < 1000; i++) {
            sum += table[i];
        }
        if (sum != 499500 + 1000 * mine) {
            puts("wrong");
        }
    }
    leave(mine);
    abort();
}

int main(void) {
    static char memory[2 * SIZE] __attribute__((aligned(64)));
    unsigned long ids[2];
    for (int i = 0; i < 2; i++) {
        char *low = memory + i * SIZE;
        ids[i] = REQUEST(0x1501, low, low + SIZE, 0);
        void **top = (void **) (low + SIZE - 16);
        *--top = NULL;
        *--top = (void *) run;
        top -= 6;
        memset(top, 0, 6 * sizeof *top);
        routines[i] = top;
    }
    for (int round = 0; round < 5; round++) {
        current = 0;
        change(&main_stack, routines[0]);
    }
    REQUEST(0x1503, ids[0], memory, memory + SIZE);
    REQUEST(0x1502, ids[0], 0, 0);
    REQUEST(0x1502, ids[1], 0, 0);
    puts("done");
    return 0;
}
