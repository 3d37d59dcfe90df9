// SPDX-License-Identifier: MIT
/* Errors next to blocks from every allocating function of C. */
#include <malloc.h>
#include <stdlib.h>

int main(void) {
    volatile char *c = calloc(3, 5);
    c[15] = 1;
    volatile char *m = memalign(64, 50);
    m[50] = 2;
    void *p = NULL;
    if (posix_memalign(&p, 128, 60) != 0) return 1;
    ((volatile char *)p)[61] = 3;
    volatile char *a = aligned_alloc(32, 96);
    a[96] = 4;
    volatile char *r = realloc(NULL, 11);
    r[11] = 5;
    volatile char *v = valloc(30);
    v[-1] = 6;
    free((void *)c);
    free((void *)m);
    free(p);
    free((void *)a);
    free((void *)r);
    free((void *)v);
    return 0;
}
