// SPDX-License-Identifier: MIT
// Memory that there is not: every form of new says so as the standard wants it, and the stack is unwound.
#include <new>
#include <cstdio>
#include <vector>
#include <string>
struct D { ~D() { puts("unwound"); } };
__attribute__((noinline)) char *get(size_t n) { D d; return new char[n]; }
struct alignas(64) Big { char c[64]; };
int main() {
    volatile size_t huge = 1UL << 46;
    try { get(huge); } catch (std::bad_alloc &e) { printf("%s\n", e.what()); }
    try { new Big[huge / 64]; } catch (std::bad_alloc &e) { printf("%s\n", e.what()); }
    try { std::string s(huge, 'x'); } catch (std::bad_alloc &e) { printf("%s\n", e.what()); }
    try { std::vector<long> v(huge / 8); } catch (std::bad_alloc &e) { printf("%s\n", e.what()); }
    printf("%p\n", (void *) new (std::nothrow) char[huge]);
    return 0;
}
