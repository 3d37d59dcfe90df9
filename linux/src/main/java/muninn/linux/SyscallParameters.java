// SPDX-License-Identifier: MIT
package muninn.linux;

/**
 * What a program gives to system calls, by the names that Valgrind prints (x86-64; arch/x86/entry/syscalls/syscall_64.tbl and the
 * prototypes in include/linux/syscalls.h). A line: number, name, arguments in their order, {@code |}, places in memory.
 *
 * <p>An argument must be defined as a whole; with a dot in front only its lower 32 bits count; {@code -} is not looked at. Several lines may
 * have the same number, the first one counts whose condition behind the number holds: {@code 1=5,6} argument 1 is one of these, each
 * below 64; {@code 1&64=64} argument 1 and 64 are 64.
 *
 * <p>A place: the name of an argument, after a comma another name for reports (a whole one if it holds a bracket), and behind the equals
 * sign, {@code r} for what is read and {@code w} for what is written. A question mark in front: it may be null.
 *
 * <pre>
 * r16 r4+8  as many bytes, at an offset              r#2 r#2*12  argument 2, in units     r*4  the int to which argument 4 points
 * rv2 wv2   vectors, argument 2 counts them          rm wm       a message header         rb   a set of descriptors, argument 0 bits
 * ra2       a socket address of argument 2 bytes     s           a string                 a    pointers to strings, the last one null
 * r4+0/8#1  a field of each of argument 1 elements that are 8 bytes apart
 * </pre>
 */
