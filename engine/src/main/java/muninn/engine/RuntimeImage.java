// SPDX-License-Identifier: MIT
package muninn.engine;

/**
 * Compiled system Java, ready to be copied into clients.
 *
 * @param bytes code, then data from {@code dataOffset} (a multiple of the page size) on
 * @param memoryEvent offset of the routine for failed checks
 * @param redirect offset of the routine for replaced functions
 * @param step offset of the routine that computes the shadow of an instruction's results before it is executed, arguments thread area and
 *     descriptor; 0 if the tool does not follow definedness
 * @param finish offset of the routine that takes over what a template has computed, same arguments
 * @param beforeSyscall offset of the routine in front of each system call of the client, argument the thread area
 * @param syscall offset of the routine behind each system call of the client, argument the thread area
 */
public record RuntimeImage(byte[] bytes, int dataOffset, int memoryEvent, int redirect, int step, int finish, int beforeSyscall,
        int syscall) {}
