// SPDX-License-Identifier: MIT
// options: --leak-check=full --show-leak-kinds=all
// library-heap: yes
// Blocks that are held by interior pointers of three well-known layouts, and one that is not.
#include <cstdlib>

struct Counted { int x; ~Counted() { x = 0; } };

Counted *array;
char *text;
char *sized;
char *middle;

static void __attribute__((noinline)) build() {
    array = new Counted[3];
    auto *string = static_cast<unsigned long *>(std::calloc(1, 24 + 10 + 1));
    string[0] = 5;
    string[1] = 10;
    text = reinterpret_cast<char *>(string + 3);
    auto *prefixed = static_cast<unsigned long *>(std::calloc(1, 48));
    prefixed[0] = 40;
    sized = reinterpret_cast<char *>(prefixed + 1);
    middle = static_cast<char *>(std::calloc(1, 80)) + 40;
}

static void __attribute__((noinline)) wipe() {
    volatile char room[1024];
    for (int i = 0; i < 1024; i++) room[i] = 0;
}

int main() {
    build();
    wipe();
    return 0;
}
