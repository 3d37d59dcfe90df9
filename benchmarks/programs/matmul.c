// SPDX-License-Identifier: MIT
// Products of integer matrices: little code, many loads.
#include <stdio.h>

enum { N = 256 };
static int a[N][N], b[N][N], c[N][N];

int main(void) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = i * 7 + j;
            b[i][j] = i ^ j;
        }
    }
    for (int round = 0; round < 30; round++) {
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < N; k++) {
                int x = a[i][k] + round;
                for (int j = 0; j < N; j++) {
                    c[i][j] += x * b[k][j];
                }
            }
        }
    }
    unsigned sum = 0;
    for (int i = 0; i < N; i++) {
        sum = sum * 31 + (unsigned)c[i][N - 1 - i];
    }
    printf("%u\n", sum);
    return 0;
}
