// SPDX-License-Identifier: MIT
// Code that changes while it is there: rewritten in place, through a second mapping, between two protections, on the stack; read by its
// own program; by several threads.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int (*function)(int);

// mov eax, edi; add eax, imm32; ret
static void adder(unsigned char *at, int n) {
    unsigned char code[] = {0x89, 0xf8, 0x05, 0, 0, 0, 0, 0xc3};
    memcpy(code + 3, &n, 4);
    memcpy(at, code, sizeof code);
}

// xor eax, eax; cmp edi, imm32; jmp next; next: setl al; ret: the flags live across a jump
static void less(unsigned char *at, int n) {
    unsigned char code[] = {0x31, 0xc0, 0x81, 0xff, 0, 0, 0, 0, 0xeb, 0x00, 0x0f, 0x9c, 0xc0, 0xc3};
    memcpy(code + 4, &n, 4);
    memcpy(at, code, sizeof code);
}

// lea rcx, [rip + target]; mov dword [rcx + 1], esi; jmp target; target: mov eax, 0; add eax, edi; ret
static const unsigned char changer[] = {0x48, 0x8d, 0x0d, 5, 0, 0, 0, 0x89, 0x71, 0x01, 0xeb, 0x00, 0xb8, 0, 0, 0, 0, 0x01, 0xf8, 0xc3};

static void *rewriter(void *argument) {
    unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long sum = 0;
    for (int i = 0; i < 300; i++) {
        adder(page, i % 3);
        sum += ((function)page)(i);
    }
    *(long *)argument = sum;
    return NULL;
}

static int apply(int (*f)(int), int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += f(i);
    }
    return sum;
}

static int trampoline(int scale) {
    int times(int n) {
        return n * scale;
    }
    return apply(times, 10);
}

// A function of the program itself, patched as hooking libraries do.
__attribute__((noinline, aligned(4096))) static int victim(int n) {
    __asm__ volatile("");
    return n + 1;
}
__attribute__((noinline, aligned(4096))) static int behind(void) {
    __asm__ volatile("");
    return 0;
}

int main(void) {
    unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
        adder(page + 1, i & 1 ? 5 : i);
        sum += ((function)(page + 1))(i);
        less(page + 64, 500 - i % 2);
        sum += ((function)(page + 64))(i);
    }
    printf("in place %ld\n", sum);

    memcpy(page + 256, changer, sizeof changer);
    sum = 0;
    for (int i = 0; i < 20; i++) {
        sum = sum * 3 + ((int (*)(int, int))(page + 256))(1, i);
    }
    printf("by itself %ld\n", sum);

    int fd = memfd_create("code", 0);
    if (ftruncate(fd, 4096) != 0) {
        return 1;
    }
    unsigned char *writable = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    unsigned char *executable = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    sum = 0;
    for (int i = 0; i < 50; i++) {
        adder(writable, i * i);
        sum += ((function)executable)(1);
    }
    printf("second mapping %ld\n", sum);

    unsigned char *turns = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sum = 0;
    for (int i = 0; i < 50; i++) {
        mprotect(turns, 4096, PROT_READ | PROT_WRITE);
        adder(turns, i * 7);
        mprotect(turns, 4096, PROT_READ | PROT_EXEC);
        sum += ((function)turns)(2);
    }
    printf("in turns %ld\n", sum);

    printf("own text %d", victim(1) + behind());
    mprotect((void *)victim, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    adder((unsigned char *)victim, 40);
    mprotect((void *)victim, 4096, PROT_READ | PROT_EXEC);
    printf(" %d\n", victim(2));

    sum = 0;
    for (int i = 0; i < 20; i++) {
        sum += trampoline(i);
    }
    printf("trampoline %ld\n", sum);

    pthread_t threads[4];
    long sums[4];
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, rewriter, &sums[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        printf("thread %ld\n", sums[i]);
    }
    fflush(stdout);
    if (fork() == 0) {
        adder(page + 1, 77);
        printf("child %d\n", ((function)(page + 1))(1));
        return 0;
    }
    wait(NULL);
    printf("parent %d\n", ((function)(page + 1))(1) > 0);
    return 0;
}
