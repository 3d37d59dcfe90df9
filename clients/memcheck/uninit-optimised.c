// SPDX-License-Identifier: MIT
/* cc: -O2 -fno-inline */
/* The same with optimisation. */
#include <stdio.h>
#include <stdlib.h>

struct item {
    int kind;
    short size;
    char name[10];
    struct item *next;
};

static int count(struct item *list, int kind) {
    int n = 0;
    for (struct item *i = list; i != NULL; i = i->next) {
        if (i->kind == kind) {
            n += i->size;
        }
    }
    return n;
}

int main(void) {
    struct item *list = NULL;
    for (int i = 0; i < 4; i++) {
        struct item *new = malloc(sizeof *new);
        new->next = list;
        if (i != 2) {
            new->kind = i & 1;
        }
        new->size = i;
        list = new;
    }
    printf("%s\n", count(list, 1) >= 0 ? "done" : "less");
    while (list != NULL) {
        struct item *next = list->next;
        free(list);
        list = next;
    }
    return 0;
}
