// SPDX-License-Identifier: MIT
/** Decoder and facts of x86-64 instructions. */
package muninn.isa;
