// SPDX-License-Identifier: MIT
/* options: --error-exitcode=99 */
/* An error replaces the exit status. */
#include <stdlib.h>

int main(void) {
    volatile char *p = malloc(1);
    p[1] = 0;
    free((void *)p);
    return 17;
}
