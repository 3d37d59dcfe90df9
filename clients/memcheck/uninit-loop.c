// SPDX-License-Identifier: MIT
/* The same place many times: counted, printed once. */
#include <stdlib.h>

int main(void) {
    char *p = malloc(50);
    int n = 0;
    for (int i = 0; i < 50; i++) {
        if (p[i] == 'x') {
            n++;
        }
    }
    free(p);
    return 0;
}
