// SPDX-License-Identifier: MIT
// options: --leak-check=full --show-leak-kinds=all
// library-heap: yes
// An object that is held by a pointer to its second base class only, and one of whose layout nothing tells.
#include <cstdlib>

struct First { long one = 1; virtual ~First() {} virtual int f() { return 1; } };
struct Second { long two = 2; virtual ~Second() {} virtual int g() { return 2; } };
struct Both : First, Second { long three = 3; int f() override { return 3; } int g() override { return 4; } };
struct Plain { long x[4] = {}; };

Second *held;
long *middle;

static void __attribute__((noinline)) build() {
    held = new Both;
    middle = &(new Plain)->x[2];
}

static void __attribute__((noinline)) wipe() {
    volatile char room[1024];
    for (int i = 0; i < 1024; i++) room[i] = 0;
}

int main() {
    build();
    wipe();
    return held->g() - 4;
}
