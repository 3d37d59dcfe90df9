// SPDX-License-Identifier: MIT
/** Symbols, lines, unwinding. */
package muninn.debuginfo;
