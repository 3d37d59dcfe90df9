// SPDX-License-Identifier: MIT
// library-heap: yes
// Every wrong pairing of the three families.
#include <cstdlib>

int main() {
    char *a = static_cast<char *>(std::malloc(5));
    operator delete(a);
    char *b = static_cast<char *>(std::malloc(6));
    operator delete[](b);
    char *c = static_cast<char *>(operator new(7));
    std::free(c);
    char *d = static_cast<char *>(operator new[](8));
    std::free(d);
    char *e = static_cast<char *>(operator new(9));
    operator delete[](e);
    char *f = static_cast<char *>(operator new[](10));
    operator delete(f);
    return 0;
}
