// SPDX-License-Identifier: MIT
/** The law of system Java. */
package muninn.sysjava;
