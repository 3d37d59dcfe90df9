// SPDX-License-Identifier: MIT
/* Death by a write into read-only memory: bad permissions. */
static const char fixed[] = "constant";

int main(void) {
    volatile char *p = (volatile char *)(unsigned long)fixed;
    p[0] = 'C';
    return 0;
}
