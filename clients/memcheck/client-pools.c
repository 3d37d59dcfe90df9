// SPDX-License-Identifier: MIT
/* Allocators of the program's own, described by requests of valgrind.h, written out. */
/* options: --leak-check=full --show-leak-kinds=all */
/* library-heap: yes */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MALLOCLIKE = 0x1301, FREELIKE, CREATE_POOL, DESTROY_POOL, POOL_ALLOC, POOL_FREE, POOL_TRIM, MOVE_POOL, POOL_CHANGE, POOL_EXISTS, RESIZE,
    NO_ACCESS = 0x4d430000, DEFINED = 0x4d430002, NAME = 0x4d43000a, FORGET_NAME = 0x4d430003
};

#define REQUEST(code, a, b, c, d) __extension__({ \
    volatile unsigned long args_[6] = {code, (unsigned long) (a), (unsigned long) (b), (unsigned long) (c), (unsigned long) (d), 0}; \
    unsigned long answer_ = 0; \
    __asm__ volatile("rolq $3, %%rdi; rolq $13, %%rdi; rolq $61, %%rdi; rolq $51, %%rdi; xchgq %%rbx, %%rbx" \
            : "=d"(answer_) : "a"(&args_[0]), "0"(0UL) : "cc", "memory"); \
    answer_; })

struct pool { char *memory; size_t used; } one, two;
static char arena[1000];
static char named[64];
char *kept;

static char *take(struct pool *p, size_t bytes) {
    char *at = p->memory + p->used + 16;
    p->used += bytes + 32;
    REQUEST(POOL_ALLOC, p, at, bytes, 0);
    return at;
}

int main(void) {
    one.memory = malloc(1000);
    REQUEST(NO_ACCESS, one.memory, 1000, 0, 0);
    REQUEST(CREATE_POOL, &one, 16, 0, 0);
    char *x = take(&one, 10);
    char *y = take(&one, 20);
    char *z = take(&one, 32);
    x[10] = 1;
    if (y[3]) {
        puts("y");
    }
    REQUEST(POOL_FREE, &one, y, 0, 0);
    y[5] = 2;
    REQUEST(POOL_FREE, &one, y, 0, 0);
    REQUEST(POOL_FREE, &two, y, 0, 0);
    REQUEST(POOL_CHANGE, &one, z, z, 30);
    REQUEST(POOL_CHANGE, &one, z + 1, z, 30);
    z[29] = 1;
    REQUEST(POOL_TRIM, &one, z, 100, 0);
    x[0] = 1;
    z[0] = 1;
    fprintf(stderr, "%lu %lu\n", REQUEST(POOL_EXISTS, &one, 0, 0, 0), REQUEST(POOL_EXISTS, &two, 0, 0, 0));
    REQUEST(MOVE_POOL, &one, &two, 0, 0);
    fprintf(stderr, "%lu %lu\n", REQUEST(POOL_EXISTS, &one, 0, 0, 0), REQUEST(POOL_EXISTS, &two, 0, 0, 0));
    REQUEST(DESTROY_POOL, &two, 0, 0, 0);
    REQUEST(DESTROY_POOL, &two, 0, 0, 0);
    z[1] = 1;
    REQUEST(CREATE_POOL, &one, 0, 1, 0);
    take(&one, 48);
    char *last = take(&one, 56);
    if (last[3]) {
        puts("zeroed");
    }
    last = NULL;

    REQUEST(MALLOCLIKE, arena + 16, 20, 16, 1);
    arena[16 + 20] = 3;
    REQUEST(RESIZE, arena + 16, 20, 10, 16);
    arena[16 + 12] = 3;
    REQUEST(RESIZE, arena + 16, 20, 10, 16);
    REQUEST(FREELIKE, arena + 16, 16, 0, 0);
    arena[17] = 3;
    REQUEST(FREELIKE, arena + 16, 16, 0, 0);
    REQUEST(MALLOCLIKE, arena + 160, 20, 0, 0);
    REQUEST(MALLOCLIKE, arena + 264, 24, 0, 0);
    REQUEST(MALLOCLIKE, 0, 24, 0, 0);
    free(arena + 160);
    char *mine = malloc(8);
    REQUEST(FREELIKE, mine, 0, 0, 0);

    unsigned long number = REQUEST(NAME, named + 8, 16, "queue", 0);
    REQUEST(NO_ACCESS, named + 8, 16, 0, 0);
    named[12] = 1;
    fprintf(stderr, "%lu\n", REQUEST(FORGET_NAME, 0, number, 0, 0));
    fprintf(stderr, "%lu\n", REQUEST(FORGET_NAME, 0, number, 0, 0));
    named[13] = 1;
    REQUEST(DEFINED, named, 64, 0, 0);
    mine = NULL;
    memset(&x, 0, sizeof x);
    return 0;
}
