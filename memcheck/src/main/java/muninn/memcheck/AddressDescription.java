// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** What lies at the address of an error. */
public sealed interface AddressDescription {
    /** Inside, before or after a heap block. */
    record InBlock(HeapBlock block) implements AddressDescription {}

    /**
     * Inside a range that the program has named by a client request.
     *
     * @param stack where it was named
     */
    record InNamedBlock(String name, long offset, long size, long[] stack) implements AddressDescription {}

    /**
     * On a thread's stack.
     *
     * @param tid thread number
     * @param frame number of the frame that holds the address, or -1 when unknown
     * @param creator first instruction of that frame's function, or {@code null}
     * @param belowPointer bytes below the stack pointer, 0 when not below
     */
    record OnStack(int tid, int frame, FrameText creator, long belowPointer) implements AddressDescription {}

    /** In a variable with a symbol. */
    record InDataSymbol(String symbol, long offset) implements AddressDescription {}

    /** In a section of an ELF file: {@code kind} is Text, Data, BSS, GOT or PLT. */
    record InSection(String kind, String object) implements AddressDescription {}

    /** In a mapping: {@code permissions} like {@code rw-}, {@code path} or {@code null} for anonymous memory. */
    record InMapping(String permissions, String path) implements AddressDescription {}

    /** In no place that anyone knows. */
    record Unknown() implements AddressDescription {}
}
