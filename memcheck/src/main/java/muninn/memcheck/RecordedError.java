// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** An error with all that is known of it, and how often it came. */
final class RecordedError {
    final MemoryError error;
    /** What lies at its address; {@code null} if it has none. */
    final AddressDescription where;
    /** Number among all errors and leaks of the report, from 0. */
    final int number;
    /** What keeps it back, or {@code null}. */
    final Suppressions.Use suppression;
    long count = 1;
    /** Time of its last coming, by the count of all errors. */
    long lastHit;

    RecordedError(MemoryError error, AddressDescription where, int number, Suppressions.Use suppression) {
        this.error = error;
        this.where = where;
        this.number = number;
        this.suppression = suppression;
    }
}
