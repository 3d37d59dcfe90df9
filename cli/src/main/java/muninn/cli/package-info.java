// SPDX-License-Identifier: MIT
/** Command line. */
package muninn.cli;
