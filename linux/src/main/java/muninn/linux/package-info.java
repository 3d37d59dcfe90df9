// SPDX-License-Identifier: MIT
/**
 * What the kernel does for the controller: starting a client under ptrace, its stops, registers, memory and system calls; shared
 * memory and futexes; the controller's own signals and end.
 *
 * <p>In come paths, argument and environment bytes, thread ids; out go results. An error is a negative errno or {@code null}, never
 * an exception, because the death of a client thread is ordinary and may come between any two calls: -ESRCH means it is gone.
 *
 * <p>Invariants: every ptrace request and every {@link muninn.linux.Wait} comes from the one thread that launched; nothing opened
 * here is inherited by a client; nothing here starts a thread or uses the JDK's process API, whose reaper would take our stops.
 * One downcall shape and no string concatenation by {@code +} on the way to the exec stop, for the sake of start-up.
 *
 * <p>Not seen: an ignored SIGPIPE or SIGQUIT that the JVM replaced by a handler of its own before Java code ran
 * ({@link muninn.linux.InheritedSignals}); a core file of the client shows in its own wait status, not in ours.
 *
 * <p>Tests: LaunchTest, RemoteTest, MemoryTest, and ControllerTest, which runs controllers in JVMs of their own.
 */
package muninn.linux;
