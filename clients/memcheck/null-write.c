// SPDX-License-Identifier: MIT
/* Death by SIGSEGV at a small address. */
struct record { long a, b, c; };

int main(void) {
    struct record *volatile none = 0;
    ((volatile struct record *)none)->c = 1;
    return 0;
}
