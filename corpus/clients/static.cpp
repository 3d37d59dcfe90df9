// SPDX-License-Identifier: MIT
// A program that brings its own C library: errors on heap blocks of malloc and new, and in a string function.
#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char **argv) {
    char *text = (char *) malloc(10);
    strcpy(text, "hello");
    text[10] = 1;
    int *numbers = new int[10];
    if (numbers[argc]) {
        puts("set");
    }
    delete[] numbers;
    numbers[1] = 2;
    char *copy = strdup("abc");
    printf("%s %d\n", copy, (int) strlen(copy));
    delete copy;
    text = nullptr;
    return 0;
}
