// SPDX-License-Identifier: MIT
/* free() of an address where nothing is. */
#include <stdlib.h>

int main(void) {
    void *volatile nowhere = (void *)0x1234567890;
    free(nowhere);
    return 0;
}
