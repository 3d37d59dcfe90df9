// SPDX-License-Identifier: MIT
/* cc: -mavx */
/* Thirty-two-byte stores and loads behind a block. */
#include <immintrin.h>
#include <stdlib.h>

static volatile __m256i sink;

int main(void) {
    char *b = aligned_alloc(32, 64);
    for (int i = 0; i < 64; i++) b[i] = (char)i;
    *(volatile __m256i *)(b + 64) = _mm256_set1_epi8(1);
    sink = *(volatile __m256i *)(b + 64);
    _mm256_zeroupper();
    free(b);
    return 0;
}
