// SPDX-License-Identifier: MIT
/** The compiler of system Java. */
package muninn.sysjavac;
