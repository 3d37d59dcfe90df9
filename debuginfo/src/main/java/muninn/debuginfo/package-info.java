// SPDX-License-Identifier: MIT
/**
 * What files say about code: ELF symbols, DWARF lines and inlined calls, call frame information; from them names for
 * reports, the controller's unwinder and the compact tables of the native one.
 *
 * <p>In: paths or images, and addresses. Out: symbols, frames, lists of pcs, tables for the client. Invariant: no byte
 * of a file is trusted; damage costs names and never throws beyond {@link muninn.debuginfo.ElfException} at opening.
 * Missing: zstd-compressed sections, split DWARF (.dwo), dwz alternate files (their names are lost, lines stay),
 * minidebuginfo.
 */
package muninn.debuginfo;
