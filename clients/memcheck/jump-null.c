// SPDX-License-Identifier: MIT
/* differs: we name the caller; Valgrind has no unwind rule at address 0 and follows the frame pointer past it */
/* A call through a null function pointer. */
int main(void) {
    void (*volatile nothing)(void) = 0;
    nothing();
    return 0;
}
