// SPDX-License-Identifier: MIT
/** The memory checker. */
package muninn.memcheck;
