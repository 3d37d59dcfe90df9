// SPDX-License-Identifier: MIT
// Control flow that leaves the usual paths: longjmp, computed goto, a deep recursion, calls by pointer, code written at run time.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static jmp_buf top;

static int deep(int n) {
    volatile char pad[64];
    pad[n % 64] = (char)n;
    return n == 0 ? 0 : deep(n - 1) + 1 + pad[(n + 1) % 64] * 0;
}

static void throw(int n) {
    if (n == 0) {
        longjmp(top, 77);
    }
    throw(n - 1);
}

static int compare(const void *a, const void *b) {
    return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b;
}

// Targets of indirect calls that are alike in many low bits; one does not look at flags, the others do.
__asm__(".text\n.balign 65536\nquiet: xor %eax, %eax\n ret\n.balign 65536\ncarry: setc %al\n movzbl %al, %eax\n ret\n"
        ".balign 65536\nequal: sete %al\n movzbl %al, %eax\n ret\n.text\n");
extern char quiet[], carry[], equal[];

static int with_flags(void *target, int a, int b) {
    int result;
    __asm__ volatile("sub $128, %%rsp\n cmp %2, %1\n call *%3\n lea 128(%%rsp), %%rsp" : "=&a"(result)
                     : "r"(a), "r"(b), "r"(target) : "cc", "memory");
    return result;
}

int main(void) {
    for (int i = 0; i < 100; i++) {
        int from = setjmp(top);
        if (from == 0) {
            throw(i);
        }
    }
    printf("deep %d\n", deep(20000));
    static const void *labels[] = {&&add, &&twice, &&minus, &&end};
    int program[] = {0, 1, 1, 2, 0, 1, 3}, pc = 0, x = 1;
    goto *labels[program[pc++]];
add:
    x += 5;
    goto *labels[program[pc++]];
twice:
    x *= 2;
    goto *labels[program[pc++]];
minus:
    x -= 3;
    goto *labels[program[pc++]];
end:
    printf("goto %d\n", x);
    int numbers[1000];
    unsigned seed = 1;
    for (int i = 0; i < 1000; i++) {
        numbers[i] = (int)((seed = seed * 1103515245u + 12345u) >> 16);
    }
    qsort(numbers, 1000, sizeof numbers[0], compare);
    printf("sorted %d %d %d\n", numbers[0], numbers[500], numbers[999]);
    int flags = 0;
    for (int i = 0; i < 1000; i++) {
        flags += with_flags(quiet, i, 5) + 3 * with_flags(carry, i % 7, 4) + 1000 * with_flags(equal, i % 5, 2);
        flags += with_flags(carry, i % 3, 2) + 7 * with_flags(equal, i & 3, 3);
    }
    printf("flags %d\n", flags);
    unsigned char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int sum = 0;
    for (int i = 0; i < 20; i++) {
        unsigned char bytes[] = {0xb8, (unsigned char)i, 0, 0, 0, 0xc3}; // mov eax, i; ret
        memcpy(code, bytes, sizeof bytes);
        sum += ((int (*)(void))code)();
    }
    printf("rewritten code %d\n", sum);
    return 42;
}
