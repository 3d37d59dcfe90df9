// SPDX-License-Identifier: MIT
package muninn.linux;

/**
 * Where the kernel writes into a program's memory, by system call (x86-64; arch/x86/entry/syscalls/syscall_64.tbl and the prototypes in
 * include/linux/syscalls.h). A line: number, name, places. A place: argument, and behind the equals sign
 *
 * <pre>
 * 144       as many bytes            @ or @*12  as many units as the call returns
 * #2 #2*8   argument 2, in units     *2         the int to which argument 2 points
 * iov2      vectors, argument 2 counts them     msg  a message header       bits  a set of descriptors, argument 0 bits
 * 8?5 8?:5  as many bytes if argument 0, or 1, is 5
 * ! in front: also if the call fails
 * </pre>
 */
public final class SyscallWrites {
    public static final String TABLE = """
            0 read 1=@
            4 stat 1=144
            5 fstat 1=144
            6 lstat 1=144
            7 poll 0=#1*8
            13 rt_sigaction 2=32
            14 rt_sigprocmask 2=#3
            17 pread64 1=@
            19 readv 1=iov2
            22 pipe 0=8
            23 select 1=bits 2=bits 3=bits 4=16
            35 nanosleep !1=16
            36 getitimer 1=32
            38 setitimer 2=32
            40 sendfile 2=8
            43 accept 1=*2 2=4
            45 recvfrom 1=@ 4=*5 5=4
            47 recvmsg 1=msg
            51 getsockname 1=*2 2=4
            52 getpeername 1=*2 2=4
            53 socketpair 3=8
            55 getsockopt 3=*4 4=4
            61 wait4 1=4 3=144
            63 uname 0=390
            70 msgrcv 1=@
            72 fcntl 2=32?:5 2=32?:36 2=8?:16
            78 getdents 1=@
            79 getcwd 0=@
            89 readlink 1=@
            96 gettimeofday 0=16 1=8
            97 getrlimit 1=16
            98 getrusage 1=144
            99 sysinfo 0=112
            100 times 0=32
            103 syslog 1=@
            115 getgroups 1=@*4
            118 getresuid 0=4 1=4 2=4
            120 getresgid 0=4 1=4 2=4
            125 capget 0=8 1=24
            127 rt_sigpending 0=#1
            128 rt_sigtimedwait 1=128
            131 sigaltstack 1=24
            136 ustat 1=32
            137 statfs 1=120
            138 fstatfs 1=120
            143 sched_getparam 1=4
            148 sched_rr_get_interval 1=16
            157 prctl 1=16?16 1=4?2 1=4?5
            158 arch_prctl 1=8?4099 1=8?4100
            191 getxattr 2=@
            192 lgetxattr 2=@
            193 fgetxattr 2=@
            194 listxattr 1=@
            195 llistxattr 1=@
            196 flistxattr 1=@
            201 time 0=8
            204 sched_getaffinity 2=@
            206 io_setup 1=8
            208 io_getevents 3=@*32
            217 getdents64 1=@
            222 timer_create 2=4
            223 timer_settime 3=32
            224 timer_gettime 1=32
            228 clock_gettime 1=16
            229 clock_getres 1=16
            230 clock_nanosleep !3=16
            232 epoll_wait 1=@*12
            243 mq_timedreceive 1=@ 3=4
            245 mq_getsetattr 2=64
            247 waitid 2=128 4=144
            262 newfstatat 2=144
            267 readlinkat 2=@
            270 pselect6 1=bits 2=bits 3=bits 4=16
            271 ppoll 0=#1*8 2=16
            275 splice 1=8 3=8
            281 epoll_pwait 1=@*12
            286 timerfd_settime 3=32
            287 timerfd_gettime 1=32
            288 accept4 1=*2 2=4
            293 pipe2 0=8
            295 preadv 1=iov2
            302 prlimit64 3=16
            303 name_to_handle_at 3=4
            305 clock_adjtime 1=208
            309 getcpu 0=4 1=4
            310 process_vm_readv 1=iov2
            314 sched_getattr 1=#2
            318 getrandom 0=@
            326 copy_file_range 1=8 3=8
            327 preadv2 1=iov2
            332 statx 4=256
            441 epoll_pwait2 1=@*12
            """;

    private SyscallWrites() {}
}
