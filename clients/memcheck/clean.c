// SPDX-License-Identifier: MIT
/* Nothing wrong: every heap function once, everything freed. */
#include <stdlib.h>
#include <unistd.h>

int main(void) {
    int *numbers = malloc(10 * sizeof *numbers);
    for (int i = 0; i < 10; i++) numbers[i] = i * i;
    numbers = realloc(numbers, 20 * sizeof *numbers);
    for (int i = 10; i < 20; i++) numbers[i] = i;
    long *zeros = calloc(4, sizeof *zeros);
    zeros[3] = numbers[9];
    void *aligned = NULL;
    if (posix_memalign(&aligned, 64, 100) != 0) return 1;
    int ok = numbers[9] == 81 && zeros[0] == 0 && ((unsigned long)aligned & 63) == 0;
    free(aligned);
    free(zeros);
    free(numbers);
    if (write(1, ok ? "ok\n" : "no\n", 3) != 3) return 2;
    return 0;
}
