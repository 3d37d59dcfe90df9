// SPDX-License-Identifier: MIT
/** Layouts and routines inside the client. */
package muninn.runtime;
