// SPDX-License-Identifier: MIT
/** The assembler. */
package muninn.isa.code;
