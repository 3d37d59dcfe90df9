// SPDX-License-Identifier: MIT
// What the compiler compiles in the benchmark "gcc".
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
    struct word *next;
    unsigned count;
    char text[];
};
static struct word *table[512];

static unsigned hash(const char *s) {
    unsigned h = 5381;
    while (*s != 0) {
        h = h * 33 ^ (unsigned char)*s++;
    }
    return h % 512;
}

static struct word *find(const char *s) {
    struct word **at = &table[hash(s)];
    for (; *at != NULL; at = &(*at)->next) {
        if (strcmp((*at)->text, s) == 0) {
            return *at;
        }
    }
    *at = malloc(sizeof **at + strlen(s) + 1);
    (*at)->next = NULL;
    (*at)->count = 0;
    strcpy((*at)->text, s);
    return *at;
}

int main(void) {
    char buffer[128];
    size_t n = 0;
    int c;
    while ((c = getchar()) != EOF) {
        if (isalnum(c) && n + 1 < sizeof buffer) {
            buffer[n++] = (char)tolower(c);
        } else if (n > 0) {
            buffer[n] = 0;
            find(buffer)->count++;
            n = 0;
        }
    }
    for (int i = 0; i < 512; i++) {
        for (struct word *w = table[i]; w != NULL; w = w->next) {
            printf("%u %s\n", w->count, w->text);
        }
    }
    return 0;
}