public final class SyscallParameters {
    public static final String TABLE = """
            0 read .fd buf count | buf=w#2
            1 write .fd buf count | buf=r#2
            2?1&64=64 open filename .flags .mode | filename=s
            2 open filename .flags | filename=s
            3 close .fd
            4 stat file_name buf | file_name=s buf=w144
            5 fstat .fd buf | buf=w144
            6 lstat file_name buf | file_name=s buf=w144
            7 poll ufds .nfds .timeout | ufds,ufds.fd=r4+0/8#1 ufds,ufds.events=r2+4/8#1 ufds,ufds.revents=w2+6/8#1
            8 lseek .fd offset .whence
            9 mmap start length prot flags fd offset
            10 mprotect addr len prot
            11 munmap start length
            12 brk end_data_segment
            13 rt_sigaction .signum act oldact sigsetsize | ?act,act->sa_handler=r8 ?act,act->sa_mask=r8+24 ?act,act->sa_flags=r8+8 ?oldact=w32
            14 rt_sigprocmask .how set oldset sigsetsize | ?set=r#3 ?oldset=w#3
            16?1&65535=21505 ioctl .fd .request arg | arg,TCGETS=w36
            16?1&65535=21506 ioctl .fd .request arg | arg,TCSET{S,SW,SF}=r36
            16?1&65535=21507 ioctl .fd .request arg | arg,TCSET{S,SW,SF}=r36
            16?1&65535=21508 ioctl .fd .request arg | arg,TCSET{S,SW,SF}=r36
            16?1&65535=21509 ioctl .fd .request arg | arg,TCGETA=w18
            16?1&65535=21510 ioctl .fd .request arg | arg,TCSET{A,AW,AF}=r18
            16?1&65535=21511 ioctl .fd .request arg | arg,TCSET{A,AW,AF}=r18
            16?1&65535=21512 ioctl .fd .request arg | arg,TCSET{A,AW,AF}=r18
            16?1&65535=21519 ioctl .fd .request arg | arg,TIOCGPGRP=w4
            16?1&65535=21520 ioctl .fd .request arg | arg,TIOCGPGRP=r4
            16?1&65535=21523 ioctl .fd .request arg | arg,TIOCGWINSZ=w8
            16?1&65535=21524 ioctl .fd .request arg | arg,TIOCSWINSZ=r8
            16?1&65535=21531 ioctl .fd .request arg | arg,FIONREAD=w4
            16?1&65535=21537 ioctl .fd .request arg | arg,FIONBIO=r4
            16?1&65535=21586 ioctl .fd .request arg | arg,FIOASYNC=r4
            16 ioctl .fd .request
            17 pread64 .fd buf count offset | buf=w#2
            18 pwrite64 .fd buf count offset | buf=r#2
            19 readv fd vector count | vector=wv2
            20 writev fd vector count | vector=rv2
            21 access pathname .mode | pathname=s
            22 pipe filedes | filedes=w8
            23 select .n readfds writefds exceptfds timeout | ?readfds=rb ?writefds=rb ?exceptfds=rb ?timeout=r16
            25?3&2=2 mremap old_addr old_size new_size flags new_addr
            25 mremap old_addr old_size new_size flags
            26 msync start length .flags | start=r#1
            27 mincore start length vec
            28 madvise start length .advice
            29 shmget .key size .shmflg
            30 shmat .shmid shmaddr .shmflg
            31 shmctl .shmid .cmd buf
            32 dup .oldfd
            33 dup2 .oldfd .newfd
            35 nanosleep req rem | req=r16 ?rem=w16
            36 getitimer .which value | ?value,&value->it_interval=w16 ?value,&value->it_value=w16+16
            37 alarm .seconds
            38 setitimer .which value ovalue | ?value,&value->it_interval=r16 ?value,&value->it_value=r16+16 \
            ?ovalue,&ovalue->it_interval=w16 ?ovalue,&ovalue->it_value=w16+16
            40 sendfile .out_fd .in_fd offset count | ?offset=w8
            41 socket .domain .type .protocol
            42 connect .sockfd serv_addr .addrlen | serv_addr,socketcall.connect(serv_addr)=ra2
            43 accept .s addr addrlen | ?addrlen,socketcall.accept(addrlen_in)=r4 ?addr,socketcall.accept(addr)=w*2
            44 sendto .s msg .len .flags to .tolen | msg,socketcall.sendto(msg)=r#2 ?to,socketcall.sendto(to)=ra5
            45 recvfrom .s buf .len .flags from fromlen | buf,socketcall.recvfrom(buf)=w#2 ?fromlen,socketcall.recvfrom(fromlen_in)=r4 ?from,socketcall.recvfrom(from)=w*5
            46 sendmsg .s msg .flags | msg=rm
            47 recvmsg .s msg .flags | msg=wm
            48 shutdown .s .how
            49 bind .sockfd my_addr .addrlen | my_addr,socketcall.bind(my_addr)=ra2
            50 listen .s .backlog
            51 getsockname .s name namelen | namelen,socketcall.getsockname(namelen_in)=r4 name,socketcall.getsockname(name)=w*2
            52 getpeername .s name namelen | namelen,socketcall.getpeername(namelen_in)=r4 name,socketcall.getpeername(name)=w*2
            53 socketpair .d .type .protocol sv | sv,socketcall.socketpair(sv)=w8
            54 setsockopt .s .level .optname optval .optlen | optval,socketcall.setsockopt(optval)=r#4
            55 getsockopt .s .level .optname optval *optlen | *optlen,socketcall.getsockopt(optlen)=r4 ?optval,socketcall.getsockopt(optval)=w*4
            56 clone flags child_stack
            59 execve filename argv envp | filename=s ?argv=a ?envp=a
            60 exit .status
            61 wait4 .pid status .options rusage | ?status=w4 ?rusage=w144
            62 kill .pid .signal
            63 uname buf | buf=w390
            64 semget .key .nsems .semflg
            65 semop .semid sops .nsoops | sops=r#2*6
            66 semctl .semid .semnum .cmd
            67 shmdt shmaddr
            68 msgget .key .msgflg
            69 msgsnd .msqid msgp msgsz .msgflg | msgp,msgp->mtype=r8 msgp,msgp->mtext=r#2+8
            70 msgrcv .msqid msgp msgsz msgytp .msgflg | msgp,msgp->mtype=w8 msgp,msgp->mtext=w#2+8
            71 msgctl .msqid .cmd buf
            72?1=1,3,9,11 fcntl .fd .cmd
            72?1=5,36 fcntl .fd .cmd lock | lock=w32
            72?1=6,7,37,38 fcntl .fd .cmd lock | lock,lock->l_type=r2 lock,lock->l_whence=r2+2 lock,lock->l_start=r8+8 lock,lock->l_len=r8+16
            72?1=0,2,4,8,10 fcntl .fd .cmd arg
            72 fcntl .fd .cmd
            73 flock .fd .operation
            74 fsync .fd
            75 fdatasync .fd
            76 truncate path length | path=s
            77 ftruncate .fd length
            78 getdents .fd dirp .count | dirp=w#2
            79 getcwd buf size | buf=w#1
            80 chdir path | path=s
            81 fchdir .fd
            82 rename oldpath newpath | oldpath=s newpath=s
            83 mkdir pathname .mode | pathname=s
            84 rmdir pathname | pathname=s
            85 creat pathname .mode | pathname=s
            86 link oldpath newpath | oldpath=s newpath=s
            87 unlink pathname | pathname=s
            88 symlink oldpath newpath | oldpath=s newpath=s
            89 readlink path buf .bufsiz | path=s buf=w#2
            90 chmod path .mode | path=s
            91 fchmod .fildes .mode
            92 chown path .owner .group | path=s
            93 fchown .fd .owner .group
            94 lchown path .owner .group | path=s
            95 umask .mask
            96 gettimeofday tv tz | ?tv=w16 ?tz=w8
            97 getrlimit .resource rlim | rlim=w16
            98 getrusage .who usage | usage=w144
            99 sysinfo info | info=w112
            100 times buf | ?buf=w32
            103 syslog .type bufp .len
            105 setuid .uid
            106 setgid .gid
            109 setpgid .pid .pgid
            113 setreuid .ruid .euid
            114 setregid .rgid .egid
            115 getgroups .size list | list=w#0*4
            116 setgroups .size list | list=r#0*4
            117 setresuid .ruid .euid .suid
            118 getresuid ruid euid suid | ruid=w4 euid=w4 suid=w4
            119 setresgid .rgid .egid .sgid
            120 getresgid rgid egid sgid | rgid=w4 egid=w4 sgid=w4
            121 getpgid .pid
            122 setfsuid .uid
            123 setfsgid .gid
            124 getsid .pid
            125 capget header data | header=r8 ?data=w24
            126 capset header data | header=r8 data=r24
            127 rt_sigpending set sigsetsize | set=w#1
            128 rt_sigtimedwait set info timeout sigsetsize | ?set=r8 ?info=w128 ?timeout=r16
            129 rt_sigqueueinfo .pid .sig uinfo | uinfo=r128
            130 rt_sigsuspend mask size | ?mask=r#1
            131 sigaltstack ss oss | ?ss=r8 ?ss=r4+8 ?ss=r8+16 ?oss=w24
            132 utime filename buf | filename=s ?buf=r16
            133 mknod pathname .mode .dev | pathname=s
            135 personality persona
            137 statfs path buf | path=s buf=w120
            138 fstatfs .fd buf | buf=w120
            140 getpriority .which .who
            141 setpriority .which .who .prio
            142 sched_setparam .pid p | p=r4
            143 sched_getparam .pid p | p=w4
            144 sched_setscheduler .pid .policy p | p=r4
            145 sched_getscheduler .pid
            146 sched_get_priority_max .policy
            147 sched_get_priority_min .policy
            148 sched_rr_get_interval .pid tp | tp,timespec=w16
            149 mlock addr len
            150 munlock addr len
            151 mlockall .flags
            157?0=15 prctl .option name | name,set-name=s
            157?0=16 prctl .option name | name,get-name=w16
            157 prctl .option
            158 arch_prctl .option arg2
            160 setrlimit .resource rlim | rlim=r16
            159 adjtimex buf | buf,adjtimex(timex)=w208
            161 chroot path | path=s
            163 acct filename | ?filename=s
            164 settimeofday tv tz | ?tv=r16 ?tz=r8
            165 mount source target type flags data | ?source=s target=s ?type=s
            166 umount2 path .flags | path=s
            170 sethostname name .len | name=r#1
            172 iopl .level
            173 ioperm from num .turn_on
            175 init_module umod len uargs | umod=r#1 uargs=s
            179 quotactl .cmd special .id addr | special=s
            187 readahead .fd offset count
            188 setxattr path name value size .flags | path=s name=s value=r#3
            189 lsetxattr path name value size .flags | path=s name=s value=r#3
            190 fsetxattr .fd name value size .flags | name=s value=r#3
            191 getxattr path name value size | path=s name=s ?value=w#3
            192 lgetxattr path name value size | path=s name=s ?value=w#3
            193 fgetxattr .fd name value size | name=s ?value=w#3
            194 listxattr path list size | path=s ?list=w#2
            195 llistxattr path list size | path=s ?list=w#2
            196 flistxattr .fd list size | ?list=w#2
            197 removexattr path name | path=s name=s
            198 lremovexattr path name | path=s name=s
            199 fremovexattr .fd name | name=s
            200 tkill .tid .sig
            201 time t | ?t=w8
            202?1&127=0 futex futex .op .val utime | futex=r4 ?utime,timeout=r16
            202?1&127=9 futex futex .op .val utime - .val3 | futex=r4 ?utime,timeout=r16
            202?1&127=1 futex futex .op .val
            202 futex futex .op
            203 sched_setaffinity .pid .len mask | mask=r#1
            204 sched_getaffinity .pid .len mask | mask=w#1
            206 io_setup .nr_events ctxp | ctxp=w8
            207 io_destroy ctx
            208 io_getevents ctx_id min_nr nr events timeout | events=w#2*32 ?timeout=r16
            209 io_submit ctx_id nr iocbpp
            210 io_cancel ctx_id iocb result | iocb=r64 result=w32
            212 lookup_dcookie cookie buf len | buf,sys_lookup_dcookie(buf)=w#2
            213 epoll_create .size
            217 getdents64 .fd dirp .count | dirp=w#2
            218 set_tid_address tidptr
            220 semtimedop .semid sops .nsoops timeout | sops=r#2*6 ?timeout=r16
            221 fadvise64 .fd offset len .advice
            222 timer_create .clockid evp timerid | ?evp,evp.sigev_value=r4 ?evp,evp.sigev_signo=r4+8 ?evp,evp.sigev_notify=r4+12 timerid=w4
            223 timer_settime .timerid .flags value ovalue | value=r32 ?ovalue=w32
            224 timer_gettime .timerid value | value=w32
            225 timer_getoverrun .timerid
            226 timer_delete .timerid
            227 clock_settime .clk_id tp | tp=r16
            228 clock_gettime .clk_id tp | tp=w16
            229 clock_getres .clk_id res | ?res=w16
            230 clock_nanosleep .clkid .flags rqtp rmtp | rqtp=r16 ?rmtp=w16
            231 exit_group .status
            232 epoll_wait .epfd events .maxevents .timeout | events=w#2*12
            233?1=2 epoll_ctl .epfd .op .fd
            233 epoll_ctl .epfd .op .fd event | event=r12
            234 tgkill .tgid .tid .sig
            235 utimes filename tvp | filename=s ?tvp,tvp[0]=r16 ?tvp,tvp[1]=r16+16
            237 mbind start len policy nodemask maxnode .flags
            238 set_mempolicy .policy nodemask maxnode
            239 get_mempolicy policy nodemask maxnode addr flags | ?policy=w4
            240?1&64=64 mq_open name .oflag .mode attr | name=s ?attr,attr->mq_maxmsg=r8+8 ?attr,attr->mq_msgsize=r8+16
            240 mq_open name .oflag | name=s
            241 mq_unlink name | name=s
            242 mq_timedsend .mqdes msg_ptr msg_len .msg_prio abs_timeout | msg_ptr=r#2 ?abs_timeout=r16
            243 mq_timedreceive .mqdes msg_ptr msg_len msg_prio abs_timeout | msg_ptr=w#2 ?msg_prio=w4 ?abs_timeout=r16
            244 mq_notify .mqdes notification | ?notification=r64
            245 mq_getsetattr .mqdes mqstat omqstat | ?mqstat,mqstat->mq_flags=r8 ?omqstat=w64
            247 sys_waitid .which .pid infop .options ru | ?infop,waitid(infop)=w128 ?ru,waitid(ru)=w144
            248 add_key type description payload plen .keyring | type=s ?description=s ?payload,request_key(payload)=r#3
            249 request_key type description callout_info .keyring | type=s description=s ?callout_info=s
            250 keyctl .option
            251 ioprio_set .which .who .ioprio
            252 ioprio_get .which .who
            254 inotify_add_watch .fd path .mask | path=s
            255 inotify_rm_watch .fd .wd
            257?2&64=64 openat .dfd filename .flags .mode | filename=s
            257 openat .dfd filename .flags | filename=s
            258 mkdirat .dfd pathname .mode | pathname=s
            259 mknodat .dfd pathname .mode .dev | pathname=s
            260 fchownat .dfd path .owner .group | path=s
            261 futimesat .dfd filename tvp | ?filename=s ?tvp=r32
            262 fstatat .dfd file_name buf | file_name=s buf=w144
            263 unlinkat .dfd pathname | pathname=s
            264 renameat .olddfd oldpath .newdfd newpath | oldpath=s newpath=s
            265 linkat .olddfd oldpath .newdfd newpath .flags | oldpath=s newpath=s
            266 symlinkat oldpath .newdfd newpath | oldpath=s newpath=s
            267 readlinkat .dfd path buf .bufsiz | path=s buf=w#3
            268 fchmodat .dfd path .mode | path=s
            269 faccessat .dfd pathname .mode | pathname=s
            270 pselect6 .n readfds writefds exceptfds timeout sig | ?readfds=rb ?writefds=rb ?exceptfds=rb ?timeout=r16 ?sig=r16
            271 ppoll ufds .nfds tsp sigmask sigsetsize | ufds,ufds.fd=r4+0/8#1 ufds,ufds.events=r2+4/8#1 ufds,ufds.revents=w2+6/8#1 \
            ?tsp=r16 ?sigmask=r8
            272 unshare .flags
            273 set_robust_list head len | head=r#1
            274 get_robust_list .pid head_ptr len_ptr | head_ptr=w8 len_ptr=w8
            275 splice .fd_in off_in .fd_out off_out len .flags | ?off_in=r8 ?off_out=r8
            276 tee .fd_in .fd_out len .flags
            277 sync_file_range .fd offset nbytes .flags
            278 splice .fd iov nr_segs .flags | iov,vmsplice(iov)=rv2
            279 move_pages .pid nr_pages pages nodes status .flags | pages=r#1*8 ?nodes=r#1*4 status=w#1*4
            280 utimensat .dfd filename utimes .flags | ?filename=s ?utimes,times[0].tv_nsec=r8+8 ?utimes,times[1].tv_nsec=r8+24
            281 epoll_pwait .epfd events .maxevents .timeout sigmask sigsetsize | events=w#2*12 ?sigmask=r8
            282 sys_signalfd .fd sigmask sigsetsize | sigmask,signalfd(sigmask)=r8
            283 timerfd_create .clockid .flags
            284 sys_eventfd .count
            285 fallocate .fd .mode offset len
            286 timerfd_settime .ufd .flags utmr otmr | utmr=r32 ?otmr=w32
            287 timerfd_gettime .ufd otmr | otmr=w32
            288 accept4 .s addr addrlen .flags | ?addrlen,socketcall.accept(addrlen_in)=r4 ?addr,socketcall.accept(addr)=w*2
            289 sys_signalfd4 .fd sigmask sigsetsize .flags | sigmask,signalfd(sigmask)=r8
            290 sys_eventfd2 .count .flags
            291 epoll_create1 .flags
            292 dup3 .oldfd .newfd .flags
            293 pipe filedes .flags | filedes,pipe2(filedes)=w8
            294 inotify_init .flag
            295 preadv fd vector count offset | vector=wv2
            296 pwritev fd vector count offset | vector=rv2
            297 rt_tgsigqueueinfo .tgid .pid .sig uinfo | uinfo=r128
            299 recvmmsg .s mmsg .vlen .flags timeout
            300 fanotify_init .flags .event_f_flags
            301 sys_fanotify_mark .fanotify_fd .flags mask .dfd pathname | ?pathname,fanotify_mark(path)=s
            302 prlimit64 .pid .resource new_rlim old_rlim | ?new_rlim,rlimit64(new_rlim)=r16 ?old_rlim,rlimit64(old_rlim)=w16
            303 name_to_handle_at .dfd name handle mnt_id .flag | name=s mnt_id=w4
            304 open_by_handle_at .mountdirfd handle .flags
            305 clock_adjtime .id buf | buf,clock_adjtime(timex->modes)=r4 buf,adjtimex(timex)=w208
            306 syncfs .fd
            307 sendmmsg .s mmsg .vlen .flags
            308 setns .fd .nstype
            309 getcpu cpu node | ?cpu=w4 ?node=w4
            310 process_vm_readv .pid lvec liovcnt rvec riovcnt flags | lvec=wv2 rvec=r#4*16
            311 process_vm_writev .pid lvec liovcnt rvec riovcnt flags | lvec=rv2 rvec=r#4*16
            312 kcmp .pid1 .pid2 .type idx1 idx2
            313 finit_module .fd params .flags | params=s
            314 sched_setattr .pid p .flags | p,attr->size=r4
            315 sched_getattr .pid p .size .flags | p,attr=w#2
            316 renameat2 .olddfd oldpath .newdfd newpath .flags | oldpath=s newpath=s
            318 getrandom buf count .flags | buf=w#1
            319 memfd_create uname .flags | uname=s
            321 bpf .cmd attr .size
            322 execveat .fd filename argv envp .flags | filename=s ?argv=a ?envp=a
            324 membarrier .flags
            326 copy_file_range .fd_in off_in .fd_out off_out len .flags | ?off_in=r8 ?off_out=r8
            327 preadv2 fd vector count offset - .flags | vector=wv2
            328 pwritev2 fd vector count offset - .flags | vector=rv2
            329 pkey_mprotect addr len prot .pkey
            330 pkey_alloc flags access_rights
            331 pkey_free .pkey
            332 statx .dirfd filename .flags .mask buf | filename=s buf=w256
            425 io_uring_setup .entries p | p=w120
            426 io_uring_enter .fd .to_submit .min_complete .flags sig sigsz
            427 io_uring_register .fd .opcode arg .nr_args
            436 close_range .first .last .flags
            439 faccessat2 .dfd pathname .mode .flags | pathname=s
            441 epoll_pwait2 .epfd events .maxevents timeout sigmask sigsetsize | events=w#2*12 ?timeout=r16 ?sigmask=r8
            """;

    private SyscallParameters() {}
}
