// SPDX-License-Identifier: MIT
/* Death by SIGFPE. */
static volatile int zero;

int main(void) {
    return 7 / zero;
}
