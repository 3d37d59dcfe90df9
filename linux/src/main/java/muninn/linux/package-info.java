// SPDX-License-Identifier: MIT
/** Process control through FFM. */
package muninn.linux;
