// SPDX-License-Identifier: MIT
package muninn.engine;

import java.util.List;

/**
 * What the engine has to know of the command line.
 *
 * @param program path of the executable
 * @param arguments exact argument vector, argv[0] first
 * @param environment exact environment strings
 * @param traceChildren follow execve in child processes
 * @param skipped programs that are not followed all the same
 * @param traceBlocks print each fragment to stderr
 * @param traceSignals print each signal that arrives
 * @param verify level of self-checks (0 to 4)
 * @param stats print counters at the end
 * @param lookAhead how many successors one translation request may bring
 * @param codeMemory bytes that translated code may take
 * @param logSyscalls keep the numbers of the system calls of the first thread
 * @param cacheFolder where translations are kept from run to run; {@code null}: nowhere
 */
public record RunOptions(byte[] program, List<byte[]> arguments, List<byte[]> environment, boolean traceChildren,
        ChildFilter skipped, boolean traceBlocks, boolean traceSignals, int verify, boolean stats, int lookAhead, long codeMemory,
        boolean logSyscalls, String cacheFolder) {}
