// SPDX-License-Identifier: MIT
/* Sixteen-byte stores and loads behind and across the end of a block. */
#include <emmintrin.h>
#include <stdlib.h>

static volatile __m128i sink;

int main(void) {
    char *b = calloc(2, 16);
    *(volatile __m128i *)(b + 32) = _mm_set1_epi8(1);
    sink = *(volatile __m128i *)(b + 32);
    *(volatile __m128i_u *)(b + 24) = _mm_set1_epi8(2);
    free(b);
    return 0;
}
