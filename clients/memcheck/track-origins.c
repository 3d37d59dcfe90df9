// SPDX-License-Identifier: MIT
/* Where undefined values come from: heap, stack, requests; read in place, passed on, copied. */
/* options: -q --track-origins=yes */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

static unsigned long request(unsigned long code, const void *first, unsigned long second) {
    volatile unsigned long args[6] = {code, (unsigned long) first, second, 0, 0, 0};
    unsigned long answer = 0;
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx"
            : "=d"(answer) : "a"(&args[0]), "0"(0UL) : "cc", "memory");
    return answer;
}

struct pair { int a, b; };
__attribute__((noinline)) int f(int *p) { return *p > 3; }
__attribute__((noinline)) int g(void) { int x; volatile int *p = &x; return *p; }
__attribute__((noinline)) struct pair h(struct pair *p) { struct pair q = *p; return q; }
__attribute__((noinline)) static void use(int v, const char *s) { if (v == 77) puts(s); }
int main(void) {
    int local[4];
    int *heap = malloc(16);
    use(heap[1], "heap");
    use(local[2], "local");
    use(f(&local[1]), "f");
    use(g(), "g");
    struct pair q = h((struct pair *) heap);
    use(q.b, "copied");
    int *other = malloc(16);
    memcpy(other, heap, 16);
    free(heap);
    use(other[3], "memcpy");
    other = realloc(other, 64);
    use(other[9], "grown");
    char *s = malloc(5);
    printf("%zu\n", strlen(s) & 0);
    long sum = 0;
    for (int i = 0; i < 4; i++) sum += local[i];
    use(sum, "sum");
    double *d = malloc(8);
    if (*d > 1.0) puts("d");
    int array[4]; 
    array[other[10] & 3] = 1;
    unsigned char *asked = calloc(1, 16);
    request(0x4d430001, asked, 8);
    use(asked[3], "asked");
    request(0x4d430005, asked, 8);
    write(open("/dev/null", O_WRONLY), local, 8);
    close(local[3] | 1 << 30);
    free(other);
    return 0;
}
