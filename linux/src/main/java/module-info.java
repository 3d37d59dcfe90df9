// SPDX-License-Identifier: MIT
/** What the kernel does, through FFM: ptrace, remote system calls, memfd, futex, /proc. */
module muninn.linux {
    exports muninn.linux;
}
