// SPDX-License-Identifier: MIT
package muninn.memcheck;

/** An error with all that is known of it, and how often it came. */
final class RecordedError {
    final MemoryError error;
    /** What lies at its address; {@code null} if it has none. */
    final AddressDescription where;
    /** Where its undefined value was created; {@code null} if that is not known. */
    final Origin origin;
    /** Number among all errors and leaks of the report, from 0. */
    final int number;
    /** What keeps it back, or {@code null}. */
    final Suppressions.Use suppression;
    long count = 1;
    /** Time of its last coming, by the count of all errors. */
    long lastHit;

    RecordedError(MemoryError error, AddressDescription where, Origin origin, int number, Suppressions.Use suppression) {
        this.error = error;
        this.where = where;
        this.origin = origin;
        this.number = number;
        this.suppression = suppression;
    }
}
