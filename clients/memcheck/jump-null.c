// SPDX-License-Identifier: MIT
/* A call through a null function pointer. */
int main(void) {
    void (*volatile nothing)(void) = 0;
    nothing();
    return 0;
}
