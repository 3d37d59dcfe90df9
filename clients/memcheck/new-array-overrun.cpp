// SPDX-License-Identifier: MIT
// library-heap: yes
// Overrun of new[], use after delete, and the well-formed pairs.
struct Point { int x, y; Point() : x(1), y(2) {} ~Point() { x = 0; } };
static volatile int sink;

int main() {
    volatile int *numbers = new int[5]();
    numbers[5] = 1;
    sink = numbers[6];
    delete[] const_cast<int *>(numbers);
    Point *points = new Point[3];
    delete[] points;
    Point *one = new Point;
    volatile int *x = &one->x;
    delete one;
    sink = *x;
    return 0;
}
