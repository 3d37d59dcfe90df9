// SPDX-License-Identifier: MIT
/**
 * Memcheck's knowledge of undefined bits in registers and memory, as system Java that slow fragments call for each instruction that
 * touches something undefined (DESIGN 5). Start with {@link muninn.runtime.definedness.Definedness}.
 */
package muninn.runtime.definedness;
