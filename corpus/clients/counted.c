// SPDX-License-Identifier: MIT
/* Without a C library, so that every instruction is in this file: what tools count is known beforehand. Exit status 7. */
/* gcc -O1 -g -nostdlib -static -fno-stack-protector -fcf-protection=none */
__attribute__((noinline)) static void loop(long rounds) {
    __asm__ volatile("nop\n1: subq $1, %0\n jne 1b" : "+r"(rounds) : : "cc");     // two instructions a round, taken but for the last
}

__attribute__((noinline)) static void never(long rounds) {
    __asm__ volatile("nop\n1: testq %0, %0\n js 2f\n subq $1, %0\n jne 1b\n2:" : "+r"(rounds) : : "cc");
}

void _start(void) {
    for (int i = 0; i < 10; i++) {
        loop(1000);
    }
    never(500);
    __asm__ volatile("movl $231, %%eax\n movl $7, %%edi\n syscall" : : : "rax", "rdi", "rcx", "r11");
}
