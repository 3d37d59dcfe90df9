// SPDX-License-Identifier: MIT
// Many small blocks: search trees built, looked into, walked and freed.
#include <stdio.h>
#include <stdlib.h>

struct node {
    struct node *left, *right;
    unsigned key;
};

static unsigned long walk(struct node *n) {
    if (n == NULL) {
        return 0;
    }
    unsigned long sum = walk(n->left) * 3 + n->key + walk(n->right);
    free(n);
    return sum;
}

int main(void) {
    unsigned random = 1;
    unsigned long sum = 0;
    for (int round = 0; round < 5; round++) {
        struct node *root = NULL;
        for (int i = 0; i < 200000; i++) {
            random = random * 1664525u + 1013904223u;
            struct node **at = &root;
            while (*at != NULL && (*at)->key != random) {
                at = random < (*at)->key ? &(*at)->left : &(*at)->right;
            }
            if (*at == NULL) {
                *at = calloc(1, sizeof **at);
                (*at)->key = random;
            }
        }
        sum += walk(root);
    }
    printf("%lu\n", sum);
    return 0;
}
