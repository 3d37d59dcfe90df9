// SPDX-License-Identifier: MIT
// x87, SSE and library mathematics, printed to the last bit.
#include <fenv.h>
#include <math.h>
#include <stdio.h>

int main(void) {
    volatile double x = 0.1;
    volatile long double l = 0.1L;
    volatile float f = 0.1f;
    for (int i = 0; i < 30; i++) {
        x = x * 1.7 + sin(x) / 3;
        l = l * 1.3L + 1 / (l + 1);
        f = f * 1.9f - 0.3f;
    }
    printf("%a %La %a\n", x, l, (double)f);
    printf("%a %a %a %a\n", exp(1.5), log(7.0), pow(2.5, 3.7), atan2(1, -2));
    printf("%La %La\n", sqrtl(2), fmodl(17.3L, 2.1L));
    int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
    for (int i = 0; i < 4; i++) {
        fesetround(modes[i]);
        volatile double one = 1, three = 3;
        printf("%a %ld\n", one / three, lrint(2.5 * one));
    }
    fesetround(FE_TONEAREST);
    feclearexcept(FE_ALL_EXCEPT);
    volatile double zero = 0, inf = 1 / zero;
    printf("%d %f\n", fetestexcept(FE_DIVBYZERO) != 0, inf);
    return 0;
}
