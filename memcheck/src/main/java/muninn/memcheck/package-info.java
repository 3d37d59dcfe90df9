// SPDX-License-Identifier: MIT
/**
 * The memory checker, controller side: errors, what lies at their addresses, leaks, and the text of it all.
 *
 * <p>In: errors as the client's threads meet them ({@link muninn.memcheck.MemoryError}), names of frames
 * ({@link muninn.memcheck.StackNamer}), what is known of an address ({@link muninn.memcheck.AddressSources}), live blocks and
 * roots at the end ({@link muninn.memcheck.LeakSearch}). Out: text equal to that of Valgrind 3.19's memcheck, where the
 * preamble and the object named in the frames of replaced heap functions are our own.
 *
 * <p>Missing: definedness errors, suppressions, XML, the heuristic for multiple inheritance, delta leak checks. Tests: unit tests
 * beside the code, golden reports in cases/memcheck run by the module corpus.
 */
package muninn.memcheck;
