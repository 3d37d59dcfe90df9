// SPDX-License-Identifier: MIT
/** What each instruction does to undefined bits, told to the step routine: start with {@link muninn.memcheck.definedness.Descriptors}. */
package muninn.memcheck.definedness;
