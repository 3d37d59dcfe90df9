// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** Those who may know what lies at an address; each answers {@code null} when it does not. The first answer counts. */
public interface AddressSources {
    /**
     * The block to name for {@code address}: a live block that holds it in payload or red zone, else a freed block that holds it
     * in its payload, else a freed block that holds it in its red zone.
     */
    default HeapBlock block(long address) {
        return null;
    }

    /** The range that the program has named. */
    default AddressDescription.InNamedBlock named(long address) {
        return null;
    }

    /** The stack that holds {@code address}, also where it is below that thread's stack pointer. */
    default AddressDescription.OnStack stack(long address) {
        return null;
    }

    default AddressDescription.InDataSymbol dataSymbol(long address) {
        return null;
    }

    default AddressDescription.InSection section(long address) {
        return null;
    }

    default AddressDescription.InMapping mapping(long address) {
        return null;
    }

    /** Asks one after the other, in Valgrind's order. */
    default AddressDescription describe(long address) {
        AddressDescription named = named(address);
        if (named != null) {
            return named;
        }
        HeapBlock block = block(address);
        if (block != null) {
            return new AddressDescription.InBlock(block);
        }
        AddressDescription found = stack(address);
        if (found == null) {
            found = dataSymbol(address);
        }
        if (found == null) {
            found = section(address);
        }
        if (found == null) {
            found = mapping(address);
        }
        return found == null ? new AddressDescription.Unknown() : found;
    }
}
