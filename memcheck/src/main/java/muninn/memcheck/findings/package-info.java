// SPDX-License-Identifier: MIT
/** Errors and leaks of a run as data, and the forms in which other programs read them. */
package muninn.memcheck.findings;
