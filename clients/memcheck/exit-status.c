// SPDX-License-Identifier: MIT
/* options: --leak-check=full --error-exitcode=99 */
/* No error: the program's own exit status stays. */
#include <stdlib.h>

int main(void) {
    void *p = malloc(1);
    free(p);
    exit(17);
}
