// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/**
 * A line of a stack trace.
 *
 * @param function  readable name, or null when nothing is known; of an inlined call the plain name of the source
 * @param symbol    the name as the linker knows it (mangled), which suppressions match; null when unknown
 * @param file      base name of the source file, or null
 * @param directory of the source file, or null
 * @param line      from 1; 0 = unknown
 * @param object    path of the file that holds the code, or null
 * @param pc        address in the client
 * @param inlined   whether this is a call that was inlined into the next frame
 */
public record Frame(String function, String symbol, String file, String directory, int line, String object, long pc,
                    boolean inlined) {}
