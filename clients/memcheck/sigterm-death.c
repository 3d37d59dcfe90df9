// SPDX-License-Identifier: MIT
/* Death by a signal that the program sends to itself. */
#include <signal.h>
#include <unistd.h>

int main(void) {
    kill(getpid(), SIGTERM);
    return 0;
}
